"""What a requester may do to their own request, whatever the policy says about others."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final

from bot.request.model import CHOOSING, Request, State
from bot.request.plan import Plan
from bot.request.refused import Refused


class Own(StrEnum):
    """What only the requester does."""

    PICK = "pick"
    REQUEST_APPROVAL = "request_approval"
    CANCEL = "cancel"


_STATES: Final[Mapping[Own, AbstractSet[State]]] = {
    Own.PICK: CHOOSING,
    Own.REQUEST_APPROVAL: frozenset({State.CONFIRMING}),
}


def allow_own(request: Request, actor: str, wish: Own, now: float) -> None:
    """Raise Refused for anybody but the requester, and where the request is past that."""
    refuse_over(request, now)
    if actor != request.requester:
        raise Refused("not_the_requester")
    if wish is Own.CANCEL:
        if request.work.changing:
            raise Refused("already_changing")
    elif request.state not in _STATES[wish]:
        raise Refused("not_now")


def refuse_over(request: Request, now: float) -> None:
    """Raise Refused where a request has ended, or its time is over: not where a run is changing the pool already."""
    if request.ended:
        raise Refused("already_ended")
    if request.expires_at is not None and now >= request.expires_at and not request.work.changing:
        raise Refused("expired")


def shown_plan(request: Request, plan_number: int) -> Plan:
    """Give the plan that a card showed; raises Refused where there is another one by now."""
    if request.plan is None or request.plan_number != plan_number:
        raise Refused("plan_changed")
    return request.plan
