from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from bot.policy import (
    Action,
    Danger,
    Differs,
    Members,
    Outcome,
    Policy,
    Reason,
    Reply,
    may_approve,
    may_reject,
    parse,
)
from bot.policy.model import Part, Rule, When
from tests.unit.policy.policies import (
    ADMINS,
    ASKED,
    DESTROY,
    NOON,
    POLICY,
    SHARE,
    TIB,
    UNREADABLE,
    approvals,
    ask,
    berlin,
)

BY_ADMIN = replace(SHARE, requester="U0ADM1")
HOUR = 3600.0


def test_an_error_while_evaluating_is_a_no() -> None:
    broken = cast("Members", None)
    decision = ask(ASKED, members=broken)
    assert (decision.outcome, decision.reason_code) == (Outcome.DENY, Reason.POLICY_ERROR)


def test_a_time_that_can_t_be_is_a_no() -> None:
    assert ask(ASKED, now=1e20).reason_code is Reason.POLICY_ERROR


def test_a_denial_overrides_what_a_rule_allows() -> None:
    policy = parse('[rules.all]\ndecide = ["1 of U1"]\n[deny.closed]\nbecause = "Closed."')
    decision = ask(ASKED, approvals("U1"), policy=policy)
    assert decision.reason_code is Reason.DENIED_BY_RULE
    assert [ruling.because for ruling in decision.rulings if ruling.matched] == ["Closed.", ""]


def test_rules_say_in_what_they_differ() -> None:
    rulings = {ruling.rule: ruling.differs for ruling in ask(replace(ASKED, pool="prod")).rulings}
    assert rulings["destroy"] == (Differs.POOL, Differs.ACTION)
    assert rulings["large"] == (Differs.SIZE,)
    assert rulings["overriding"] == (Differs.DANGER,)
    assert rulings["shares"] == (Differs.ACTION, Differs.DANGER)
    assert rulings["block"] == ()


def test_a_rule_for_channels_is_about_those_alone() -> None:
    policy = parse('[rules.here]\nwhen = { channels = ["C1"] }\ndecide = ["1 of U1"]')
    assert ask(ASKED, policy=policy).rulings[0].differs == (Differs.CHANNEL,)
    assert ask(replace(ASKED, channel="C1"), policy=policy).outcome is Outcome.PENDING


@pytest.mark.parametrize(
    ("size", "matches"),
    [(TIB, False), (TIB + 1, True), (2 * TIB, True), (2 * TIB + 1, False), (None, False)],
)
def test_a_size_is_above_one_bound_and_up_to_the_other(size: int | None, *, matches: bool) -> None:
    policy = parse('[rules.some]\nwhen = { over = "1 TiB", up_to = "2 TiB" }\ndecide = ["1 of U1"]')
    assert (ask(replace(ASKED, size=size), policy=policy).outcome is Outcome.PENDING) is matches


def test_a_size_that_is_not_known_does_not_slip_through_a_denial() -> None:
    text = '[rules.all]\ndecide = ["1 of U1"]\n[deny.tiny]\nwhen = { up_to = "1 GiB" }\nbecause = "Too small."'
    policy = parse(text)
    assert ask(ASKED, policy=policy).outcome is Outcome.PENDING
    assert ask(replace(ASKED, size=None), policy=policy).reason_code is Reason.DENIED_BY_RULE


def test_an_override_takes_a_rule_that_names_it() -> None:
    policy = parse('[rules.all]\ndecide = ["1 of U1"]')
    overriding = replace(ASKED, dangers=frozenset({Danger.OVERRIDES}))
    assert ask(overriding, approvals("U1"), policy=policy).reason_code is Reason.NO_RULE_FOR_OVERRIDE


def test_what_erases_needs_another_person_though_the_rule_says_otherwise() -> None:
    nobody = Policy("", (Rule("open", When(), decide=(Part(0, ("U1",)),)),))
    assert ask(ASKED, policy=nobody).reason_code is Reason.ANOTHER_PERSON_NEEDED
    assert ask(replace(ASKED, dangers=frozenset({Danger.REMOVES})), policy=nobody).outcome is Outcome.DENY
    assert ask(replace(ASKED, dangers=frozenset()), policy=nobody).permitted


def test_a_rule_that_nobody_decides_by_is_a_no() -> None:
    assert ask(ASKED, policy=Policy("", (Rule("empty", When()),))).reason_code is Reason.ANOTHER_PERSON_NEEDED


def test_an_approval_that_came_too_late_does_not_count() -> None:
    late = NOON + 4 * HOUR
    assert ask(ASKED, approvals("U0ADM1", at=late - 1), now=late).permitted
    decision = ask(ASKED, approvals("U0ADM1", at=late), now=late)
    assert (decision.outcome, decision.reason_code) == (Outcome.DENY, Reason.APPROVAL_EXPIRED)
    assert ask(ASKED, now=late - 1).outcome is Outcome.PENDING


def test_who_was_on_call_when_they_approved_still_counts_after_the_hand_over() -> None:
    before = berlin("2026-11-23T08:30:00+01:00")
    asked = replace(ASKED, asked_at=before)
    assert ask(asked, approvals("U0CALL2", at=before), now=NOON).permitted
    assert not ask(asked, approvals("U0CALL1", at=before), now=NOON).permitted
    assert may_approve(ask(asked, approvals("U0CALL1", at=before), now=NOON), asked, "U0CALL1").allowed


def test_a_group_that_can_t_be_read_counts_nobody_and_people_on_call_still_do() -> None:
    decision = ask(ASKED, members=UNREADABLE)
    assert decision.outcome is Outcome.PENDING
    assert decision.missing[0].unreadable == {"storage-admins"}
    assert decision.missing[0].from_whom == {"U0CALL1"}
    assert may_approve(decision, ASKED, "U0ADM1").reply is Reply.MEMBERS_UNREADABLE
    assert may_reject(decision, ASKED, "U0ADM1").reply is Reply.MEMBERS_UNREADABLE
    assert ask(ASKED, approvals("U0ADM1"), members=UNREADABLE).outcome is Outcome.PENDING
    assert ask(ASKED, approvals("U0CALL1"), members=UNREADABLE).permitted


def test_a_group_rule_waits_while_the_group_can_t_be_read() -> None:
    large = replace(ASKED, size=20 * TIB)
    policy = replace(POLICY, rules=tuple(rule for rule in POLICY.rules if rule.name == "large"))
    decision = ask(large, approvals("U0ADM1", "U0ADM2"), members=UNREADABLE, policy=policy)
    assert (decision.outcome, decision.reason_code) == (Outcome.PENDING, Reason.MEMBERS_UNREADABLE)


def test_who_may_ask_must_be_readable() -> None:
    assert ask(DESTROY, members=Members({"S0STORAGE": None})).reason_code is Reason.MEMBERS_UNREADABLE


def test_too_few_people_are_told_of() -> None:
    few = Members({"S0STORAGE": frozenset({"U0ADM1", "U0ADM2"})})
    decision = ask(DESTROY, members=few)
    assert (decision.outcome, decision.reason_code) == (Outcome.PENDING, Reason.NOT_ENOUGH_PEOPLE)


ALL_AND_ONE = parse("""
[groups.storage]
people = ["U1", "U2"]
[groups.security]
people = ["U2", "U3"]
[rules.both]
decide = ["all of storage", "1 of security"]
""")


@pytest.mark.parametrize(
    ("requester", "given", "outcome"),
    [
        ("U9", "U1 U2", Outcome.PENDING),
        ("U9", "U1 U3", Outcome.PENDING),
        ("U9", "U1 U2 U3", Outcome.PERMIT),
        ("U1", "U2 U3", Outcome.PERMIT),
        ("U2", "U1 U3", Outcome.PERMIT),
        ("U2", "U1", Outcome.PENDING),
    ],
)
def test_all_of_one_group_and_one_of_another(requester: str, given: str, outcome: Outcome) -> None:
    decision = ask(replace(ASKED, requester=requester), approvals(*given.split()), policy=ALL_AND_ONE)
    assert decision.outcome is outcome


def test_all_of_a_group_that_can_t_be_read_are_more_than_those_who_are_known() -> None:
    text = '[groups.far]\nslack = "S1"\n[rules.every]\ndecide = ["all of U1 or far"]'
    assert ask(ASKED, approvals("U1"), policy=parse(text), members=UNREADABLE).outcome is Outcome.PENDING
    assert ask(ASKED, approvals("U1"), policy=parse(text), members=Members({"S1": frozenset({"U1"})})).permitted


def test_who_counts_in_a_group_does_not_count_as_on_call_because_they_are_by_now() -> None:
    before = berlin("2026-11-23T08:30:00+01:00")
    rota = '[schedules.rota]\nzone = "Europe/Berlin"\npeople = ["U1", "U2"]\nfirst = 2026-11-16\n'
    policy = parse(rota + '[groups.g]\npeople = ["U2", "U3"]\n[rules.both]\ndecide = ["1 of rota", "1 of g"]')
    decision = ask(replace(ASKED, asked_at=before), approvals("U2", at=before), policy=policy)
    assert [missing.part for missing in decision.missing] == ["1 of rota"]


def test_all_of_a_group_is_never_all_of_nobody() -> None:
    policy = parse('[groups.gone]\nslack = "S1"\n[rules.all]\ndecide = ["all of gone"]')
    harmless = replace(ASKED, dangers=frozenset())
    for members in (Members({"S1": frozenset()}), Members({"S1": frozenset({"U0ASKS"})}), UNREADABLE):
        assert ask(harmless, approvals("U1"), policy=policy, members=members).outcome is Outcome.PENDING


def test_what_is_missing_is_what_the_others_can_give() -> None:
    policy = parse(
        '[groups.few]\npeople = ["U1"]\n[groups.many]\npeople = ["U1", "U2"]\n'
        '[rules.both]\ndecide = ["1 of many", "1 of few"]'
    )
    (missing,) = ask(ASKED, approvals("U1"), policy=policy).missing
    assert (missing.part, missing.count, missing.from_whom) == ("1 of many", 1, frozenset({"U2"}))


def test_the_strictest_terms_apply() -> None:
    large = replace(ASKED, size=60 * TIB)
    terms = ask(large).terms
    assert (terms.approval_waits, terms.runs_within, terms.step_up) == (4 * HOUR, 2 * HOUR, True)
    assert ask(large).rules == ("block", "large")


@pytest.mark.parametrize(
    ("reason", "has"),
    [
        ("CHG0001234", True),
        ("old builds (CHG0001234).", True),
        ("CHG0001234x", False),
        ("xCHG0001234", False),
        ("CHG 0001234", False),
        ("", False),
        (f"{'x' * 300} CHG0001234", False),
    ],
)
def test_a_ticket_is_a_word_of_the_reason(reason: str, *, has: bool) -> None:
    decision = ask(replace(DESTROY, reason=reason))
    assert (decision.reason_code is not Reason.TICKET_REQUIRED) is has


def test_a_word_that_is_too_long_is_no_ticket() -> None:
    policy = parse('[rules.all]\ndecide = ["1 of U1"]\nticket = "x+"')
    assert ask(replace(ASKED, reason="x" * 64), policy=policy).outcome is Outcome.PENDING
    assert ask(replace(ASKED, reason="x" * 65), policy=policy).reason_code is Reason.TICKET_REQUIRED


def test_deciders_and_those_who_count_are_told() -> None:
    decision = ask(replace(ASKED, size=20 * TIB), approvals("U0ADM1"))
    assert decision.counted == {"U0ADM1"}
    assert decision.deciders == ADMINS | {"U0CALL1"}


def test_anyone_may_be_named_as_who_asks_beside_others() -> None:
    policy = parse('[rules.all]\nask = ["anyone", "U1"]\nwhen = { actions = ["rename"] }\nautomatic = { per_day = 1 }')
    assert ask(replace(ASKED, action=Action.RENAME, dangers=frozenset()), policy=policy).permitted
