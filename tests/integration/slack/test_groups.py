from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from slack_sdk import WebClient

from bot.slack.groups import DECIDES_SECONDS, UNREAD, Groups
from tests.integration.slack.stage import Stage

ADMINS = "S0STORADM1"


@dataclass
class Turned:
    """A clock that a test turns."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Reader:
    """Groups of the local Slack, and how often that was asked for them."""

    stage: Stage
    groups: Groups
    clock: Turned
    before: int = field(default=0)

    def read(self, seconds: float = 5.0) -> frozenset[str] | None:
        return self.groups.begin()(time.monotonic() + seconds).of_group.get(ADMINS)

    def calls(self) -> int:
        journal = self.stage.control("log")
        return sum("usergroups.list" in str(entry["what"]) for entry in journal if entry["direction"] == "in")


@pytest.fixture
def reader(empty_stage: Stage) -> Iterator[Reader]:
    clock = Turned()
    client = WebClient(
        token=empty_stage.slack.bot_token, base_url=empty_stage.slack.api_url, timeout=2, retry_handlers=[]
    )
    groups = Groups(client, clock)
    yield Reader(empty_stage, groups, clock)
    groups.close()


def test_one_reading_serves_everybody_who_comes_while_it_may_decide(reader: Reader) -> None:
    start = threading.Barrier(20)

    def press(_: int) -> frozenset[str] | None:
        start.wait()
        return reader.read()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(press, range(20)))
    assert answers == {frozenset({reader.stage.slack.users["approver-1"], reader.stage.slack.users["approver-2"]})}
    reader.clock.now += DECIDES_SECONDS
    assert reader.read() in answers
    assert reader.calls() == 1


def test_who_left_a_group_is_out_of_it_after_fifteen_seconds(reader: Reader) -> None:
    assert reader.read() is not None
    reader.stage.control("usergroup", {"usergroup": ADMINS, "users": [reader.stage.slack.users["approver-2"]]})
    reader.clock.now += DECIDES_SECONDS + 0.1
    assert reader.read() == frozenset({reader.stage.slack.users["approver-2"]})
    assert reader.calls() == 2


def test_a_group_that_is_disabled_cannot_be_read(reader: Reader) -> None:
    reader.stage.control("usergroup", {"usergroup": ADMINS, "disabled": True})
    assert reader.read() is None


@pytest.mark.parametrize("error", ["internal_error", "ratelimited", "missing_scope"])
def test_what_slack_refuses_is_unread_and_the_next_one_asks_again(reader: Reader, error: str) -> None:
    reader.stage.control("fault", {"method": "usergroups.list", "error": error, "times": 1})
    assert reader.read() is None
    assert reader.read() is not None


def test_an_answer_that_comes_too_late_is_unread(reader: Reader) -> None:
    reader.stage.control("fault", {"method": "usergroups.list", "delay": 1.0, "times": 1})
    assert reader.read(0.05) is None


def test_a_reading_that_took_longer_than_it_may_decide_decides_nothing(reader: Reader) -> None:
    reader.stage.control("fault", {"method": "usergroups.list", "delay": 0.3, "times": 1})
    answer = reader.groups.begin()
    reader.clock.now += DECIDES_SECONDS + 0.1
    assert answer(time.monotonic() + 5) == UNREAD


def test_whoever_asks_while_the_bot_closes_gets_no_answer(reader: Reader) -> None:
    waiting = reader.groups.begin()
    reader.groups.close()
    assert waiting(time.monotonic() + 5) is not None
    reader.clock.now += DECIDES_SECONDS + 1
    assert reader.read() is None
