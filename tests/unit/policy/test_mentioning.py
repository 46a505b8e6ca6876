from __future__ import annotations

from dataclasses import replace

from bot.policy import Why, groups_needed, mentions, parse
from tests.unit.policy.policies import ASKED, DESTROY, NOON, POLICY, SHARE, berlin

MINUTE = 60.0


def test_people_are_mentioned_once_then_reminded_then_the_next_group_is_too() -> None:
    assert [(each.at - NOON, each.why, sorted(each.names)) for each in mentions(POLICY, ASKED)] == [
        (0.0, Why.ASKED, ["on-call"]),
        (15 * MINUTE, Why.REMINDED, ["on-call"]),
        (30 * MINUTE, Why.ESCALATED, ["storage-admins"]),
        (75 * MINUTE, Why.REMINDED, ["on-call", "storage-admins"]),
    ]


def test_nobody_is_mentioned_once_the_approval_has_ended() -> None:
    text = '[rules.r]\ndecide = ["1 of U1"]\napproval_waits = "1 h"\npauses = ["30 min", "30 min"]'
    assert [each.at - NOON for each in mentions(parse(text), ASKED)] == [0.0, 30 * MINUTE]


def test_what_falls_into_quiet_hours_comes_once_when_they_end() -> None:
    text = """
[quiet.nights]
zone = "Europe/Berlin"
from = "20:00"
to = "07:00"
[rules.r]
decide = ["1 of U1 or U2"]
quiet = "nights"
pauses = ["1 h"]
escalate = [{ after = "2 h", to = ["U2"] }]
"""
    asked = replace(ASKED, asked_at=berlin("2026-11-23T21:00:00+01:00"))
    (mention,) = mentions(parse(text), asked)
    assert (mention.at, mention.why) == (berlin("2026-11-24T07:00:00+01:00"), Why.ASKED)
    assert mention.names == {"U1", "U2"}


def test_quiet_hours_that_stop_no_mentions_put_none_off() -> None:
    text = '[quiet.q]\nzone = "UTC"\nfrom = "00:00"\nto = "23:00"\nstops = ["runs"]\n'
    policy = parse(text + '[rules.r]\ndecide = ["1 of U1"]\nquiet = "q"')
    assert [each.at for each in mentions(policy, ASKED)] == [NOON]


def test_where_all_are_named_for_later_all_are_mentioned_at_once() -> None:
    policy = parse('[rules.r]\ndecide = ["1 of U1"]\nescalate = [{ after = "1 h", to = ["U1"] }]')
    assert [(each.at - NOON, *each.names) for each in mentions(policy, ASKED)] == [(0.0, "U1"), (3600.0, "U1")]


def test_what_no_rule_is_about_mentions_nobody() -> None:
    assert mentions(POLICY, replace(DESTROY, pool="prod")) == ()


def test_the_groups_that_a_decision_goes_by_are_known_before() -> None:
    assert groups_needed(POLICY, ASKED) == {"S0STORAGE"}
    assert groups_needed(POLICY, SHARE) == {"S0STORAGE"}
    assert groups_needed(POLICY, replace(DESTROY, pool="prod")) == frozenset()
