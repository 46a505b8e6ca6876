"""What those who decide say in words: why they reject a request, and what they want to know first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from slack_bolt import App

from bot import deciding
from bot.request.events import Event
from bot.request.model import Request
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import saying
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.sentences import UNKNOWN_REQUEST
from bot.slack.context import Context
from bot.slack.listeners.decisions import Press
from bot.slack.listeners.filling_in import Someone, opens, takes
from bot.slack.listeners.settling import attempt

SAID: Final = (saying.SAID, saying.INPUT)

Say = Callable[[Context, Request, Press, str], Sequence[Event]]
"""From the request as it is, who speaks, and what they said."""


def register(app: App, context: Context) -> None:
    opens(app, context, buttons.REJECT, _reject_dialog)
    opens(app, context, buttons.ASK_QUESTION, _question_dialog)
    takes(app, context, saying.REJECT, SAID, _settled(_reject))
    takes(app, context, saying.ASK_QUESTION, SAID, _settled(_ask))


def _reject_dialog(context: Context, request: Request, press: Press) -> View:
    _reject(context, request, press, "")
    return saying.reject_view(request, buttons.value(request))


def _question_dialog(context: Context, request: Request, press: Press) -> View:
    _ask(context, request, press, "")
    return saying.question_view(request, buttons.value(request))


def _reject(context: Context, request: Request, press: Press, words: str) -> Sequence[Event]:
    standing = context.rules.standing(press.members)
    return deciding.reject(request, standing, press.actor, press.number, context.clock(), words)


def _ask(context: Context, request: Request, press: Press, words: str) -> Sequence[Event]:
    standing = context.rules.standing(press.members)
    return deciding.ask_question(request, standing, press.actor, press.number, context.clock(), words)


def _settled(say: Say) -> Callable[[Context, Someone, str, str], str | None]:
    def submitted(context: Context, someone: Someone, metadata: str, words: str) -> str | None:
        value = buttons.read_value(metadata)
        if value is None:
            return UNKNOWN_REQUEST
        request_id, number = value
        said = " ".join(words.split())
        return attempt(context, request_id, lambda request: say(context, request, someone.press(number), said))

    return submitted
