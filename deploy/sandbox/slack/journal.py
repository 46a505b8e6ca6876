from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import Json, masked
from deploy.sandbox.slack.clock import Clock

# Enough for any test; an afternoon in the sandbox must not fill the memory.
KEPT = 20_000


@dataclass(slots=True)
class Journal:
    """What went in and out between the app and this server: bodies complete, tokens masked."""

    clock: Clock
    entries: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0

    def note(self, direction: str, what: str, status: object, summary: object) -> None:
        self.count += 1
        self.entries.append(
            {
                "n": self.count,
                "at": self.clock.now(),
                "direction": direction,
                "what": what,
                "status": status,
                "summary": masked(summary),
            }
        )

    def since(self, number: int) -> list[Json]:
        return [entry for entry in self.entries if entry["n"] > number]
