"""By hand: every action, how far its request has come, and who presses, with the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from bot.policy import Action, Approval, Reply, may_approve, may_reject
from tests.unit.policy.policies import DESTROY, NOON, approvals, ask, dangers_of

# An admin of the storage asks; the roles stand in this order.
ROLES: Final = ("U0ADM1", "U0ADM2", "U0CALL1", "U0SEC1", "U0BOTH", "U0STRANGER")
LETTERS: Final = {
    "a": Reply.ALLOWED,
    "o": Reply.REQUESTER_NEVER_COUNTS,
    "n": Reply.NOT_AN_APPROVER,
    "d": Reply.ALREADY_APPROVED,
    "m": Reply.NOTHING_MISSING,
    "x": Reply.REFUSED,
}
STATES: Final[dict[str, tuple[tuple[Approval, ...], float]]] = {
    "nobody has approved": ((), NOON),
    "an admin has approved": (approvals("U0ADM2", code=True), NOON),
    "all have approved": (approvals("U0ADM2", "U0ADM3", "U0SEC1", code=True), NOON),
    "nobody has approved in time": ((), NOON + 24 * 3600),
}
BLOCK, SHARES = ("oaanan", "ommmmm", "ommmmm", "oxxxxx", "oaanan"), ("ommmmm",) * 4 + ("onnnnn",)
NO_RULE, DESTROYING = ("oxxxxx",) * 4 + ("onnnnn",), ("oanaan", "odnaan", "ommmmm", "oxxxxx", "oanaan")
MATRIX: Final = {
    # action: may they approve in each of the states, and last, may they reject in any of them
    Action.ADD_ISCSI: BLOCK,
    Action.ADD_HBA: BLOCK,
    Action.ADD_NFS: SHARES,
    Action.ADD_SMB: NO_RULE,
    Action.ADD_ISO: SHARES,
    Action.ADD_LOCAL: NO_RULE,
    Action.ADD_OTHER: NO_RULE,
    Action.ATTACH: BLOCK,
    Action.FORMAT: DESTROYING,
    Action.SCAN: NO_RULE,
    Action.REPAIR: NO_RULE,
    Action.RENAME: NO_RULE,
    Action.DEFAULT: NO_RULE,
    Action.DETACH: NO_RULE,
    Action.FORGET: NO_RULE,
    Action.DESTROY: DESTROYING,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", Action)
def test_in_each_state_each_role_gets_the_answer_of_the_table(action: Action, state: str) -> None:
    given, now = STATES[state]
    subject = replace(DESTROY, action=action, dangers=dangers_of(action))
    decision = ask(subject, given, now=now)
    row = MATRIX[action]
    approving = [may_approve(decision, subject, person).reply for person in ROLES]
    rejecting = [may_reject(decision, subject, person).reply for person in ROLES]
    assert approving == [LETTERS[letter] for letter in row[list(STATES).index(state)]]
    assert rejecting == [LETTERS[letter] for letter in row[-1]]
