"""Jobs that a dead worker left, in a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from bot.ledger.queueing import queue_for
from tests.integration.workers.aged import Aged
from tests.servers import empty_url
from workers import reaper
from workers.reaper import reap


@pytest.fixture
def redis() -> Iterator[Aged]:
    with Aged.from_url(empty_url()) as redis:
        yield redis


def taken(redis: Redis) -> Any:  # noqa: ANN401 - rq's queue
    """A queue whose only job was taken out and never begun."""
    queue = queue_for(redis, "xenct")
    queue.enqueue_call("workers.jobs.run_plan", args=("r", 1), job_id="r-1")
    redis.lmove(queue.key, queue.intermediate_queue_key)
    return queue


def look_again(redis: Redis, queue: Any, heartbeat: float) -> None:  # noqa: ANN401 - rq's queue
    redis.delete(reaper.LOCK.format(queue=queue.name))
    reap(redis, queue, heartbeat)


def age(redis: Redis, queue: Any, milliseconds: int) -> None:  # noqa: ANN401 - rq's queue
    redis.pexpire(reaper.SEEN.format(queue=queue.name, job="r-1"), 30_000 - milliseconds)


def test_a_job_that_was_taken_and_never_begun_is_put_back_after_a_heartbeat(redis: Aged) -> None:
    queue = taken(redis)
    look_again(redis, queue, 10.0)
    look_again(redis, queue, 10.0)
    assert queue.job_ids == []
    age(redis, queue, 11_000)
    look_again(redis, queue, 10.0)
    assert queue.job_ids == ["r-1"]
    assert redis.llen(queue.intermediate_queue_key) == 0


def test_a_job_that_moved_on_meanwhile_is_not_doubled(redis: Aged) -> None:
    queue = taken(redis)
    redis.lrem(queue.intermediate_queue_key, 1, "r-1")
    reaper._put_back(redis, queue, "r-1")
    assert queue.job_ids == []


def test_a_job_that_is_being_begun_is_left_alone(redis: Aged) -> None:
    queue = taken(redis)
    redis.zadd(queue.started_job_registry.key, {"r-1:execution": 9e9})
    look_again(redis, queue, 10.0)
    assert not redis.exists(reaper.SEEN.format(queue=queue.name, job="r-1"))


def test_only_one_worker_looks_at_a_time(redis: Aged) -> None:
    queue = taken(redis)
    reap(redis, queue, 10.0)
    age(redis, queue, 11_000)
    reap(redis, queue, 10.0)
    assert queue.job_ids == []


def test_after_an_outage_the_living_may_report_first(redis: Aged) -> None:
    queue = taken(redis)
    redis.uptime = 5
    look_again(redis, queue, 10.0)
    assert not redis.exists(reaper.SEEN.format(queue=queue.name, job="r-1"))
