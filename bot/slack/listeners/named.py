"""The request that a button names, where it is pressed."""

from __future__ import annotations

from bot.request.model import Request
from bot.slack.cards import buttons
from bot.slack.context import Context


def named(context: Context, channel: str, carried: str) -> tuple[Request, int] | None:
    """Give the request, and the number of the plan that the card showed; None where this channel has no such request.

    The gate has looked at the channel of the press alone. Raises LedgerUnavailable.
    """
    value = buttons.read_value(carried)
    request = None if value is None else context.ledger.load(value[0])
    if request is None or value is None or request.channel != channel:
        return None
    return request, value[1]
