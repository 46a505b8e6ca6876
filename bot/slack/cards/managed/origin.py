"""Where an SR came from: the request of ours that made or attached it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.model import Request
from bot.request.plan import Purpose
from bot.slack.cards.texts import code, linked, mention, moment


@dataclass(frozen=True, slots=True)
class Origin:
    """`link` leads to the thread of the request, where Slack could give one."""

    request: Request
    link: str = ""


def origin_line(origin: Origin) -> str:
    """Say in mrkdwn who asked for it and when."""
    request = origin.request
    what = "Attached" if request.purpose is Purpose.ATTACH else "Made"
    thread = linked(origin.link, "its thread")
    asked = f"{mention(request.requester)} asked for it {moment(request.asked_at)}"
    return f"{what} with request {code(request.id)}{f' ({thread})' if thread else ''}: {asked}."
