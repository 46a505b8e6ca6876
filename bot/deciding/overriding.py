"""Going on where something could not be checked, and formatting over an SR: it takes somebody who may override."""

from __future__ import annotations

from dataclasses import replace

from bot.deciding.standing import Standing
from bot.policy import Danger, Outcome, Subject, evaluate, subject_of
from bot.request import events as e
from bot.request.model import Request, State
from bot.request.owning import Own, allow_own, shown_plan
from bot.request.plan import Purpose, to_type
from bot.request.refused import Refused


def may_be_overridden(request: Request, standing: Standing, now: float) -> bool:
    """Say whether others than who asked could approve that a request overrides.

    A group that can't be read may have somebody: those who approve are looked up when they do.
    """
    asked = subject_of(request, now)
    return _may_be_given(replace(asked, dangers=asked.dangers | {Danger.OVERRIDES}), standing, now)


def may_be_formatted_over(request: Request, standing: Standing, now: float) -> bool:
    """Say whether others than who asked could approve that the SR which was found is formatted over."""
    return _may_be_given(subject_of(replace(request, purpose=Purpose.FORMAT, plan=None), now), standing, now)


def _may_be_given(asked: Subject, standing: Standing, now: float) -> bool:
    decision = evaluate(standing.policy, asked, standing.members, (), now)
    possible = all(missing.possible or missing.unreadable for missing in decision.missing)
    return decision.outcome is not Outcome.DENY and possible


def format_over(  # noqa: PLR0913, PLR0917 - who typed what for which plan, and what follows is named by
    request: Request, standing: Standing, actor: str, plan_number: int, typed: str, new_id: str, now: float
) -> tuple[e.Asked, e.Followed]:
    """Ask anew, for the same LUN with the SR on it to die; gives what begins that request and what ends this one."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.FOUND_SR or request.lun is None:
        raise Refused("not_now")
    plan = shown_plan(request, plan_number)
    if plan.known:
        raise Refused("sr_known_here")
    if not may_be_formatted_over(request, standing, now):
        raise Refused("nobody_may_override")
    if typed != to_type(plan.lun):
        raise Refused("typed_differs")
    asked = e.Asked(
        at=now,
        actor=actor,
        request=new_id,
        team=request.team,
        channel=request.channel,
        requester=request.requester,
        pool=request.pool,
        address=request.address,
        times=request.times,
        name=request.name,
        reason=request.reason,
        credential=request.credential,
        purpose=Purpose.FORMAT,
        target=request.target,
        lun=request.lun,
        dies=plan.held,
        typed=typed,
        follows=request.id,
        kind=request.kind,
        multihomed=request.multihomed,
        all_targets=request.all_targets,
    )
    return asked, e.Followed(at=now, actor=actor, by=new_id)
