"""What XenServer itself wrote, for whoever asks on a card. Nothing is decided by it: an ended card may offer it too."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable
from bot.slack.cards import buttons
from bot.slack.cards.blocks import Message
from bot.slack.cards.details import details_message
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST
from bot.slack.context import Context
from bot.slack.listeners.named import named
from bot.slack.listeners.settling import Body
from bot.slack.payload import button_value, read_caller


def register(app: App, context: Context) -> None:
    @app.action(buttons.DETAILS)
    def pressed(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        caller = read_caller(body)
        said = _details(context, caller.channel, button_value(action))
        ack()
        if isinstance(said, Message):
            context.voice.show(caller.response_url, said)
        else:
            context.voice.tell(caller.response_url, said)


def _details(context: Context, channel: str, carried: str) -> Message | str:
    try:
        found = named(context, channel, carried)
    except LedgerUnavailable:
        return NOTHING_CHANGED
    return UNKNOWN_REQUEST if found is None else details_message(found[0])
