"""What rules let pass automatically is charged in the commit that lets it pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from redis.client import Pipeline

from bot.ledger import codec, keys
from bot.policy import Spent
from bot.request import events as e
from bot.request.model import Request

KEPT_SECONDS: Final = 3 * 86_400
"""Longer than any day; what is older counts for no budget."""


def write_spent(pipe: Pipeline, events: Sequence[e.Event], after: Request) -> None:
    """Charge the budgets that a step takes from, as part of a transaction that has begun."""
    for event in events:
        for rule in event.charges if isinstance(event, e.Queued) else ():
            spent = Spent(rule, after.requester, event.at, after.id)
            pipe.zadd(keys.SPENT, {codec.encode(spent): event.at})
            pipe.zremrangebyscore(keys.SPENT, "-inf", event.at - KEPT_SECONDS)
