"""`/sr why`: what a request still needs, by the very code that decides."""

from __future__ import annotations

import structlog
from slack_bolt import App

from bot.ledger.store import LedgerUnavailable
from bot.request.grammar import Why, render
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message
from bot.slack.cards.requests.reasoned import why_message
from bot.slack.cards.sentences import NOT_LOOKED_UP, refusal
from bot.slack.context import Context
from bot.slack.listeners.requests.answering import answer_to
from bot.slack.listeners.requests.seeing import may_see
from bot.slack.payload import Caller

LOG = structlog.get_logger(__name__)


def register(app: App, context: Context) -> None:
    def told(command: Why, caller: Caller, received: float) -> Message:
        return _told(context, command, caller, received)

    answer_to(app, Why, told)


def _told(context: Context, command: Why, caller: Caller, received: float) -> Message:
    try:
        request = context.ledger.load(command.request)
        if request is None or not may_see(request, caller):
            return refusal_message(refusal("no_such_request", {"request": command.request}), render(command))
        standing = context.rules.standing(context.rules.members(received))
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return refusal_message(NOT_LOOKED_UP, render(command))
    return why_message(request, standing.decides(request, context.clock()))
