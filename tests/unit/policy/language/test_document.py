from __future__ import annotations

import hashlib
from datetime import time

import pytest

from bot.policy import Action, Danger, Right, digest, has_right, parse, slack_groups
from bot.policy.language import document
from bot.policy.model import DAY, Stop
from tests.unit.policy.policies import MEMBERS, NOON, POLICY, TEXT, TIB, UNREADABLE

RULE = '[rules.some]\ndecide = ["1 of U1"]\n'


def test_a_policy_keeps_its_exact_text_and_digest() -> None:
    assert POLICY.text == TEXT
    assert POLICY.digest == digest(TEXT) == hashlib.sha256(TEXT.encode()).hexdigest()
    assert parse(TEXT + "\n").digest != POLICY.digest


def test_a_rule_is_read_as_it_is_written() -> None:
    block = next(rule for rule in POLICY.rules if rule.name == "block")
    assert block.when.actions == {Action.ADD_ISCSI, Action.ADD_HBA, Action.ATTACH}
    assert [str(part) for part in block.decide] == ["1 of on-call or storage-admins"]
    assert (block.approval_waits, block.runs_within, block.ask) == (4 * 3600, 2 * 3600, ("anyone",))
    large = next(rule for rule in POLICY.rules if rule.name == "large")
    assert (large.when.over, large.step_up_over, large.approval_waits) == (10 * TIB, 50 * TIB, DAY)
    overriding = next(rule for rule in POLICY.rules if rule.name == "overriding")
    assert overriding.when.dangers == {Danger.OVERRIDES}


def test_add_stands_for_all_that_is_added() -> None:
    policy = parse('[rules.some]\nwhen = { actions = ["add", "scan"] }\ndecide = ["1 of U1"]')
    assert policy.rules[0].when.actions == {*(action for action in Action if action.startswith("add ")), Action.SCAN}


def test_what_is_not_said_has_its_standard() -> None:
    text = '[schedules.rota]\nzone = "UTC"\npeople = ["U1"]\nfirst = 2026-01-05\n[quiet.q]\nzone = "UTC"\n'
    policy = parse(text + 'from = "00:00"\nto = "06:00"\n[rules.some]\ndecide = ["1 of rota"]\nquiet = "q"')
    rota, quiet = policy.schedules["rota"], policy.rules[0].quiet
    assert (rota.turn_days, rota.hand_over) == (7, time(9))
    assert quiet is not None
    assert (quiet.days, quiet.stops) == (frozenset(range(7)), frozenset({Stop.AUTOMATIC, Stop.MENTIONS}))


def test_a_budget_per_person_is_all_of_it_where_it_is_not_said() -> None:
    policy = parse("[rules.some]\nwhen.harmless = true\nautomatic = { per_day = 4 }")
    automatic = policy.rules[0].automatic
    assert automatic is not None
    assert (automatic.people, automatic.per_person, str(automatic.zone)) == (("anyone",), 4, "UTC")


def test_the_groups_that_slack_has_to_tell_are_known() -> None:
    assert slack_groups(POLICY) == {"storage-admins": "S0STORAGE"}


@pytest.mark.parametrize(
    ("right", "person", "may"),
    [
        (Right.FREEZE, "U0ADM1", True),
        (Right.FREEZE, "U0CALL1", True),
        (Right.FREEZE, "U0CALL2", False),
        (Right.THAW, "U0ADM1", True),
        (Right.THAW, "U0CALL1", False),
        (Right.SEE, "U0STRANGER", True),
    ],
)
def test_who_may_freeze_thaw_and_see(right: Right, person: str, *, may: bool) -> None:
    assert has_right(POLICY, MEMBERS, right, person, NOON) is may


def test_what_can_t_be_read_or_is_not_said_gives_no_right() -> None:
    assert not has_right(POLICY, UNREADABLE, Right.THAW, "U0ADM1", NOON)
    assert not has_right(parse(RULE), MEMBERS, Right.FREEZE, "U1", NOON)
    assert not has_right(parse(f'[may]\nsee = ["U1"]\n{RULE}'), MEMBERS, Right.SEE, "U2", NOON)


def test_the_policy_that_explains_the_language_is_one() -> None:
    example = (document.__doc__ or "").partition("\n")[2].rpartition("\n\n`when`")[0]
    assert [rule.name for rule in parse(example).rules] == ["block", "shares", "overriding"]
