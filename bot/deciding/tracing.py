"""What is kept with what a person did: where they did it, and the code by which they confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.request.events import Event


def traced(events: Sequence[Event], code_step: int | None = None, via: str = "") -> tuple[Event, ...]:
    """Add it to the events that are a person's; what follows by itself is srbot's."""
    return tuple(event if event.actor is None else replace(event, code_step=code_step, via=via) for event in events)
