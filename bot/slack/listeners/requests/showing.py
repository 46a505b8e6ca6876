"""`/sr request`: where one request stands."""

from __future__ import annotations

import structlog
from slack_bolt import App

from bot.ledger.store import LedgerUnavailable
from bot.request.grammar import ShowRequest, render
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message
from bot.slack.cards.requests.shown import shown_message
from bot.slack.cards.sentences import NOT_LOOKED_UP, refusal
from bot.slack.context import Context
from bot.slack.listeners.requests.answering import answer_to
from bot.slack.listeners.requests.seeing import links_to, may_see
from bot.slack.payload import Caller

LOG = structlog.get_logger(__name__)


def register(app: App, context: Context) -> None:
    def shown(command: ShowRequest, caller: Caller, received: float) -> Message:
        return _shown(context, command, caller, received)

    answer_to(app, ShowRequest, shown)


def _shown(context: Context, command: ShowRequest, caller: Caller, received: float) -> Message:
    try:
        request = context.ledger.load(command.request)
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return refusal_message(NOT_LOOKED_UP, render(command))
    if request is None or not may_see(request, caller):
        return refusal_message(refusal("no_such_request", {"request": command.request}), render(command))
    (link,) = links_to(context, [request], received)
    return shown_message(request, link)
