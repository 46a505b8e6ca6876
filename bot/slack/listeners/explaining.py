"""`/sr explain`: answered in the ack by the bot alone, from the text and nothing else."""

from __future__ import annotations

import structlog
from slack_bolt import Ack, App

from bot.ledger.notes import Explaining, Notes
from bot.ledger.store import LedgerUnavailable, new_id
from bot.request.grammar import Explain, parse
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message
from bot.slack.cards.explained import explained_message
from bot.slack.cards.sentences import NOT_RECORDED
from bot.slack.context import Context
from bot.slack.listeners.commands import COMMAND
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller
from bot.storage import explain_text, masked

LOG = structlog.get_logger(__name__)


def register(app: App, context: Context) -> None:
    @app.command(COMMAND, matchers=[_is_asked])
    def pasted(ack: Ack, body: Body) -> None:
        answer = _answer(_pasted(body) or "", read_caller(body), context)
        ack(response_type="ephemeral", text=answer.text, blocks=list(answer.blocks))


def _is_asked(body: Body) -> bool:
    return _pasted(body) is not None


def _pasted(body: Body) -> str | None:
    command = parse(str(body.get("text") or ""))
    return command.text if isinstance(command, Explain) else None


def _answer(text: str, caller: Caller, context: Context) -> Message:
    told = explain_text(text)
    note = Explaining(new_id(), context.clock(), caller.user, caller.team, caller.channel, told.kind, told.code)
    try:
        Notes(context.ledger.redis).explained(note)
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return refusal_message(NOT_RECORDED, f"explain {masked(text)}")
    LOG.info("explained", kind=told.kind, code=told.code, user=caller.user, channel=caller.channel)
    return explained_message(told, len(text))
