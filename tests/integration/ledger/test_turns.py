from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from bot.ledger.store import Ledger, LedgerUnavailable
from bot.ledger.turns import Turns
from bot.request import events as e
from bot.request.model import Request
from tests import stories
from tests.servers import empty_url


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


def test_whose_turn_does_not_come_in_time_is_told_so_and_the_line_goes_on() -> None:
    turns = Turns()
    with turns.take("r", time.monotonic() + 60) as first, turns.take("r", time.monotonic()) as second:
        assert (first, second) == (True, False)
        with turns.take("another", time.monotonic()) as third:
            assert third
    with turns.take("r", time.monotonic()) as later:
        assert later
    assert not turns._lines


def test_many_threads_of_one_process_decide_one_after_another(redis: Redis) -> None:
    ledger, threads = Ledger(redis, patience=30.0), 16
    ledger.open(stories.asked(request="crowded22"))
    decided, barrier = [], threading.Barrier(threads)

    def decide(request: Request) -> list[e.Event]:
        decided.append(request.version)
        return [e.Noticed(at=stories.START + 10, step=1, why="no_worker")]

    def step(_: int) -> None:
        barrier.wait()
        ledger.commit("crowded22", decide)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(step, range(threads)))
    assert len(decided) == len(set(decided)) == threads, "nobody decided in vain"


def test_who_waits_in_vain_has_changed_nothing(redis: Redis) -> None:
    ledger = Ledger(redis, patience=0.05)
    ledger.open(stories.asked(request="crowded22"))
    entered, done = threading.Event(), threading.Event()

    def slowly(_: Request) -> list[e.Event]:
        entered.set()
        done.wait(30)
        return []

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ledger.commit, "crowded22", slowly)
        entered.wait(30)
        with pytest.raises(LedgerUnavailable) as told:
            ledger.commit("crowded22", lambda _: [])
        done.set()
        first.result(30)
    assert not told.value.sent
