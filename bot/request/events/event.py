"""What every event is. Facts, never texts for people; `at` is seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `actor` is a Slack user id; None is srbot itself.

    `via` says where they did it, if not in Slack. `code_step` is the time step of the one-time code (RFC 6238) by which
    they confirmed it, which is used up with it.
    """

    at: float
    actor: str | None = None
    via: str = ""
    code_step: int | None = None
