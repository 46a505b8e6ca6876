"""Who may look at which request, and where its card stands."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from redis.exceptions import RedisError

from bot.ledger.outbox import all_shown
from bot.request.model import Request
from bot.slack.context import Context
from bot.slack.directory import LOOKUP_SECONDS
from bot.slack.links import Place
from bot.slack.payload import Caller

LOG = structlog.get_logger(__name__)


def may_see(request: Request, caller: Caller) -> bool:
    """Who asked sees it anywhere, others where it was asked: that is where the gate has looked."""
    return caller.user == request.requester or caller.channel == request.channel


def links_to(context: Context, requests: Sequence[Request], received: float) -> list[str]:
    """Give a link to the card of each; empty where there is none. They share the time that look-ups have."""
    try:
        shown = all_shown(context.ledger.redis, [request.id for request in requests])
    except RedisError as error:
        LOG.warning("ledger_unavailable", error=type(error).__name__)
        return [""] * len(requests)
    return context.links.find([Place(card.channel, card.ts) for card in shown], received + LOOKUP_SECONDS)
