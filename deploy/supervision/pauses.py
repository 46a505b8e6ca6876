"""How long to wait before a dead process is started again."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
# Who lived this long has recovered: its next death is a first one.
STEADY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Pauses:
    seconds: tuple[float, ...] = SECONDS
    steady_after: float = STEADY_AFTER

    def deaths(self, before: int, lived: float) -> int:
        """Count a death after a life of so many seconds."""
        return 1 if lived >= self.steady_after else before + 1

    def after(self, deaths: int) -> float:
        """Give the pause after that many deaths in a row (from 1)."""
        return self.seconds[min(deaths, len(self.seconds)) - 1]
