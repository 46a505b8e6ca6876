"""Local times: who is on call, and when it is quiet. Instants are seconds since the epoch.

A local time that comes twice when clocks go back means the first; one that is skipped means the hour after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.model import Quiet, Schedule, Shift

_ONE_DAY: Final = timedelta(days=1)
_SOME_DAY: Final = date(2026, 1, 1)
_DAYS_OF_A_YEAR: Final = 366


def on_call(schedule: Schedule, at: float) -> str | None:
    """Give who is on call: a shift comes before the rotation, and before its first day there is nobody."""
    for shift in schedule.shifts:
        begin, end = shift_span(schedule.zone, shift)
        if begin <= at < end:
            return shift.person
    return _by_turn(schedule, at) if schedule.people else None


def shift_span(zone: ZoneInfo, shift: Shift) -> tuple[float, float]:
    return shift.start.replace(tzinfo=zone).timestamp(), shift.end.replace(tzinfo=zone).timestamp()


def _by_turn(schedule: Schedule, at: float) -> str | None:
    today = local_day(schedule.zone, at)
    # Clocks that go back over midnight can take the date with them.
    days = (today + _ONE_DAY, today)
    begun = (day for day in days if instant(schedule.zone, day, schedule.hand_over) <= at)
    turns, _ = divmod((next(begun, today - _ONE_DAY) - schedule.first).days, schedule.turn_days)
    return schedule.people[turns % len(schedule.people)] if turns >= 0 else None


def quiet_until(quiet: Quiet | None, at: float) -> float | None:
    """Give when the quiet hours end that it is now; None outside of them. Those that follow at once are joined."""
    found = None
    for begin, end in _quiet_spans(quiet, at) if quiet else ():
        if begin <= (found or at) < end:
            found = end
    return found


def longest_quiet(quiet: Quiet) -> float:
    """Give the seconds that quiet hours last at the longest, one after the other, clocks that are put back included."""
    days = (_SOME_DAY + offset * _ONE_DAY for offset in range(_DAYS_OF_A_YEAR))
    begins = [instant(quiet.zone, day, quiet.begin) for day in days if day.weekday() in quiet.days]
    return max((quiet_until(quiet, begin) or begin) - begin for begin in begins)


def _quiet_spans(quiet: Quiet, at: float) -> Iterator[tuple[float, float]]:
    """Give those of yesterday and of the week that follows, in order."""
    today = local_day(quiet.zone, at)
    over_midnight = _ONE_DAY if quiet.end <= quiet.begin else timedelta()
    for day in (today + offset * _ONE_DAY for offset in range(-1, 8)):
        if day.weekday() in quiet.days:
            yield instant(quiet.zone, day, quiet.begin), instant(quiet.zone, day + over_midnight, quiet.end)


def local_day(zone: ZoneInfo, at: float) -> date:
    return datetime.fromtimestamp(at, zone).date()


def instant(zone: ZoneInfo, day: date, clock: time) -> float:
    return datetime.combine(day, clock, zone).timestamp()
