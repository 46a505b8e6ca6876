from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from bot.ledger import keys
from bot.ledger.freezes import Freezes
from bot.ledger.store import LedgerUnavailable
from bot.request.freezing import EVERY_POOL, Freeze
from tests.servers import empty_url

MOVED = Freeze("xenct", "UANNA", 7.0, "the array is moved")


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


def types(redis: Redis) -> list[str]:
    rows: Any = redis.xrange(keys.AUDIT)
    return [fields[b"record"].decode().partition('"type":"')[2].partition('"')[0] for _, fields in rows]


def test_a_pool_is_frozen_once_and_by_the_first(redis: Redis) -> None:
    freezes = Freezes(redis)
    assert freezes.freeze(MOVED)
    assert not freezes.freeze(Freeze("xenct", "UBEN", 8.0, "me too"))
    assert freezes.freeze(Freeze(EVERY_POOL, "UBEN", 9.0, "a storm"))
    assert [freeze.by for freeze in freezes.all()] == ["UBEN", "UANNA"]
    assert types(redis) == ["Frozen", "Frozen"]


def test_a_thaw_lifts_its_own_freeze_alone_and_has_what_is_held_looked_at(redis: Redis) -> None:
    freezes = Freezes(redis)
    freezes.freeze(MOVED)
    freezes.freeze(Freeze(EVERY_POOL, "UBEN", 9.0, "a storm"))
    redis.zadd(keys.DUE, {"release:abc": 500.0, "expire:abc": 500.0})
    assert not freezes.thaw("other", "UBEN", 10.0)
    assert redis.zscore(keys.DUE, "release:abc") == 500.0
    assert freezes.thaw(EVERY_POOL, "UBEN", 10.0)
    assert freezes.all() == (MOVED,)
    assert (redis.zscore(keys.DUE, "release:abc"), redis.zscore(keys.DUE, "expire:abc")) == (10.0, 500.0)
    assert types(redis) == ["Frozen", "Frozen", "Thawed"]


def test_a_freeze_that_cant_be_read_freezes_all_the_same_and_can_be_lifted(redis: Redis) -> None:
    redis.hset(keys.FREEZES, "xenct", b"junk")
    (freeze,) = Freezes(redis).all()
    assert (freeze.pool, freeze.reason) == ("xenct", "its record can't be read")
    assert Freezes(redis).thaw("xenct", "UANNA", 7.0)
    assert Freezes(redis).all() == ()


def test_somebody_who_was_faster_is_seen(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    freezes = Freezes(redis)
    raced: list[str] = []
    attempt = Freezes._attempt

    def interfered(self: Freezes, pool: str, decide: Any) -> bool:  # noqa: ANN401 - handed on
        def later(before: Freeze | None) -> Any:  # noqa: ANN401 - handed on
            if not raced:
                raced.append(pool)
                Freezes(redis).freeze(MOVED)
            return decide(before)

        return attempt(self, pool, later)

    monkeypatch.setattr(Freezes, "_attempt", interfered)
    assert not freezes.freeze(Freeze("xenct", "UBEN", 8.0, "me too"))
    assert freezes.all() == (MOVED,)


def test_a_server_that_does_not_answer_is_told() -> None:
    with pytest.raises(LedgerUnavailable):
        Freezes(Redis.from_url("unix:///nowhere/s.sock")).all()
