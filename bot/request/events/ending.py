"""How a run ends, or a request without one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.events.event import Event
from bot.request.found import Trouble
from bot.request.model import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Event):
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Event):
    """Nobody moved in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentStale(Event):
    """What was approved is no longer what is there; nothing was changed."""

    step: int
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Created(Event):
    """The SR is there and every host sees it."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Event):
    """What was to be done to the SR is done."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedPartly(Event):
    """The SR is there and some host does not see it."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryWanted(Event):
    """The hosts that don't see the SR are to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(Event):
    """The run ended without an SR."""

    step: int
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTrack(Event):
    """Whether the SR exists can't be told: a person decides."""

    step: int
    trouble: Trouble
