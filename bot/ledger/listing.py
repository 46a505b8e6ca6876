"""Pages of requests, newest first, found by the indices: only what is shown is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.ledger import codec, keys
from bot.ledger.indices import ENDED_KEPT
from bot.ledger.store import COMMIT_SECONDS, LedgerUnavailable
from bot.request.model import Request

LOG = structlog.get_logger(__name__)

ROWS_A_PAGE: Final = 8

LOOKED_THROUGH: Final = 200
"""So many are loaded at most to fill a page: whoever asks waits for the ack."""

_AT_ONCE: Final = 20

Keep = Callable[[Request], bool]
"""Whether a request that the index names belongs into a list."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sorted set of ids; those with a lower score than `since` don't count."""

    key: str
    since: float = float("-inf")


Parts = tuple[Part, ...]


def of_person(user: str, now: float) -> Parts:
    """Those that a person has asked for: the open ones, then those that ended within the last 30 days."""
    return Part(keys.open_of(user)), Part(keys.ended_of(user), now - ENDED_KEPT)


def open_in(channel: str) -> Parts:
    """Those of a channel that have not ended."""
    return (Part(keys.open_in(channel)),)


def awaiting_in(channel: str) -> Parts:
    """Those of a channel that wait for an approval."""
    return (Part(keys.awaiting_in(channel)),)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list. `first` is the position of this page, `following` that of the next one if there may be one.

    `counts` says how many ids each part of the list holds, with those that are left out of it.
    """

    rows: tuple[Request, ...]
    first: int
    following: int | None
    counts: tuple[int, ...]


class Listing:
    """A list as it is when it is opened, for one look: in all it may take no longer than a commit.

    Every method, and opening it, raises LedgerUnavailable.
    """

    def __init__(self, redis: Redis, parts: Parts, keep: Keep, patience: float = COMMIT_SECONDS) -> None:
        self._until = time.monotonic() + patience
        self._redis = redis
        self._parts = parts
        self._keep = keep
        self._counts = tuple(self._ask(lambda pipe: [pipe.zcount(part.key, part.since, "+inf") for part in parts]))

    def page(self, position: int) -> Page:
        """Give the rows from a position on; one behind the end gives the last page."""
        total = sum(self._counts)
        if position >= total:
            return self.page_before(total) if total else Page((), 0, None, self._counts)
        end = min(position + LOOKED_THROUGH, total)
        found = list(islice(self._kept(range(position, end)), ROWS_A_PAGE + 1))
        rows = tuple(request for _, request in found[:ROWS_A_PAGE])
        further = found[ROWS_A_PAGE][0] if len(found) > ROWS_A_PAGE else end
        return Page(rows, position, further if further < total else None, self._counts)

    def page_before(self, position: int) -> Page:
        """Give the page that ends where another one begins."""
        end = min(position, sum(self._counts))
        begin = max(end - LOOKED_THROUGH, 0)
        found = list(islice(self._kept(range(begin, end)[::-1]), ROWS_A_PAGE))
        return self.page(found[-1][0] if len(found) == ROWS_A_PAGE else begin)

    def _kept(self, positions: range) -> Iterator[tuple[int, Request]]:
        """Load what stands at these positions, in their order, as far as it is wanted."""
        for at in range(0, len(positions), _AT_ONCE):
            batch = positions[at : at + _AT_ONCE]
            low, high = min(batch), max(batch) + 1
            loaded = dict(zip(range(low, high), self._load(self._ids(low, high)), strict=False))
            for position in batch:
                request = loaded.get(position)
                if request is not None and self._keep(request):
                    yield position, request

    def _ids(self, low: int, high: int) -> list[str]:
        def ask(pipe: Any) -> None:  # noqa: ANN401 - redis-py leaves pipelines untyped
            begin = 0
            for part, count in zip(self._parts, self._counts, strict=True):
                first, last = max(low - begin, 0), min(high - begin, count)
                if first < last:
                    pipe.zrange(part.key, "+inf", part.since, desc=True, byscore=True, offset=first, num=last - first)
                begin += count

        return [row.decode() for rows in self._ask(ask) for row in rows]

    def _load(self, ids: list[str]) -> list[Request | None]:
        raws = self._ask(lambda pipe: [pipe.hget(keys.request(request_id), "doc") for request_id in ids])
        return [_read(request_id, raw) for request_id, raw in zip(ids, raws, strict=True)]

    def _ask(self, ask: Callable[[Any], object]) -> list[Any]:
        if time.monotonic() >= self._until:
            raise LedgerUnavailable("late")
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                ask(pipe)
                return list(pipe.execute())
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error


def _read(request_id: str, raw: bytes | None) -> Request | None:
    """One request that is gone or can't be read must not hide all others."""
    if raw is None:
        return None
    try:
        return codec.decode(raw, Request)
    except codec.Unreadable:
        LOG.warning("listed_request_unreadable", request=request_id)
        return None
