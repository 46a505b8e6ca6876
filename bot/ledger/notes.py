"""What people did with srbot that changes nothing, in the audit beside the events of requests."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis, WatchError
from redis.exceptions import RedisError

from bot.ledger import chains
from bot.ledger.store import LedgerUnavailable


@dataclass(frozen=True, slots=True)
class Explaining:
    """Somebody had a text explained; of the text itself only what it is stands here. `at`: seconds since the epoch.

    `id` tells whether two records are one note, written twice since an answer was lost.
    """

    id: str
    at: float
    actor: str
    team: str
    channel: str
    kind: str
    code: str | None


@dataclass(frozen=True, slots=True)
class _Noted:
    """As an event's record, it says by `type` what it holds."""

    type: str
    note: Explaining


class Notes:
    """Raises LedgerUnavailable when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def explained(self, note: Explaining) -> None:
        """Record that somebody had a text explained."""
        while True:
            try:
                return self._add(_Noted("Explained", note))
            except WatchError:
                continue
            except RedisError as error:
                raise LedgerUnavailable(type(error).__name__) from error

    def _add(self, noted: _Noted) -> None:
        with self._redis.pipeline() as pipe:
            link = chains.next_link(pipe)
            pipe.multi()
            chains.add(pipe, link, noted)
            pipe.execute()
