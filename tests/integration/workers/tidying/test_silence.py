"""Which attempts of other workers count as dead: those whose worker is silent at two looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.ledger import keys
from bot.ledger.pools import Pools
from tests.integration.workers.aged import Aged
from tests.integration.workers.tidying.leaving import Killed, held, somebody_comes
from tests.integration.workers.world import World, a_world
from workers.tidying import attempt_id


@pytest.fixture(params=["8", "6.5"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path / "world", flavour=request.param) as made:
        yield made


OTHER = "other.host.1-abc"


@pytest.fixture
def redis(world: World) -> Iterator[Aged]:
    with Aged.from_url(world.environ["SRBOT_REDIS_URL"]) as redis:
        world.workplace = replace(world.workplace, pools=Pools(redis))
        yield redis


def left_by_another_worker(world: World) -> Killed:
    """An attempt of another worker, at another job. It lasts as long as somebody holds it."""
    killed = Killed(world)
    killed.leave_a_secret()
    (attempt, note) = next(iter(held(world).items()))
    other = attempt_id(OTHER, "other-1", "x")
    world.workplace.pools.let_go("xenct", attempt)
    world.workplace.pools.hold("xenct", other, note)
    return killed


def time_passes(redis: Redis, seconds: int) -> None:
    """What was noted is older by so much."""
    left: Any = redis.pttl(keys.silent(OTHER))
    assert left > 0
    redis.pexpire(keys.silent(OTHER), left - seconds * 1000)


def test_an_attempt_of_another_worker_is_ended_when_that_was_silent_at_two_looks_a_heartbeat_apart(
    world: World, redis: Aged
) -> None:
    killed = left_by_another_worker(world)
    for seconds in (0, 9):
        somebody_comes(world)
        assert world.leftovers()["sessions"] == 1
        time_passes(redis, seconds)
    time_passes(redis, 2)
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 0, killed
    assert held(world) == {}


def test_an_attempt_of_a_worker_that_reports_again_is_left_alone(world: World, redis: Aged) -> None:
    killed = left_by_another_worker(world)
    somebody_comes(world)
    time_passes(redis, 11)
    redis.set(f"rq:worker:{OTHER}", "here")
    somebody_comes(world)
    redis.delete(f"rq:worker:{OTHER}")
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 1, killed
    assert len(held(world)) == 1


def test_nobody_is_silent_right_after_redis_came_back(world: World, redis: Aged) -> None:
    killed = left_by_another_worker(world)
    somebody_comes(world)
    time_passes(redis, 11)
    redis.uptime = 5
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 1, killed
