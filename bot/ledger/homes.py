"""Who looks at their Home tab: it is drawn when they open it, and again for an hour whenever something changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from bot.ledger import keys
from bot.ledger.store import LedgerUnavailable

HOME: Final = "home"
"""The kind of an outbox entry: this person's Home is to be drawn."""

OPEN_SECONDS: Final = 3600.0
"""Slack doesn't tell when somebody leaves their Home; nobody looks at it longer than this without coming back."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Raises LedgerUnavailable when Redis does not answer."""

    redis: Redis

    def opened(self, user: str, now: float) -> None:
        """Have somebody's Home drawn, and again while they may be looking at it."""
        try:
            with self.redis.pipeline() as pipe:
                pipe.zadd(keys.HOMES, {user: now})
                pipe.zremrangebyscore(keys.HOMES, "-inf", now - OPEN_SECONDS)
                pipe.xadd(keys.OUTBOX, {"kind": HOME, "id": user})
                pipe.execute()
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error

    def open(self, now: float) -> list[str]:
        """Give those who may be looking at their Home."""
        try:
            found: Any = self.redis.zrange(keys.HOMES, now - OPEN_SECONDS, "+inf", byscore=True)
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error
        return [user.decode() for user in found]
