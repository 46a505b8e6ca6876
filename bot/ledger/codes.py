"""One-time codes as the ledger sees them: which was used last, and how often somebody has guessed.

No code stands here, only the number of its time step (RFC 6238).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis, WatchError
from redis.client import Pipeline
from redis.exceptions import RedisError

from bot.ledger import chains, keys
from bot.ledger.store import COMMIT_SECONDS, LedgerUnavailable
from bot.request.refused import Refused

MOST_WRONG: Final = 5
LOCKED_SECONDS: Final = 15 * 60
"""So many wrong codes within this time lock somebody out for as long: a code is one of a million."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """As an event's record, it says by `type` what it holds: somebody typed a code that was not theirs of now."""

    type: str
    actor: str
    at: float


@dataclass(frozen=True, slots=True)
class Guesses:
    """Every method raises LedgerUnavailable when Redis does not answer."""

    redis: Redis

    def refuse_locked(self, person: str, now: float) -> None:
        """Raise Refused for somebody who has typed too many wrong codes."""
        try:
            rows: Any = self.redis.lrange(keys.wrong_codes(person), 0, -1)
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error
        _refuse_locked(rows, now)

    def judge(self, person: str, now: float, guess: Callable[[], int | None]) -> int | None:
        """Give the time step that a code belongs to; None for a wrong one, which counts. Raises Refused.

        The count is watched while the code is looked at: of many guesses sent at once no more are answered than of
        those sent one by one.
        """
        until = time.monotonic() + COMMIT_SECONDS
        while time.monotonic() < until:
            try:
                with self.redis.pipeline() as pipe:
                    return _judged(pipe, person, now, guess)
            except WatchError:
                continue
            except RedisError as error:
                raise LedgerUnavailable(type(error).__name__) from error
        raise LedgerUnavailable("late")


def _judged(pipe: Pipeline, person: str, now: float, guess: Callable[[], int | None]) -> int | None:
    wrong = keys.wrong_codes(person)
    pipe.watch(wrong)  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
    rows: Any = pipe.lrange(wrong, 0, -1)
    _refuse_locked(rows, now)
    last: Any = pipe.get(keys.used_code(person))
    step, link = guess(), chains.next_link(pipe)
    pipe.multi()
    if step is None:
        chains.add(pipe, link, _Wrong("WrongCode", person, now))
        pipe.lpush(wrong, repr(now))
        pipe.ltrim(wrong, 0, MOST_WRONG - 1)
        pipe.expire(wrong, 2 * LOCKED_SECONDS)
    else:
        pipe.llen(wrong)
    pipe.execute()
    if step is not None and last is not None and step <= int(last):
        raise Refused("code_used")
    return step


def _refuse_locked(rows: Iterable[bytes], now: float) -> None:
    """`rows` are the times of the last wrong codes, the newest first."""
    times = [float(row) for row in rows]
    if len(times) < MOST_WRONG or times[0] - times[-1] > LOCKED_SECONDS:
        return
    left = times[0] + LOCKED_SECONDS - now
    if left > 0:
        raise Refused("code_locked", minutes=str(int(left // 60) + 1))
