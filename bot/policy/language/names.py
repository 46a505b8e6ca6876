"""The sections that give names: groups, schedules and quiet hours; and the names that rules go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeVar

from bot.policy.language import values
from bot.policy.language.tables import Table
from bot.policy.model import ANYONE, HAND_OVER, TURN_DAYS, Group, Part, Quiet, Schedule, Shift, Stop
from bot.policy.times import shift_span

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
T = TypeVar("T")
_STOPS: Final = {stop.value: stop for stop in Stop}


@dataclass(frozen=True, slots=True)
class Names:
    """What a policy has given names to. What is wrong in itself is left out of `groups`, but not of `given`."""

    groups: Mapping[str, Group]
    schedules: Mapping[str, Schedule]
    quiet: Mapping[str, Quiet]
    given: frozenset[str]

    def name(self, value: object) -> str | None:
        return value if isinstance(value, str) and (value in self.given or values.person(value)) else None

    def name_or_anyone(self, value: object) -> str | None:
        return ANYONE if value == ANYONE else self.name(value)

    def part(self, value: object) -> Part | None:
        found = values.part(value)
        return found if found and all(self.name(name) for name in found.names) else None


def names(root: Table) -> Names:
    """Read the sections that give names."""
    groups, schedules, quiet = root.table("groups"), root.table("schedules"), root.table("quiet")
    for name in groups.data.keys() & schedules.data.keys():
        schedules.wrong(name, "is the name of a group too")
    given = frozenset(groups.data) | frozenset(schedules.data)
    found = {name: _group(name, table) for name, table in groups.named()}
    turns = {name: _schedule(name, table) for name, table in schedules.named()}
    hours = {name: _quiet(name, table) for name, table in quiet.named()}
    return Names(found, _kept(turns), _kept(hours), given)


def _kept(found: Mapping[str, T | None]) -> dict[str, T]:
    return {name: value for name, value in found.items() if value is not None}


def _group(name: str, table: Table) -> Group:
    table.check_name(name)
    slack = table.read("slack", values.user_group, "the id of a Slack user group, S…") or ""
    listed = frozenset(table.each("people", values.person, values.PERSON))
    if ("slack" in table.data) is ("people" in table.data):
        table.mistakes.add(table.place, "needs either `slack` or `people`")
    table.close()
    return Group(name, listed, slack)


def _schedule(name: str, table: Table) -> Schedule | None:
    table.check_name(name)
    zone = table.read("zone", values.zone, values.ZONE, required=True)
    people = table.each("people", values.person, values.PERSON)
    first = table.read("first", values.day, "a day as 2026-01-05", required=bool(people))
    turn_days = table.read("turn_days", values.whole, values.WHOLE) or TURN_DAYS
    hand_over = table.read("hand_over", values.clock, values.CLOCK) or HAND_OVER
    shifts = tuple(shift for row in table.tables("shifts") if (shift := _shift(row)))
    if not ("people" in table.data or "shifts" in table.data):
        table.mistakes.add(table.place, "needs `people` who take turns, or `shifts`")
    table.close()
    if zone is None:
        return None
    schedule = Schedule(name, zone, people, first or date.min, turn_days, hand_over, shifts)
    _check_overlaps(table, schedule)
    return schedule


def _shift(row: Table) -> Shift | None:
    person = row.read("person", values.person, values.PERSON, required=True)
    what = "a local date and time as 2026-12-24T09:00:00"
    start, end = (row.read(key, values.local, what, required=True) for key in ("from", "to"))
    row.close()
    if person is None or start is None or end is None:
        return None
    if end <= start:
        row.wrong("to", "must come after `from`")
    return Shift(person, start, end)


def _check_overlaps(table: Table, schedule: Schedule) -> None:
    spans = sorted(shift_span(schedule.zone, shift) for shift in schedule.shifts)
    if any(later < end for (_, end), (later, _) in pairwise(spans)):
        table.wrong("shifts", "two of them overlap")


def _quiet(name: str, table: Table) -> Quiet | None:
    table.check_name(name)
    zone = table.read("zone", values.zone, values.ZONE, required=True)
    begin, end = (table.read(key, values.clock, values.CLOCK, required=True) for key in ("from", "to"))
    days = table.each(
        "days", values.one_of({day: index for index, day in enumerate(_DAYS)}), f"one of {', '.join(_DAYS)}"
    )
    stops = table.each("stops", values.one_of(_STOPS), f"one of {', '.join(_STOPS)}")
    table.close()
    if zone is None or begin is None or end is None:
        return None
    if begin == end and len(days) in {0, len(_DAYS)}:
        table.wrong("to", "leaves no time that is not quiet")
    standard = Quiet(name, zone, begin, end)
    return Quiet(name, zone, begin, end, frozenset(days) or standard.days, frozenset(stops) or standard.stops)
