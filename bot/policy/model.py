"""A policy as frozen data. Sizes are bytes, durations seconds, times of the day are those of a zone.

A name is a group, a schedule, a Slack user id, or `anyone`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.subject import Action, Danger

ANYONE: Final = "anyone"
HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
TURN_DAYS: Final = 7
HAND_OVER: Final = time(9)


@dataclass(frozen=True, slots=True)
class Group:
    """Listed people, or those of a Slack user group, by its id."""

    name: str
    people: frozenset[str] = frozenset()
    slack: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """One person instead of the rotation, from `start` until before `end`: local times of the schedule's zone."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """People who take turns of whole days, handed over at a time of the day; `first` begins the first turn."""

    name: str
    zone: ZoneInfo
    people: tuple[str, ...] = ()
    first: date = date.min
    turn_days: int = TURN_DAYS
    hand_over: time = HAND_OVER
    shifts: tuple[Shift, ...] = ()

    @property
    def everybody(self) -> frozenset[str]:
        """All who are on call at some time."""
        return frozenset(self.people) | {shift.person for shift in self.shifts}


class Stop(StrEnum):
    """What rests in quiet hours."""

    AUTOMATIC = "automatic"
    MENTIONS = "mentions"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begin` until before `end`, which is on the next day where it is not later; a day if they are the same.

    `days` are those on which the hours begin; 0 is Monday.
    """

    name: str
    zone: ZoneInfo
    begin: time
    end: time
    days: frozenset[int] = frozenset(range(7))
    stops: frozenset[Stop] = frozenset({Stop.AUTOMATIC, Stop.MENTIONS})


@dataclass(frozen=True, slots=True)
class When:
    """What a rule is about. An empty set stands for all; `harmless` for what puts nothing at risk.

    A size matches above `over` and up to `up_to`; of `dangers` one is enough.
    """

    pools: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    dangers: frozenset[Danger] = frozenset()
    harmless: bool = False
    over: int | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """So many different people of these names; None: all of them."""

    count: int | None
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{'all' if self.count is None else self.count} of {' or '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Automatic:
    """Nobody has to decide: for these people, so often a day (of `zone`), in all and each of them."""

    people: tuple[str, ...]
    per_day: int
    per_person: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Escalation:
    """From so long after the approval was asked for, these are mentioned too."""

    after: float
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes where it matches: all of its parts, each filled by people of its own.

    `ticket` is what one word of the reason has to match, `ticket_is` how people are told. `step_up_over` is the size
    above which an approval wants a one-time code; below 0 always. `pauses` are those between mentions.
    """

    name: str
    when: When
    ask: tuple[str, ...] = (ANYONE,)
    decide: tuple[Part, ...] = ()
    reason_required: bool = False
    ticket: str = ""
    ticket_is: str = ""
    automatic: Automatic | None = None
    quiet: Quiet | None = None
    approval_waits: float = DAY
    runs_within: float = DAY
    step_up_over: int | None = None
    pauses: tuple[float, ...] = ()
    escalate: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True)
class Denial:
    """What nobody may do, and why."""

    name: str
    when: When
    because: str


class Right(StrEnum):
    """What the policy lets people do beside asking and deciding."""

    FREEZE = "freeze"
    THAW = "thaw"
    SEE = "see"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, and the exact text that it was read from."""

    text: str
    rules: tuple[Rule, ...]
    denials: tuple[Denial, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    rights: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return digest(self.text)


def digest(text: str) -> str:
    """SHA-256 in hex over the exact text."""
    return hashlib.sha256(text.encode()).hexdigest()
