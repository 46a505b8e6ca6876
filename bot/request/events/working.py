"""What a worker reports of a step, and what it found."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.events.event import Event
from bot.request.found import Finding, HeldSr, Trouble
from bot.request.model import Rival
from bot.request.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    """A worker took the step up."""

    step: int
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed(Event):
    """What the worker does now; `changing` from the first call that changes something on XenServer."""

    step: int
    doing: str
    changing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed(Event):
    """The step takes longer than people expect; `why` says what it waits for."""

    step: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(Event):
    """The step could not be done, nothing was changed, and the requester may mend it."""

    step: int
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class LunsFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(Event):
    """The LUN was inspected, and can be used as the requester wants."""

    step: int
    plan: Plan
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SrFound(Event):
    """The LUN holds an SR that nobody asked about; the plan is to attach it.

    `may_override`: there is somebody who could approve that it is formatted over.
    """

    step: int
    plan: Plan
    may_override: bool = False
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SrsFound(Event):
    """SRs are on the share already; the plan is to make a new one beside them."""

    step: int
    plan: Plan
    held: tuple[HeldSr, ...]
    rivals: tuple[Rival, ...] = ()
