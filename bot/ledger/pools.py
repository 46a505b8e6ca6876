"""What workers remember of a pool from one job to the next: its master, and what they hold open on it.

A worker that is killed can't tidy up after itself; whoever comes next finds here what it left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker

from bot.ledger import keys
from bot.ledger.silence import has_just_come_back, lasts
from bot.ledger.store import LedgerUnavailable

A_DAY: Final = 86_400.0
"""Seconds that a look at a silent worker counts: pools may be visited seldom, and who reports again is forgotten."""


class Pools:
    """Every method raises LedgerUnavailable when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def master(self, pool: str, address: str) -> str | None:
        """Give the reference of the host that answers at an address; None where that isn't known."""
        raw = self._ask(lambda: self._redis.hget(keys.master(pool), address))
        return None if raw is None else str(raw.decode())

    def remember_master(self, pool: str, address: str, reference: str) -> None:
        """Remember which host answers at an address; what was known before is forgotten."""

        def write() -> None:
            with self._redis.pipeline() as pipe:
                pipe.delete(keys.master(pool))
                pipe.hset(keys.master(pool), address, reference)
                pipe.execute()

        self._ask(write)

    def forget_master(self, pool: str) -> None:
        self._ask(lambda: self._redis.delete(keys.master(pool)))

    def hold(self, pool: str, attempt: str, note: bytes) -> None:
        """Write down what an attempt holds open on a pool; `note` is sealed."""
        self._ask(lambda: self._redis.hset(keys.held(pool), attempt, note))

    def let_go(self, pool: str, attempt: str) -> None:
        """Drop what was written down: nothing of it is left."""
        self._ask(lambda: self._redis.hdel(keys.held(pool), attempt))

    def held(self, pool: str) -> dict[str, bytes]:
        """Give all notes of a pool, by attempt."""
        rows = self._ask(lambda: self._redis.hgetall(keys.held(pool)))
        return {attempt.decode(): note for attempt, note in rows.items()}

    def is_gone(self, worker: str, heartbeat: float) -> bool:
        """Say whether a worker is dead: silent at two looks a heartbeat apart, and Redis has not been away itself.

        Its key expires when it stops to report (rq: worker/base.py, heartbeat). `heartbeat` in seconds.
        """
        return bool(self._ask(lambda: self._is_silent(worker, heartbeat)))

    def _is_silent(self, worker: str, heartbeat: float) -> bool:
        seen = keys.silent(worker)
        if self._redis.exists(Worker.redis_worker_namespace_prefix + worker):
            self._redis.delete(seen)
            return False
        return not has_just_come_back(self._redis, heartbeat) and lasts(self._redis, seen, heartbeat, A_DAY)

    @staticmethod
    def _ask(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - Redis answers with what it holds
        try:
            return call()
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error
