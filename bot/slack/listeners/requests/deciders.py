"""For whom a request waits: the one place that says so for lists."""

from __future__ import annotations

from bot.request.model import Request, State


def may_decide(request: Request, actor: str) -> bool:
    """Say whether somebody could decide about it still. What counts is looked at when a button is pressed."""
    given = {approval.actor for approval in request.approvals}
    return request.state is State.AWAITING_APPROVAL and actor != request.requester and actor not in given
