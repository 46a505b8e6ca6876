"""Sends at a steady rate and says how long each answer took."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

PER_SECOND = 20
SENT = 200
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49], cuts[98])


def at_a_steady_rate(send: Callable[[], None], count: int = SENT) -> Timing:
    """Call `send` at 20 a second, each call on its own thread and on time however long the others take."""
    for _ in range(WARM_UP):
        send()
    with ThreadPoolExecutor(32) as pool:
        start = time.monotonic()
        waiting = []
        for number in range(count):
            time.sleep(max(start + number / PER_SECOND - time.monotonic(), 0.0))
            waiting.append(pool.submit(_timed, send))
        return Timing.of([one.result() for one in waiting])


def _timed(send: Callable[[], None]) -> float:
    start = time.perf_counter()
    send()
    return time.perf_counter() - start
