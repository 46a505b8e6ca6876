from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.model import Quiet, Schedule, Shift
from bot.policy.times import longest_quiet, on_call, quiet_until
from tests.unit.policy.policies import berlin

BERLIN = ZoneInfo("Europe/Berlin")
ROTA = Schedule("on-call", BERLIN, ("U1", "U2", "U3"), date(2026, 1, 5), 7, time(9))
NIGHTS = Quiet("nights", BERLIN, time(22), time(6))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/St_Johns"])
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
# 2008 to 2027: those years hold changes of the clock at midnight too (Brazil until 2019, Newfoundland until 2011).
INSTANTS = st.integers(1_200_000_000, 1_810_000_000).map(float)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-01-05T08:59:59+01:00", None),
        ("2026-01-05T09:00:00+01:00", "U1"),
        ("2026-01-12T08:59:59+01:00", "U1"),
        ("2026-01-12T09:00:00+01:00", "U2"),
        ("2026-01-19T09:00:00+01:00", "U3"),
        ("2026-01-26T09:00:00+01:00", "U1"),
        # Summer time: still at nine as people read it.
        ("2026-03-30T08:59:59+02:00", "U3"),
        ("2026-03-30T09:00:00+02:00", "U1"),
        # And back.
        ("2026-10-26T08:59:59+01:00", "U3"),
        ("2026-10-26T09:00:00+01:00", "U1"),
    ],
)
def test_a_turn_begins_at_the_hand_over_of_its_day(at: str, who: str | None) -> None:
    assert on_call(ROTA, berlin(at)) == who


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-10-25T02:29:59+02:00", "U1"),
        ("2026-10-25T02:30:00+02:00", "U2"),
        ("2026-10-25T02:00:00+01:00", "U2"),
        ("2026-10-25T02:29:59+01:00", "U2"),
    ],
)
def test_a_hand_over_in_the_hour_that_comes_twice_is_at_the_first_and_is_not_taken_back(at: str, who: str) -> None:
    rota = replace(ROTA, first=date(2026, 10, 24), turn_days=1, hand_over=time(2, 30))
    assert on_call(rota, berlin(at)) == who


@pytest.mark.parametrize(
    ("at", "who"),
    [("2026-03-29T01:59:59+01:00", "U1"), ("2026-03-29T03:29:59+02:00", "U1"), ("2026-03-29T03:30:00+02:00", "U2")],
)
def test_a_hand_over_in_the_hour_that_is_skipped_is_an_hour_later(at: str, who: str) -> None:
    rota = replace(ROTA, first=date(2026, 3, 28), turn_days=1, hand_over=time(2, 30))
    assert on_call(rota, berlin(at)) == who


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2010-11-06T23:59:59-02:30", "U1"),
        ("2010-11-07T00:00:00-02:30", "U2"),
        ("2010-11-06T23:01:00-03:30", "U2"),
        ("2010-11-07T00:00:00-03:30", "U2"),
    ],
)
def test_clocks_that_go_back_to_the_day_before_take_no_hand_over_back(at: str, who: str) -> None:
    # Newfoundland changed its clocks at 0:01 until 2011.
    zone = ZoneInfo("America/St_Johns")
    rota = Schedule("on-call", zone, ("U1", "U2", "U3"), date(2010, 11, 6), 1, time(0))
    assert on_call(rota, berlin(at)) == who


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-12-24T08:59:59+01:00", "U3"),
        ("2026-12-24T09:00:00+01:00", "U9"),
        ("2026-12-27T08:59:59+01:00", "U9"),
        ("2026-12-27T09:00:00+01:00", "U3"),
    ],
)
def test_a_shift_comes_before_the_rotation_and_ends_before_its_end(at: str, who: str) -> None:
    shift = Shift("U9", datetime(2026, 12, 24, 9), datetime(2026, 12, 27, 9))  # noqa: DTZ001 - a local time
    assert on_call(replace(ROTA, shifts=(shift,)), berlin(at)) == who


def test_outside_of_its_shifts_a_schedule_without_rotation_has_nobody() -> None:
    assert on_call(Schedule("holidays", BERLIN), berlin("2026-12-24T12:00:00+01:00")) is None


def test_all_who_take_turns_or_shifts_are_of_a_schedule() -> None:
    shift = Shift("U9", datetime(2026, 12, 24, 9), datetime(2026, 12, 27, 9))  # noqa: DTZ001 - a local time
    assert replace(ROTA, shifts=(shift,)).everybody == {"U1", "U2", "U3", "U9"}


@given(ZONES, CLOCKS, INSTANTS, st.integers(1, 3600 * 30))
def test_turns_only_go_forward(zone: str, hand_over: time, at: float, later: int) -> None:
    people = tuple(f"U{number}" for number in range(9000))
    rota = Schedule("on-call", ZoneInfo(zone), people, date(2007, 12, 1), 1, hand_over)
    before, after = on_call(rota, at), on_call(rota, at + later)
    assert before is not None
    assert after is not None
    assert 0 <= int(after[1:]) - int(before[1:]) <= 3


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-23T21:59:59+01:00", None),
        ("2026-11-23T22:00:00+01:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T00:00:00+01:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T05:59:59+01:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T06:00:00+01:00", None),
        # One hour less, and one more.
        ("2026-03-28T23:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T06:00:00+01:00"),
    ],
)
def test_quiet_hours_go_over_midnight(at: str, until: str | None) -> None:
    assert quiet_until(NIGHTS, berlin(at)) == (until and berlin(until))


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-11-27T23:00:00+01:00", True),  # Friday
        ("2026-11-28T05:00:00+01:00", True),  # what began on Friday
        ("2026-11-28T23:00:00+01:00", False),
        ("2026-11-29T05:00:00+01:00", False),
    ],
)
def test_quiet_days_are_those_on_which_the_hours_begin(at: str, *, quiet: bool) -> None:
    fridays = replace(NIGHTS, days=frozenset({4}))
    assert (quiet_until(fridays, berlin(at)) is not None) is quiet


def test_hours_within_a_day_don_t_reach_into_the_next() -> None:
    lunch = Quiet("lunch", BERLIN, time(12), time(13))
    assert quiet_until(lunch, berlin("2026-11-23T12:30:00+01:00")) == berlin("2026-11-23T13:00:00+01:00")
    assert quiet_until(lunch, berlin("2026-11-24T01:30:00+01:00")) is None


def test_a_quiet_weekend_ends_once() -> None:
    weekend = Quiet("weekend", BERLIN, time(0), time(0), frozenset({5, 6}))
    assert quiet_until(weekend, berlin("2026-11-28T10:00:00+01:00")) == berlin("2026-11-30T00:00:00+01:00")


def test_without_quiet_hours_it_never_is() -> None:
    assert quiet_until(None, 0.0) is None


@given(ZONES, CLOCKS, CLOCKS, st.frozensets(st.integers(0, 6), max_size=6), INSTANTS)
def test_when_quiet_hours_end_it_is_not_quiet(
    zone: str, begin: time, end: time, days: frozenset[int], at: float
) -> None:
    quiet = Quiet("some", ZoneInfo(zone), begin, end, days)
    until = quiet_until(quiet, at)
    if until is not None:
        assert at < until <= at + timedelta(days=8).total_seconds()
        assert quiet_until(quiet, until) is None


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (NIGHTS, 9),
        (replace(NIGHTS, zone=ZoneInfo("UTC")), 8),
        (replace(NIGHTS, begin=time(9), end=time(17), days=frozenset({0})), 8),
        (Quiet("weekends", BERLIN, time(0), time(0), frozenset({5, 6})), 49),
    ],
)
def test_quiet_hours_last_as_long_as_the_longest_of_a_year(quiet: Quiet, hours: int) -> None:
    assert longest_quiet(quiet) == hours * 3600


@given(
    INSTANTS,
    st.builds(
        Quiet,
        st.just("some"),
        ZONES.map(ZoneInfo),
        CLOCKS,
        CLOCKS,
        st.sets(st.integers(0, 6), min_size=1, max_size=5).map(frozenset),
    ),
)
def test_no_quiet_hours_are_longer_than_that_but_for_what_a_zone_has_given_up(at: float, quiet: Quiet) -> None:
    end = quiet_until(quiet, at)
    assert end is None or end - at <= longest_quiet(quiet) + 2 * 3600
