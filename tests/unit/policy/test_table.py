"""By hand: what is asked, who has approved, and who presses, each with the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from bot.policy import Action, Approval, Danger, Outcome, Reason, Reply, Subject, may_approve, may_reject
from tests.unit.policy.policies import ASKED, DESTROY, SHARE, TIB, approvals, ask, dangers_of

PERMIT, PENDING, DENY = Outcome.PERMIT, Outcome.PENDING, Outcome.DENY
LARGE: Final = replace(ASKED, size=20 * TIB)
HUGE: Final = replace(ASKED, size=60 * TIB)
UNSIZED: Final = replace(ASKED, size=None)
BY_OUTSIDER: Final = replace(DESTROY, requester="U0ASKS")
OVERRIDING: Final = replace(ASKED, dangers=frozenset({Danger.ERASES, Danger.OVERRIDES}))
IN_LAB: Final = replace(ASKED, pool="lab", action=Action.RENAME, dangers=frozenset())
FORGET: Final = replace(ASKED, action=Action.FORGET, dangers=frozenset({Danger.REMOVES}))

EVERYBODY_WITH_CODE: Final = approvals("U0ADM2", "U0ADM3", "U0SEC1", code=True)

ROWS: Final[list[tuple[str, Subject, tuple[Approval, ...], Outcome, Reason, int]]] = [
    ("a LUN, nobody", ASKED, (), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a LUN, its requester", ASKED, approvals("U0ASKS"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a LUN, a stranger", ASKED, approvals("U0STRANGER"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a LUN, security", ASKED, approvals("U0SEC1"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a LUN, on call", ASKED, approvals("U0CALL1"), PERMIT, Reason.APPROVED, 0),
    ("a LUN, on call next week", ASKED, approvals("U0CALL2"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a LUN, an admin", ASKED, approvals("U0ADM1"), PERMIT, Reason.APPROVED, 0),
    ("a LUN without a reason", replace(ASKED, reason=" "), approvals("U0ADM1"), DENY, Reason.REASON_REQUIRED, 0),
    (
        "by an admin, by themselves",
        replace(ASKED, requester="U0ADM1"),
        approvals("U0ADM1"),
        PENDING,
        Reason.APPROVALS_MISSING,
        1,
    ),
    ("20 TiB, an admin", LARGE, approvals("U0ADM1"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("20 TiB, an admin twice", LARGE, approvals("U0ADM1", "U0ADM1"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("20 TiB, an admin and on call", LARGE, approvals("U0ADM1", "U0CALL1"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("20 TiB, two admins", LARGE, approvals("U0ADM1", "U0ADM2"), PERMIT, Reason.APPROVED, 0),
    ("60 TiB, two admins", HUGE, approvals("U0ADM1", "U0ADM2"), PENDING, Reason.STEP_UP_MISSING, 2),
    ("60 TiB, with codes", HUGE, approvals("U0ADM1", "U0ADM2", code=True), PERMIT, Reason.APPROVED, 0),
    ("no size, two admins", UNSIZED, approvals("U0ADM1", "U0ADM2"), PENDING, Reason.STEP_UP_MISSING, 2),
    ("override, an admin", OVERRIDING, approvals("U0ADM1"), PENDING, Reason.APPROVALS_MISSING, 1),
    ("override, both", OVERRIDING, approvals("U0ADM1", "U0SEC1"), PERMIT, Reason.APPROVED, 0),
    ("override, who is both", OVERRIDING, approvals("U0BOTH"), PERMIT, Reason.APPROVED, 0),
    (
        "override in the lab only",
        replace(IN_LAB, dangers=frozenset({Danger.OVERRIDES})),
        approvals("U0ADM1"),
        PENDING,
        Reason.APPROVALS_MISSING,
        1,
    ),
    ("destroy, nobody", DESTROY, (), PENDING, Reason.APPROVALS_MISSING, 3),
    ("destroy, all", DESTROY, EVERYBODY_WITH_CODE, PERMIT, Reason.APPROVED, 0),
    (
        "destroy, all without codes",
        DESTROY,
        approvals("U0ADM2", "U0ADM3", "U0SEC1"),
        PENDING,
        Reason.STEP_UP_MISSING,
        3,
    ),
    (
        "destroy, one fills two places",
        DESTROY,
        approvals("U0ADM2", "U0BOTH", code=True),
        PENDING,
        Reason.APPROVALS_MISSING,
        1,
    ),
    (
        "destroy, requester fills one",
        DESTROY,
        approvals("U0ADM1", "U0ADM2", "U0SEC1", code=True),
        PENDING,
        Reason.APPROVALS_MISSING,
        1,
    ),
    ("destroy without a ticket", replace(DESTROY, reason="old"), EVERYBODY_WITH_CODE, DENY, Reason.TICKET_REQUIRED, 0),
    ("destroy by an outsider", BY_OUTSIDER, EVERYBODY_WITH_CODE, DENY, Reason.NOT_ALLOWED_TO_ASK, 0),
    ("destroy elsewhere", replace(DESTROY, pool="prod"), EVERYBODY_WITH_CODE, DENY, Reason.NO_RULE_MATCHED, 0),
    ("forget in prod", replace(FORGET, pool="prod"), approvals("U0ADM1"), DENY, Reason.DENIED_BY_RULE, 0),
    ("forget in the lab", replace(FORGET, pool="lab"), approvals("U0ADM1"), PERMIT, Reason.APPROVED, 0),
    ("a share, by anyone", SHARE, (), PENDING, Reason.APPROVALS_MISSING, 1),
    ("a share, by an admin", replace(SHARE, requester="U0ADM1"), (), PERMIT, Reason.AUTOMATIC, 0),
    (
        "rename",
        replace(ASKED, action=Action.RENAME, dangers=frozenset()),
        approvals("U0ADM1"),
        DENY,
        Reason.NO_RULE_MATCHED,
        0,
    ),
]


@pytest.mark.parametrize(
    ("subject", "given", "outcome", "reason", "missing"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_answer_is_that_of_the_table(
    subject: Subject, given: tuple[Approval, ...], outcome: Outcome, reason: Reason, missing: int
) -> None:
    decision = ask(subject, given)
    assert (decision.outcome, decision.reason_code, decision.people_missing) == (outcome, reason, missing)


ONE_OF_TWO: Final = approvals("U0ADM1")
ALLOWED, STRANGER, OWN = Reply.ALLOWED, Reply.NOT_AN_APPROVER, Reply.REQUESTER_NEVER_COUNTS
PRESSES: Final[list[tuple[Subject, tuple[Approval, ...], str, Reply, Reply]]] = [
    # what is asked, who has approved, who presses, may they approve, may they reject
    (ASKED, (), "U0ASKS", OWN, OWN),
    (ASKED, (), "U0STRANGER", STRANGER, STRANGER),
    (ASKED, (), "U0SEC1", STRANGER, STRANGER),
    (ASKED, (), "U0CALL1", ALLOWED, ALLOWED),
    (ASKED, (), "U0CALL2", STRANGER, STRANGER),
    (ASKED, (), "U0ADM1", ALLOWED, ALLOWED),
    (ASKED, ONE_OF_TWO, "U0ADM2", Reply.NOTHING_MISSING, ALLOWED),
    (ASKED, ONE_OF_TWO, "U0STRANGER", Reply.NOTHING_MISSING, STRANGER),
    (LARGE, ONE_OF_TWO, "U0ADM1", Reply.ALREADY_APPROVED, ALLOWED),
    (LARGE, ONE_OF_TWO, "U0ADM2", ALLOWED, ALLOWED),
    (LARGE, ONE_OF_TWO, "U0CALL1", Reply.NOT_NEEDED, ALLOWED),
    (LARGE, ONE_OF_TWO, "U0ASKS", OWN, OWN),
    (DESTROY, (), "U0ADM1", OWN, OWN),
    (DESTROY, (), "U0BOTH", ALLOWED, ALLOWED),
    (DESTROY, approvals("U0ADM2", "U0ADM3", code=True), "U0SEC1", ALLOWED, ALLOWED),
    (DESTROY, approvals("U0ADM2", "U0SEC1", code=True), "U0SEC2", Reply.NOT_NEEDED, ALLOWED),
    (DESTROY, approvals("U0ADM2"), "U0ADM2", ALLOWED, ALLOWED),  # once more, with the code
    (BY_OUTSIDER, (), "U0ADM2", Reply.REFUSED, STRANGER),
    (replace(FORGET, pool="prod"), (), "U0ADM1", Reply.REFUSED, STRANGER),
]


@pytest.mark.parametrize(("subject", "given", "person", "approving", "rejecting"), PRESSES)
def test_who_presses_is_answered_by_the_table(
    subject: Subject, given: tuple[Approval, ...], person: str, approving: Reply, rejecting: Reply
) -> None:
    decision = ask(subject, given)
    assert may_approve(decision, subject, person).reply is approving
    assert may_reject(decision, subject, person).reply is rejecting


def test_whose_approval_wants_a_code_is_told_so() -> None:
    assert may_approve(ask(DESTROY), DESTROY, "U0ADM2").step_up
    assert not may_approve(ask(ASKED), ASKED, "U0ADM2").step_up
    assert may_approve(ask(ASKED), ASKED, "U0ADM2").allowed


def test_a_refusal_that_is_everybody_s_has_its_reason() -> None:
    assert may_approve(ask(BY_OUTSIDER), BY_OUTSIDER, "U0ADM2").refusal is Reason.NOT_ALLOWED_TO_ASK


# Every action by what it puts at risk, and by who asks, in a pool with the rules above and in the lab.
OUTSIDER, ADMIN = "U0ASKS", "U0ADM1"
BY_ACTION: Final = {
    # action: (asked by anyone, asked by an admin) in xenct; then in the lab, whoever asks
    Action.ADD_ISCSI: (1, 1, 1),
    Action.ADD_HBA: (1, 1, 1),
    Action.ADD_NFS: (1, 0, 1),
    Action.ADD_SMB: (None, None, 1),
    Action.ADD_ISO: (1, 0, 1),
    Action.ADD_LOCAL: (None, None, 1),
    Action.ADD_OTHER: (None, None, 1),
    Action.ATTACH: (1, 1, 1),
    Action.FORMAT: (None, 3, 1),
    Action.SCAN: (None, None, 1),
    Action.REPAIR: (None, None, 1),
    Action.RENAME: (None, None, 1),
    Action.DEFAULT: (None, None, 1),
    Action.DETACH: (None, None, 1),
    Action.FORGET: (None, None, 1),
    Action.DESTROY: (None, 3, 1),
}
"""How many people it takes; None: nobody may."""


@pytest.mark.parametrize("action", Action)
def test_each_action_takes_as_many_people_as_the_table_says(action: Action) -> None:
    anyone, admin, lab = BY_ACTION[action]
    small = replace(DESTROY, action=action, size=TIB, dangers=dangers_of(action))
    for pool, requester, wanted in (
        ("xenct", OUTSIDER, anyone),
        ("xenct", ADMIN, admin),
        ("lab", OUTSIDER, lab),
        ("lab", ADMIN, lab),
    ):
        decision = ask(replace(small, pool=pool, requester=requester))
        got = None if decision.outcome is DENY else decision.people_missing
        assert got == wanted, (pool, requester, decision.reason_code)
