"""The time of a world, which no test waits for."""

from __future__ import annotations

START = 1_800_000_000.0


class Clock:
    """Each look is a millisecond later."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        self.now += 0.001
        return self.now
