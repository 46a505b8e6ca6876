"""`/sr cancel`: the same as the card's own button, from wherever the one who asked is."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import App

from bot.request import acting
from bot.request.events import Event
from bot.request.grammar import CancelRequest, render
from bot.request.model import Request
from bot.request.refused import Refused
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message, message, section
from bot.slack.cards.sentences import NOT_RECORDED, cancelled, maybe_cancelled, refusal
from bot.slack.context import Context
from bot.slack.listeners.requests.answering import answer_to
from bot.slack.listeners.requests.seeing import may_see
from bot.slack.listeners.settling import Words, attempt
from bot.slack.payload import Caller


def register(app: App, context: Context) -> None:
    def ended(command: CancelRequest, caller: Caller, _received: float) -> Message:
        return _cancelled(context, command, caller)

    answer_to(app, CancelRequest, ended)


def _cancelled(context: Context, command: CancelRequest, caller: Caller) -> Message:
    name = {"request": command.request}
    words = Words(refusal("no_such_request", name), NOT_RECORDED, maybe_cancelled(command.request))

    def decide(request: Request) -> Sequence[Event]:
        if not may_see(request, caller):
            raise Refused("no_such_request", **name)
        return acting.cancel(request, caller.user, context.clock())

    told = attempt(context, command.request, decide, words)
    if told is not None:
        return refusal_message(told, render(command))
    said = cancelled(command.request)
    return message(said, [section(said)])
