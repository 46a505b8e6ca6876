from __future__ import annotations

from dataclasses import dataclass

from bot.slack.publishing.pacing import POST, PRESSURE, UPDATE, Pacing


@dataclass
class Turned:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_short_burst_goes_then_the_channel_has_to_wait() -> None:
    clock = Turned()
    pacing = Pacing(clock)
    for _ in range(4):
        assert pacing.wait(POST, "C1") == 0
        pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1") == 5
    assert pacing.wait(POST, "C2") == 0
    clock.now = 5.0
    assert pacing.wait(POST, "C1") == 0


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
    clock = Turned()
    pacing = Pacing(clock)
    for second in range(3):
        clock.now = float(second)
        assert pacing.wait(POST, "C1", spare=1) == 0
        pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1", spare=1) == 3
    assert pacing.wait(POST, "C1") == 0
    pacing.note(POST, "C1")
    assert pacing.wait(POST, "C1", spare=1) == 4
    assert pacing.wait(POST, "C1") == 3
