"""The one switch that stops everything that has not started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVERY_POOL: Final = ""
"""The name under which all pools are frozen at once."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Somebody stopped a pool, or all of them; `at` is seconds since the epoch."""

    pool: str
    by: str
    at: float
    reason: str
