"""The thread: one line for each thing that happened, with its time and who did it."""

from __future__ import annotations

from bot.request import events as e
from bot.request.model import Request, State
from bot.slack.cards.lines import approving, asking, choosing, planning, running
from bot.slack.cards.lines.saying import say
from bot.slack.cards.texts import clock_time, escape

SPEAKING = (approving, asking, choosing, planning, running)
"""Whoever is imported here has registered what its events say."""


def line(event: e.Event, after: Request, before: State | None = None) -> str | None:
    """Say in mrkdwn what an event was; None for one that only the card shows.

    `after` is the request after it and `before` the state before.
    """
    if isinstance(event, e.Created | e.CreatedPartly) and before is State.REPAIRING:
        said: str | None = running.repaired(event, after)
    else:
        said = say(event, after)
    via = f" (from the {escape(event.via)})" if event.via else ""
    return None if said is None else f"{clock_time(event.at)}  {said}{via}"
