"""What each event says in the thread; the files beside this one register theirs."""

from __future__ import annotations

from functools import singledispatch

from bot.request import events as e
from bot.request.model import Request


@singledispatch
def say(event: e.Event, after: Request) -> str | None:
    """Show nothing for what is just on its way: progress, notices, a worker that takes a step up."""
    del event, after
    return None
