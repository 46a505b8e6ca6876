from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.slack.publishing.pacing import POST, POST_BURST, POST_EVERY, PRESSURE, UPDATE, Pacing


@dataclass
class Turned:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_short_burst_goes_then_a_message_a_second() -> None:
    clock = Turned(100.0)
    pacing = Pacing(clock)
    for _ in range(POST_BURST):
        assert pacing.wait(POST, "C1") == 0
        pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1") == pytest.approx(POST_EVERY)
    assert pacing.wait(POST, "C2") == 0
    clock.now += POST_EVERY
    assert pacing.wait(POST, "C1") == pytest.approx(0)
    pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1") == pytest.approx(POST_EVERY)


def test_under_pressure_one_card_is_edited_every_two_seconds() -> None:
    clock = Turned()
    pacing = Pacing(clock)
    for number in range(PRESSURE + 1):
        assert pacing.wait(UPDATE, "C1", f"card{number}") == 0
        pacing.note(UPDATE, "C1", f"card{number}")
    assert pacing.wait(UPDATE, "C1", f"card{PRESSURE}") == 2
    assert pacing.wait(UPDATE, "C1", "another") == 0
    clock.now = 2.0
    assert pacing.wait(UPDATE, "C1", f"card{PRESSURE}") == 0


def test_a_method_that_slack_held_up_waits_as_long_as_slack_said() -> None:
    clock = Turned()
    pacing = Pacing(clock)
    pacing.hold(POST, 30)
    assert pacing.wait(POST, "C1") == 30
    assert pacing.wait(UPDATE, "C1", "card") == 0
    clock.now = 30.0
    assert pacing.wait(POST, "C1") == 0


def test_what_is_less_urgent_leaves_room_for_what_is_more() -> None:
    clock = Turned(100.0)
    pacing = Pacing(clock)
    for _ in range(POST_BURST - 1):
        assert pacing.wait(POST, "C1", spare=1) == 0
        pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1", spare=1) == pytest.approx(POST_EVERY)
    assert pacing.wait(POST, "C1") == 0
    pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1", spare=1) == pytest.approx(2 * POST_EVERY)
    assert pacing.wait(POST, "C1") == pytest.approx(POST_EVERY)


def test_no_minute_holds_more_edits_than_slack_takes() -> None:
    clock = Turned(100.0)
    pacing = Pacing(clock)
    for number in range(45):
        pacing.note(UPDATE, "C1", f"card{number}")
    assert pacing.wait(UPDATE, "C1", "one more") == 60
    clock.now += 60
    assert pacing.wait(UPDATE, "C1", "one more") == 0
