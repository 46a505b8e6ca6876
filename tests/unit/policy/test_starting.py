from __future__ import annotations

from dataclasses import replace

from bot.policy import Outcome, Reason, may_start, parse
from tests.unit.policy.policies import ASKED, MEMBERS, NOON, POLICY, SHARE, approvals, berlin

HOUR = 3600.0


def test_an_approved_plan_runs_in_time_or_not_at_all() -> None:
    given = approvals("U0ADM1")
    assert may_start(POLICY, ASKED, MEMBERS, given, NOON + 2 * HOUR - 1, NOON).permitted
    late = may_start(POLICY, ASKED, MEMBERS, given, NOON + 2 * HOUR, NOON)
    assert (late.outcome, late.reason_code) == (Outcome.DENY, Reason.EXECUTION_EXPIRED)
    assert may_start(POLICY, ASKED, MEMBERS, (), NOON, NOON).outcome is Outcome.PENDING


def test_an_approved_plan_does_not_run_in_quiet_hours_that_stop_runs() -> None:
    night, morning = berlin("2026-11-23T21:00:00+01:00"), berlin("2026-11-24T07:00:00+01:00")
    asked = replace(SHARE, asked_at=night)
    decision = may_start(POLICY, asked, MEMBERS, approvals("U0ADM1", at=night), night, night)
    assert (decision.outcome, decision.reason_code, decision.until) == (Outcome.PENDING, Reason.QUIET_HOURS, morning)
    assert decision.terms.quiet_until == morning
    assert may_start(POLICY, asked, MEMBERS, approvals("U0ADM1", at=night), morning, night).permitted


def test_the_last_of_the_quiet_hours_holds_a_run() -> None:
    quiet = '[quiet.{}]\nzone = "UTC"\nfrom = "10:00"\nto = "{}"\nstops = ["runs"]\n'
    rule = '[rules.{0}]\nquiet = "{0}"\ndecide = ["1 of U1"]\n'
    text = quiet.format("long", "14:00") + quiet.format("short", "12:00") + rule.format("short") + rule.format("long")
    decision = may_start(parse(text), ASKED, MEMBERS, approvals("U1"), NOON, NOON)
    assert decision.until == berlin("2026-11-23T14:00:00+00:00")
