from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy import Danger, Decision, Outcome, Policy, Reason, Spent
from bot.policy.model import When
from tests.unit.policy.policies import NOON, POLICY, SHARE, UNREADABLE, ask, berlin

BY_ADMIN = replace(SHARE, requester="U0ADM1")


def without(decision: Decision) -> Reason | None:
    return next(ruling.without for ruling in decision.rulings if ruling.rule == "shares")


def test_it_is_automatic_for_those_whom_the_rule_names() -> None:
    decision = ask(BY_ADMIN)
    assert (decision.permitted, decision.reason_code, decision.charges) == (True, Reason.AUTOMATIC, ("shares",))
    assert without(ask(SHARE)) is Reason.NOT_AUTOMATIC_FOR_YOU
    assert without(ask(BY_ADMIN, members=UNREADABLE)) is Reason.NOT_AUTOMATIC_FOR_YOU


def test_nothing_is_automatic_at_night() -> None:
    night = replace(BY_ADMIN, asked_at=berlin("2026-11-23T21:00:00+01:00"))
    decision = ask(night, now=night.asked_at)
    assert decision.outcome is Outcome.PENDING
    assert without(decision) is Reason.QUIET_HOURS


def test_nothing_that_is_dangerous_is_automatic() -> None:
    policy = Policy(POLICY.text, (replace(POLICY.rules[0], when=When(), decide=()),), groups=POLICY.groups)
    for danger in Danger:
        rule = replace(policy.rules[0], when=When(dangers=frozenset({danger})))
        decision = ask(replace(BY_ADMIN, dangers=frozenset({danger})), policy=replace(policy, rules=(rule,)))
        assert (decision.outcome, decision.reason_code) == (Outcome.DENY, Reason.DANGER_NEEDS_PEOPLE)


@pytest.mark.parametrize(
    ("before", "automatic"),
    [
        ("U0ADM1", True),
        ("U0ADM1 U0ADM1", False),
        ("U0ADM2 U0ADM2", True),
        ("U0ADM2 U0ADM2 U0ADM3", False),
    ],
)
def test_a_budget_is_per_person_and_in_all(before: str, *, automatic: bool) -> None:
    spent = tuple(Spent("shares", person, NOON) for person in before.split())
    decision = ask(BY_ADMIN, spent=spent)
    assert decision.permitted is automatic
    assert without(decision) is (None if automatic else Reason.BUDGET_SPENT)


@pytest.mark.parametrize(
    ("at", "automatic"),
    [
        ("2026-11-22T23:59:59+01:00", True),
        ("2026-11-23T00:00:00+01:00", False),
        ("2026-11-23T23:59:59+01:00", False),
    ],
)
def test_a_budget_is_of_the_day_where_the_rule_is(at: str, *, automatic: bool) -> None:
    spent = tuple(Spent("shares", "U0ADM1", berlin(at)) for _ in range(2))
    assert ask(BY_ADMIN, spent=spent).permitted is automatic


def test_a_budget_is_of_its_own_rule() -> None:
    assert ask(BY_ADMIN, spent=(Spent("block", "U0ADM1", NOON),) * 5).permitted


def test_what_was_passed_stays_passed_and_is_not_charged_twice() -> None:
    spent = tuple(Spent("shares", "U0ADM1", NOON, BY_ADMIN.id) for _ in range(3))
    night = berlin("2026-11-23T21:00:00+01:00")
    decision = ask(BY_ADMIN, spent=spent, now=night)
    assert decision.permitted
    assert decision.charges == ()
    assert not ask(replace(BY_ADMIN, id="another"), spent=spent).permitted
