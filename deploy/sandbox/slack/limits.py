from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.sandbox.slack.clock import Clock


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` within any `seconds`, for each value of the argument `per` where one is named.

    `steady` means a burst of that many and then one each seconds/calls, instead of a window that fills up.
    """

    calls: int
    seconds: float = 60
    per: str = ""
    steady: bool = False


# docs.slack.dev: rate limits. Slack names calls a minute and tolerates bursts of unknown size; a window that
# is never exceeded is the strict reading.
TIER_2 = (Rate(20),)
TIER_3 = (Rate(50),)
TIER_4 = (Rate(100),)
GENEROUS = (Rate(300),)
# Tier 1 is one a minute; a socket refresh alone opens two, so the average holds over a longer window (guessed).
CONNECTIONS = (Rate(20, 1200),)
# chat.postMessage: one a second and channel with short bursts, several hundred a minute in all (burst guessed).
POSTING = (Rate(5, 5, per="channel", steady=True), Rate(300))

Key = tuple[str, Rate, str]


@dataclass(slots=True)
class Limits:
    clock: Clock
    # For each rate the moments of its calls; a steady one moves a call in a burst to when it would have been due.
    _calls: defaultdict[Key, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def retry_after(self, method: str, rates: tuple[Rate, ...], args: Mapping[str, object]) -> int | None:
        """Count a call; return None when it may go on, else the whole seconds to wait."""
        now = self.clock.now()
        windows = [(rate, self._calls[method, rate, str(args.get(rate.per, ""))]) for rate in rates]
        wait = max(_wait(rate, calls, now) for rate, calls in windows)
        if wait > 0:
            return max(1, math.ceil(wait))
        for rate, calls in windows:
            calls.append(_due(rate, calls, now) if rate.steady else now)
        return None


def _wait(rate: Rate, calls: deque[float], now: float) -> float:
    while calls and calls[0] <= now - rate.seconds:
        calls.popleft()
    if rate.steady:
        return _due(rate, calls, now) - now - (rate.calls - 1) * rate.seconds / rate.calls
    return calls[0] + rate.seconds - now if len(calls) >= rate.calls else 0.0


def _due(rate: Rate, calls: deque[float], now: float) -> float:
    return max(now, calls[-1] + rate.seconds / rate.calls) if calls else now
