from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import Redis

from deploy.embedded import Server, ledger_warnings, start

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with start(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture
def redis(server: Server) -> Iterator[Redis]:
    with Redis.from_url(server.url, decode_responses=True) as connected:
        yield connected


def test_our_own_server_gives_no_warning(redis: Redis) -> None:
    assert ledger_warnings(redis) == []


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("appendonly", "no", "Set `appendonly yes`"),
        ("appendfsync", "everysec", "appendfsync `everysec`"),
        ("maxmemory-policy", "allkeys-lru", "maxmemory-policy `allkeys-lru`"),
        ("maxmemory-policy", "volatile-ttl", "maxmemory-policy `volatile-ttl`"),
    ],
)
def test_a_setting_that_can_lose_work_is_named(redis: Redis, setting: str, value: str, sentence: str) -> None:
    redis.config_set(setting, value)
    (warning,) = ledger_warnings(redis)
    assert sentence in warning


def as_user(server: Server, redis: Redis, *rights: str) -> Redis:
    redis.acl_setuser("limited", enabled=True, passwords=["+canary"], keys=["*"], commands=["+@all", *rights])
    return Redis.from_url(server.url, username="limited", password="canary", decode_responses=True)


def test_a_server_that_denies_config_is_still_checked(server: Server, redis: Redis) -> None:
    redis.config_set("maxmemory-policy", "allkeys-lru")
    with as_user(server, redis, "-config") as limited:
        fsync, memory = ledger_warnings(limited)
    assert "CONFIG GET is denied" in fsync
    assert "allkeys-lru" in memory


def test_a_server_that_denies_info_too_says_what_to_check(server: Server, redis: Redis) -> None:
    with as_user(server, redis, "-config", "-info") as limited:
        info, fsync = ledger_warnings(limited)
    assert "appendonly is `yes` and maxmemory-policy `noeviction`" in info
    assert "CONFIG GET is denied" in fsync
