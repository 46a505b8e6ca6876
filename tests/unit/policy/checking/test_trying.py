from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy import Outcome, Past, PolicyError, Reason, parse_cases, simulate, try_cases
from bot.policy.subject import Danger
from tests.unit.policy.policies import ASKED, MEMBERS, NOON, POLICY, SHARE, approvals

CASES = """
[members]
storage-admins = ["U0ADM1", "U0ADM2", "U0ADM3"]

[cases.a-share-is-automatic-for-an-admin]
pool = "xenct"
channel = "C0STORAGE"
action = "add nfs"
requester = "U0ADM1"
at = 2026-11-23T12:00:00+01:00
expect = "permit"
because = "automatic"

[cases.but-not-four-times-a-day]
pool = "xenct"
channel = "C0STORAGE"
action = "add nfs"
requester = "U0ADM1"
at = 2026-11-23T12:00:00+01:00
automatic_before = 3
expect = "pending"
missing = ["1 of storage-admins"]

[cases.a-destroy-wants-codes]
pool = "xenct"
channel = "C0STORAGE"
action = "destroy"
size = "1 TiB"
requester = "U0ADM1"
reason = "CHG0001234"
at = 2026-11-23T12:00:00+01:00
approved_by = ["U0ADM2"]
approved_with_code_by = ["U0ADM3", "U0SEC1"]
expect = "pending"
because = "step_up_missing"
missing = ["1 of storage-admins"]

[cases.too-late]
pool = "xenct"
channel = "C0STORAGE"
action = "add iscsi"
requester = "U0ASKS"
reason = "builds"
at = 2026-11-23T12:00:00+01:00
later = "4 h"
expect = "deny"
because = "approval_expired"

[cases.harmless]
pool = "lab"
channel = "C0STORAGE"
action = "detach"
harmless = true
requester = "U0ASKS"
at = 2026-11-23T12:00:00+01:00
expect = "pending"

[cases.overriding]
pool = "lab"
channel = "C0STORAGE"
action = "rename"
dangers = ["overrides"]
requester = "U0ASKS"
at = 2026-11-23T12:00:00+01:00
expect = "pending"
missing = ["1 of security", "1 of on-call or storage-admins"]
"""


def test_cases_that_a_policy_answers_as_expected_have_no_mistakes() -> None:
    tried = try_cases(POLICY, parse_cases(CASES, POLICY))
    assert [(each.case.name, each.mistakes) for each in tried] == [(each.case.name, ()) for each in tried]
    assert len(tried) == 6


def test_what_an_action_may_put_at_risk_is_meant_where_a_case_says_nothing() -> None:
    cases = {case.name: case.subject.dangers for case in parse_cases(CASES, POLICY)}
    assert cases["a-destroy-wants-codes"] == {Danger.ERASES, Danger.REMOVES}
    assert cases["harmless"] == frozenset()
    assert cases["overriding"] == {Danger.OVERRIDES}


def test_a_case_that_went_otherwise_says_how() -> None:
    otherwise = 'expect = "deny"\nbecause = "budget_spent"\nmissing = ["1 of security"]'
    text = CASES.replace('expect = "permit"\nbecause = "automatic"', otherwise)
    tried = try_cases(POLICY, parse_cases(text, POLICY))[0]
    assert tried.mistakes == (
        "expected deny, got permit (automatic)",
        "expected because of budget_spent, got automatic",
        "expected missing 1 of security, got nothing",
    )


def test_a_group_that_the_cases_leave_out_can_t_be_read() -> None:
    text = CASES.replace('storage-admins = ["U0ADM1", "U0ADM2", "U0ADM3"]', "")
    assert try_cases(POLICY, parse_cases(text, POLICY))[0].decision.reason_code is Reason.MEMBERS_UNREADABLE


CASE = """
[cases.c]
pool = "p"
channel = "C1"
action = "scan"
requester = "U1"
at = 2026-11-23T12:00:00Z
expect = "deny"
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cases: is missing"),
        ("[cases.c]", "cases.c.pool: is missing"),
        (CASE.replace("Z", ""), "cases.c.at: must be a date and time with its offset"),
        (CASE.replace("scan", "add"), "cases.c.action: must be one of"),
        (CASE.replace("deny", "no"), "cases.c.expect: must be one of"),
        (CASE + "because = 'x'", "cases.c.because: must be one of"),
        (CASE + "harmless = true\ndangers = ['erases']", "cases.c.dangers: can't be those of what is harmless"),
        (CASE + "colour = 'red'", "cases.c.colour: is unknown"),
        (CASE + "[members]\nsecurity = ['U1']", "members.security: is unknown"),
        (CASE + "[more]", "more: is unknown"),
        (CASE.replace("cases.c", 'cases."c d"'), "must be named by"),
        ("cases", "not TOML"),
    ],
)
def test_a_mistake_in_a_case_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_cases(text, POLICY)
    assert any(told in mistake for mistake in caught.value.mistakes)


def test_past_requests_are_answered_in_the_order_of_time_and_use_up_budgets() -> None:
    by_admin = replace(SHARE, requester="U0ADM1")
    pasts = [Past(replace(by_admin, id=f"r{n}"), (), NOON - n, Outcome.PERMIT) for n in range(3)]
    answers = simulate(POLICY, MEMBERS, pasts)
    assert [each.past.subject.id for each in answers] == ["r2", "r1", "r0"]
    assert [each.decision.outcome for each in answers] == [Outcome.PERMIT, Outcome.PERMIT, Outcome.PENDING]
    assert [each.differs for each in answers] == [False, False, True]


def test_past_approvals_count_in_a_simulation() -> None:
    (answer,) = simulate(POLICY, MEMBERS, [Past(ASKED, approvals("U0ADM1"), NOON, Outcome.DENY)])
    assert answer.decision.permitted
    assert answer.differs
