"""What those who decide say before they do: that they are looking, what they want to know, that they think anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.deciding.calling import reopened
from bot.deciding.standing import Standing
from bot.deciding.verdicts import may_decide, refuse_undecidable
from bot.request import events as e
from bot.request.acting import Events
from bot.request.model import Request, State
from bot.request.owning import refuse_over, shown_plan
from bot.request.refused import Refused

_UNTIL_IT_CHANGES: Final = frozenset({State.AWAITING_APPROVAL, State.QUEUED, State.RUNNING})


def claim(request: Request, standing: Standing, actor: str, plan_number: int, now: float) -> Events:
    """Say that one is looking at the plan shown, so that others needn't."""
    _refuse_outsider(request, standing, actor, plan_number, now)
    if request.claimed_by == actor:
        raise Refused("claimed_already")
    return (e.Claimed(at=now, actor=actor),)


def ask_question(  # noqa: PLR0913, PLR0917 - who asks what about which plan, under which policy
    request: Request, standing: Standing, actor: str, plan_number: int, now: float, text: str
) -> Events:
    """Ask who asked for it; the same question twice in a row is one that was delivered twice."""
    _refuse_outsider(request, standing, actor, plan_number, now)
    if request.question == (actor, text):
        return ()
    return (e.QuestionAsked(at=now, actor=actor, text=text),)


def withdraw(request: Request, standing: Standing, actor: str, plan_number: int, now: float) -> Events:
    """Take one's approval back, before the pool is changed; where the others are not enough it is asked for again."""
    refuse_over(request, now)
    if request.work.changing:
        raise Refused("too_late_to_withdraw")
    if request.state not in _UNTIL_IT_CHANGES:
        raise Refused("not_now")
    if all(yes.actor != actor for yes in request.approvals):
        raise Refused("nothing_to_withdraw")
    shown_plan(request, plan_number)
    left = tuple(yes for yes in request.approvals if yes.actor != actor)
    decision = standing.decides(replace(request, approvals=left), now)
    withdrawn = e.ApprovalWithdrawn(at=now, actor=actor, plan_number=plan_number, awaited=standing.awaited(decision))
    if request.state is State.AWAITING_APPROVAL or decision.permitted:
        return (withdrawn,)
    return (withdrawn, reopened(request, standing, decision, now))


def _refuse_outsider(request: Request, standing: Standing, actor: str, plan_number: int, now: float) -> None:
    refuse_undecidable(request, now)
    if actor == request.requester:
        raise Refused("requester_never_counts")
    if not may_decide(request, standing, actor, now):
        raise Refused("not_an_approver")
    shown_plan(request, plan_number)
