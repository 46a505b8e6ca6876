"""What every event is. Facts, never texts for people; `at` is seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `actor` is a Slack user id; None is srbot itself."""

    at: float
    actor: str | None = None
