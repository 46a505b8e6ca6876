"""One step at a time for each request in this process: those who would only be in each other's way wait instead.

The ledger's guard holds between processes, and costs whoever was slower all that was decided. Dozens of threads of one
bot that decide about the same request would so cost each other nearly everything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _Line:
    lock: Lock = field(default_factory=Lock)
    people: int = 0


@dataclass(slots=True)
class Turns:
    """Lines of threads, by what they are at."""

    _lines: dict[str, _Line] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def take(self, subject: str, until: float) -> Iterator[bool]:
        """Wait for one's turn until a moment of time.monotonic(); gives whether it came."""
        with self._lock:
            line = self._lines.setdefault(subject, _Line())
            line.people += 1
        came = line.lock.acquire(timeout=max(until - time.monotonic(), 0.0))
        try:
            yield came
        finally:
            if came:
                line.lock.release()
            self._leave(subject, line)

    def _leave(self, subject: str, line: _Line) -> None:
        with self._lock:
            line.people -= 1
            if not line.people:
                del self._lines[subject]
