"""Who may do what: one pure function that says yes or no, why, and what is still missing."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from bot.request.model import CHOOSING, Request, State


class Action(StrEnum):
    """What a person may want to do to a request."""

    PICK = "pick"
    REQUEST_APPROVAL = "request_approval"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    RETRY = "retry"


class Outcome(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy that applies to one request: who may decide, how many of them it takes, and who may override.

    Where a plan lets an SR die or goes on without a pool's answer, one of those who approve has to be of the last.
    """

    approvers: frozenset[str]
    needed: int = 1
    overriders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """`missing` counts the people whose approval is still needed once this action is taken."""

    outcome: Outcome
    reason_code: str
    missing: int = 0

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOW


def decide(policy: Policy, request: Request, actor: str, action: Action, now: float) -> Decision:
    """Decide about one action by one person, now. An error while deciding is a no."""
    try:
        return _decide(policy, request, actor, action, now)
    except Exception:  # noqa: BLE001 - whatever goes wrong while deciding, the answer is no
        return _deny("policy_error", 1)


def missing_people(policy: Policy, request: Request, people: AbstractSet[str]) -> int:
    """Count the people whose approval is still needed when these have given theirs; the requester never counts."""
    counted = (people & policy.approvers) - {request.requester}
    missing = max(max(policy.needed, 1) - len(counted), 0)
    overrides = request.plan is not None and request.plan.needs_override
    return max(missing, 1) if overrides and not counted & policy.overriders else missing


def may_be_overridden(policy: Policy, requester: str) -> bool:
    """Say whether there is anybody beside the requester who may override."""
    return bool((policy.overriders & policy.approvers) - {requester})


def _decide(policy: Policy, request: Request, actor: str, action: Action, now: float) -> Decision:
    if action is Action.RETRY:
        return _decide_retry(policy, request, actor)
    if request.ended:
        return _deny("already_ended")
    if request.expires_at is not None and now >= request.expires_at:
        return _deny("expired")
    if action in {Action.APPROVE, Action.REJECT}:
        return _decide_verdict(policy, request, actor, action)
    return _decide_own(request, actor, action)


def _decide_verdict(policy: Policy, request: Request, actor: str, action: Action) -> Decision:
    given = {approval.actor for approval in request.approvals}
    missing = missing_people(policy, request, given)
    if request.state is not State.AWAITING_APPROVAL:
        return _deny("not_awaiting_approval", missing)
    if actor == request.requester:
        return _deny("requester_never_counts", missing)
    if actor not in policy.approvers:
        return _deny("not_an_approver", missing)
    if action is Action.REJECT:
        return _allow(missing)
    if actor in given:
        return _deny("already_approved", missing)
    return _allow(missing_people(policy, request, given | {actor}))


def _decide_retry(policy: Policy, request: Request, actor: str) -> Decision:
    if request.state is not State.PARTIAL:
        return _deny("not_now")
    return _allow() if actor in policy.approvers | {request.requester} else _deny("not_the_requester")


_OWN_STATES = {
    Action.PICK: CHOOSING,
    Action.REQUEST_APPROVAL: frozenset({State.CONFIRMING}),
}


def _decide_own(request: Request, actor: str, action: Action) -> Decision:
    if actor != request.requester:
        return _deny("not_the_requester")
    if action is Action.CANCEL:
        return _deny("already_changing") if request.work.changing else _allow()
    return _allow() if request.state in _OWN_STATES[action] else _deny("not_now")


def _allow(missing: int = 0) -> Decision:
    return Decision(Outcome.ALLOW, "allowed", missing)


def _deny(reason_code: str, missing: int = 0) -> Decision:
    return Decision(Outcome.DENY, reason_code, missing)
