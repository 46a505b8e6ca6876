"""How fast srbot may write, so that Slack need not say 429 (docs.slack.dev: rate limits)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

POST: Final = "chat.postMessage"
UPDATE: Final = "chat.update"
PRIVATE: Final = "chat.postEphemeral"
HOME: Final = "views.publish"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` within `seconds`."""

    calls: int
    seconds: float


RATES: Final = {UPDATE: Rate(45, 60.0), PRIVATE: Rate(90, 60.0), HOME: Rate(90, 60.0)}
"""Tier 3 (50 a minute) and Tier 4 (100 a minute), with a margin."""

POST_BURST: Final = 4
POST_EVERY: Final = 1.1
"""Seconds: one message a second and channel, and short bursts, with a margin."""

PRESSURE: Final = 20
EDIT_DISTANCE: Final = 2.0
"""With more than PRESSURE edits in the last minute, one card is edited every EDIT_DISTANCE seconds at most."""


@dataclass(slots=True)
class Pacing:
    """Says when a call may be made. `clock` is monotonic, in seconds."""

    clock: Callable[[], float]
    _calls: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _posted: dict[str, float] = field(default_factory=dict)
    _held: dict[str, float] = field(default_factory=dict)
    _edited: dict[str, float] = field(default_factory=dict)

    def wait(self, method: str, channel: str, card: str = "", spare: int = 0) -> float:
        """Give the seconds until a call may be made; 0 when it may be made now.

        `spare`: how many messages of a burst are left for what is more urgent.
        """
        now = self.clock()
        turn = self._turn(channel, spare) if method == POST else self._window(method, now)
        until = max(self._held.get(method, now), turn, self._distance(method, card, now))
        return max(until - now, 0.0)

    def note(self, method: str, channel: str, card: str = "") -> None:
        """Count a call that is about to be made."""
        if method == POST:
            self._posted[channel] = max(self._posted.get(channel, 0.0), self.clock()) + POST_EVERY
            return
        self._calls[method].append(self.clock())
        if method == UPDATE:
            self._edited = {each: at for each, at in self._edited.items() if at > self.clock() - EDIT_DISTANCE}
            self._edited[card] = self.clock()

    def hold(self, method: str, seconds: float) -> None:
        """Make no such call for so long: Slack said so."""
        self._held[method] = self.clock() + seconds

    def _turn(self, channel: str, spare: int) -> float:
        """A channel's messages may run ahead of their rate by a burst."""
        return self._posted.get(channel, 0.0) - (POST_BURST - 1 - spare) * POST_EVERY

    def _window(self, method: str, now: float) -> float:
        rate, calls = RATES[method], self._calls[method]
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        return calls[0] + rate.seconds if len(calls) >= rate.calls else now

    def _distance(self, method: str, card: str, now: float) -> float:
        if method != UPDATE or len(self._calls[UPDATE]) <= PRESSURE:
            return now
        return self._edited.get(card, now - EDIT_DISTANCE) + EDIT_DISTANCE
