"""What those decide whom the policy names: yes, no, or another try at hosts that don't see an SR."""

from __future__ import annotations

from dataclasses import replace

from bot.deciding.asking import because
from bot.deciding.standing import Standing, subject
from bot.policy import Decision, Reply, Verdict, may_approve, may_reject
from bot.request import events as e
from bot.request.acting import Events
from bot.request.approving import Approval
from bot.request.model import Request, State
from bot.request.owning import refuse_over, shown_plan
from bot.request.plan import Purpose, digest
from bot.request.refused import Refused


def approve(  # noqa: PLR0913, PLR0917 - who says yes to what, under which policy, and with what words
    request: Request,
    standing: Standing,
    actor: str,
    plan_number: int,
    now: float,
    typed: str = "",
    *,
    stepped_up: bool = False,
) -> Events:
    """Say yes to the plan shown; with enough people it goes to a worker.

    What is typed is what the plan wants typed, where an SR dies.
    """
    refuse_undecidable(request, now)
    decision = standing.decides(request, now)
    verdict = may_approve(decision, subject(request), actor)
    if verdict.reply is not Reply.NOTHING_MISSING:
        _refuse(verdict, decision)
    elif actor not in decision.counted | decision.deciders:
        raise Refused("not_needed")
    plan = shown_plan(request, plan_number)
    if decision.permitted:
        return (standing.queued(request, decision, now),)
    if plan.to_type and typed != plan.to_type:
        raise Refused("typed_differs")
    if verdict.step_up and not stepped_up:
        raise Refused("step_up_wanted")
    yes = Approval(actor, now, digest(plan), typed, stepped_up)
    return _said(replace(request, approvals=(*request.approvals, yes)), standing, yes, now)


def approve_typed(  # noqa: PLR0913, PLR0917 - as of `approve`
    request: Request,
    standing: Standing,
    actor: str,
    plan_number: int,
    now: float,
    typed: str = "",
    *,
    stepped_up: bool = False,
) -> Events:
    """Say yes with what a person typed: blanks around and between its words don't count. Raises Refused."""
    wanted = request.plan.to_type if request.plan else ""
    said = wanted if typed.split() == wanted.split() else typed
    try:
        return approve(request, standing, actor, plan_number, now, said, stepped_up=stepped_up)
    except Refused as refused:
        if refused.reason_code == "typed_differs" and request.purpose is Purpose.DESTROY:
            raise Refused("name_differs") from None
        raise


def _said(request: Request, standing: Standing, yes: Approval, now: float) -> Events:
    """Give what follows from an approval that is among those of the request already."""
    decision = standing.decides(request, now)
    approved = e.Approved(
        at=now,
        actor=yes.actor,
        plan_number=request.plan_number,
        plan_digest=yes.plan_digest,
        typed=yes.typed,
        stepped_up=yes.stepped_up,
        awaited=standing.awaited(decision),
    )
    return (approved, standing.queued(request, decision, now)) if decision.permitted else (approved,)


def reject(  # noqa: PLR0913, PLR0917 - who says no to what, under which policy, and why
    request: Request, standing: Standing, actor: str, plan_number: int, now: float, why: str = ""
) -> Events:
    """Say no to the plan shown; that ends the request."""
    refuse_undecidable(request, now)
    decision = standing.decides(request, now)
    _refuse(may_reject(decision, subject(request), actor), decision)
    shown_plan(request, plan_number)
    return (e.Rejected(at=now, actor=actor, because=why),)


def retry(request: Request, standing: Standing, actor: str, now: float) -> Events:
    """Try the hosts again that don't see the SR."""
    if request.state is not State.PARTIAL:
        raise Refused("not_now")
    if actor != request.requester and not may_decide(request, standing, actor, now):
        raise Refused("not_one_to_retry")
    if standing.freeze_of(request.pool) is not None:
        raise Refused("frozen")
    return (e.RetryWanted(at=now, actor=actor),)


def may_decide(request: Request, standing: Standing, actor: str, now: float) -> bool:
    """Say whether a person is among those who decide about a request."""
    decision = standing.decides(request, now)
    return may_reject(decision, subject(request), actor).allowed


def is_awaited(request: Request, standing: Standing, actor: str, now: float) -> bool:
    """Say whether a request waits for the approval of this very person."""
    if request.state is not State.AWAITING_APPROVAL:
        return False
    return may_approve(standing.decides(request, now), subject(request), actor).allowed


def refuse_undecidable(request: Request, now: float) -> None:
    """Raise Refused where nobody decides about a request: not yet, or not any more."""
    refuse_over(request, now)
    if request.state is not State.AWAITING_APPROVAL:
        raise Refused("not_awaiting_approval")


def _refuse(verdict: Verdict, decision: Decision) -> None:
    if verdict.allowed:
        return
    if verdict.refusal is not None:
        raise Refused(verdict.refusal, because=because(decision, verdict.refusal))
    raise Refused(verdict.reply)
