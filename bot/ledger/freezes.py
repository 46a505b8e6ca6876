"""What is frozen: a record of the ledger, looked at by everything that is about to start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from redis import Redis, WatchError
from redis.client import Pipeline
from redis.exceptions import RedisError

from bot.ledger import chains, codec, keys
from bot.ledger.effects import RELEASE
from bot.ledger.store import LedgerUnavailable
from bot.request.freezing import Freeze

LOG = structlog.get_logger(__name__)

UNREADABLE: Final = "its record can't be read"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Noted:
    """As an event's record in the audit, it says by `type` what it holds: a freeze that was made, or lifted."""

    type: str
    freeze: Freeze
    by: str
    at: float


Write = Callable[[Pipeline], _Noted]
"""Writes what changes into a transaction that has begun; gives its record."""


@dataclass(frozen=True, slots=True)
class Freezes:
    """Every method raises LedgerUnavailable when Redis does not answer."""

    redis: Redis

    def all(self) -> tuple[Freeze, ...]:
        """Give what is frozen; one that can't be read stops its pool all the same."""
        rows: Any = _ask(lambda: self.redis.hgetall(keys.FREEZES))
        return tuple(_read(pool.decode(), raw) for pool, raw in sorted(rows.items()))

    def freeze(self, freeze: Freeze) -> bool:
        """Stop a pool, or all; False where it was stopped already, which then stays as it is."""

        def write(pipe: Pipeline) -> _Noted:
            pipe.hset(keys.FREEZES, freeze.pool, codec.encode(freeze))
            return _Noted("Frozen", freeze, freeze.by, freeze.at)

        return self._written(freeze.pool, lambda before: None if before else write)

    def thaw(self, pool: str, by: str, now: float) -> bool:
        """Let a pool, or all, go on; False where it was not stopped. What is held is looked at anew at once."""
        held = self._held()

        def lift(before: Freeze) -> Write:
            def write(pipe: Pipeline) -> _Noted:
                pipe.hdel(keys.FREEZES, pool)
                for member in held:
                    pipe.zadd(keys.DUE, {member: now}, xx=True)
                return _Noted("Thawed", before, by, now)

            return write

        return self._written(pool, lambda before: lift(before) if before else None)

    def _held(self) -> list[bytes]:
        """Give the due entries of requests that are held."""
        found: Any = _ask(lambda: self.redis.zscan_iter(keys.DUE, match=f"{RELEASE}:*"))
        return _ask(lambda: [member for member, _ in found])

    def _written(self, pool: str, decide: Callable[[Freeze | None], Write | None]) -> bool:
        while True:
            try:
                return _ask(lambda: self._attempt(pool, decide))
            except WatchError:
                continue

    def _attempt(self, pool: str, decide: Callable[[Freeze | None], Write | None]) -> bool:
        with self.redis.pipeline() as pipe:
            pipe.watch(keys.FREEZES)  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
            raw: Any = pipe.hget(keys.FREEZES, pool)
            write = decide(None if raw is None else _read(pool, raw))
            if write is None:
                return False
            link = chains.next_link(pipe)
            pipe.multi()
            chains.add(pipe, link, write(pipe))
            pipe.execute()
        return True


def _read(pool: str, raw: bytes) -> Freeze:
    try:
        return codec.decode(raw, Freeze)
    except codec.Unreadable:
        LOG.error("freeze_unreadable", pool=pool)  # noqa: TRY400 - its text may say more than a log should
        return Freeze(pool, "", 0.0, UNREADABLE)


def _ask(call: Callable[[], T]) -> T:
    try:
        return call()
    except WatchError:
        raise
    except RedisError as error:
        raise LedgerUnavailable(type(error).__name__) from error
