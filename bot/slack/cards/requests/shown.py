"""The answer to `/sr request`: what the card of a request says, for the one who asked."""

from __future__ import annotations

from typing import Final

from bot.request.model import Request
from bot.slack.cards.blocks import Message, context, message
from bot.slack.cards.card import request_card
from bot.slack.cards.texts import in_channel, linked

_NO_CARD: Final = "Its card isn't there yet, or Slack gives no link to it at the moment."


def shown_message(request: Request, link: str) -> Message:
    """Show the card without anything to press: that is done on the card itself, to which the link leads."""
    card = request_card(request)
    head, *rest = [block for block in card.blocks if block["type"] != "actions"]
    return message(card.text, [head, context(_where(request, link)), *rest])


def _where(request: Request, link: str) -> str:
    leads = linked(link, "Its card and its thread")
    return f"{leads} are in {in_channel(request.channel)}." if leads else _NO_CARD
