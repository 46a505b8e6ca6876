"""Asking for storage, and for the approval of a plan."""

from __future__ import annotations

from dataclasses import replace

from bot.deciding.calling import first_call
from bot.deciding.overriding import may_be_overridden
from bot.deciding.standing import Standing
from bot.policy import Decision, Outcome, Reason, refusal_of_asking
from bot.request import events as e
from bot.request.acting import Events
from bot.request.model import Request
from bot.request.owning import Own, allow_own, shown_plan
from bot.request.refused import Refused


def may_ask(request: Request, standing: Standing) -> None:
    """Raise Refused where it is certain already that the policy lets this requester ask for no such thing."""
    refusal = refusal_of_asking(standing.policy, request, standing.members)
    if refusal is not None:
        raise Refused(refusal.reason, because=refusal.because)


def request_approval(request: Request, standing: Standing, actor: str, plan_number: int, now: float) -> Events:
    """Ask those to decide about the plan shown whom the policy names; what it lets pass by itself goes on at once."""
    allow_own(request, actor, Own.REQUEST_APPROVAL, now)
    plan = shown_plan(request, plan_number)
    if plan.blind != plan.accepted:
        raise Refused("hosts_not_accepted", hosts=", ".join(plan.blind))
    if plan.needs_override and not may_be_overridden(request, standing, now):
        raise Refused("nobody_may_override")
    asking = replace(request, approval_asked_at=now)
    decision = standing.decides(asking, now)
    refuse_denied(decision)
    call, call_at = first_call(asking, standing, decision, now)
    asked = e.ApprovalRequested(
        at=now,
        actor=actor,
        plan_number=plan_number,
        awaited=standing.awaited(decision),
        ruled=standing.ruled(decision),
        waits=decision.terms.approval_waits,
        call=call,
        call_at=call_at,
        step_up=decision.terms.step_up,
    )
    return (asked, standing.queued(asking, decision, now)) if decision.permitted else (asked,)


def refuse_denied(decision: Decision) -> None:
    """Raise Refused where the policy says no, whoever approves."""
    if decision.outcome is Outcome.DENY:
        raise Refused(decision.reason_code, because=because(decision, decision.reason_code))


def because(decision: Decision, reason: Reason) -> str:
    """Give what a denial says of itself, or what a ticket has to look like."""
    return next((ruling.because for ruling in decision.rulings if ruling.reason_code is reason), "")
