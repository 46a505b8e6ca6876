"""Stored discoveries: what the pickers show. Ten thousand rows stay outside the request and are read once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, Final, TypeVar

from redis import Redis
from redis.exceptions import RedisError

from bot.ledger import codec, keys
from bot.ledger.store import LedgerUnavailable

KEPT: Final = 16
"""Discoveries never change, so a bot keeps the last few; a search box asks once a keystroke."""

T = TypeVar("T")


class Findings:
    """Reads stored discoveries, and remembers a few."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read: OrderedDict[str, tuple[Any, ...]] = OrderedDict()
        self._lock = Lock()

    def rows(self, finding_id: str, kind: type[T]) -> tuple[T, ...] | None:
        """Give the rows of a discovery; None where it is gone. Raises LedgerUnavailable, Unreadable."""
        with self._lock:
            if finding_id in self._read:
                self._read.move_to_end(finding_id)
                return self._read[finding_id]
        raw = self._fetch(finding_id)
        if raw is None:
            return None
        rows = tuple(codec.decode(raw, list[kind]))  # type: ignore[valid-type]  # a type made at run time
        with self._lock:
            self._read[finding_id] = rows
            while len(self._read) > KEPT:
                self._read.popitem(last=False)
        return rows

    def _fetch(self, finding_id: str) -> bytes | None:
        try:
            raw: Any = self._redis.get(keys.finding(finding_id))
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error
        return None if raw is None else bytes(raw)
