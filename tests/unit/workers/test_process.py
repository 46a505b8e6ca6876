from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from bot.ledger.queueing import queue_for
from bot.settings import SettingsError
from tests.integration.workers.world import CONFIG, POOL
from tests.servers import empty_url
from workers import logs
from workers.process import WRONG_SETTINGS, PoolWorker, main, ready


@pytest.fixture
def handlers() -> Iterator[None]:
    """The signals of the process that tests, put back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class LeftError(Exception):
    """The process would have ended here."""


def leave(code: int) -> None:
    raise LeftError(code)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("parent_is_gone", [False, True])
def test_a_job_whose_worker_died_before_it_could_say_so_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, *, parent_is_gone: bool
) -> None:
    with Redis.from_url(empty_url()) as redis:
        worker = PoolWorker(redis, "xenct", 10.0)
        monkeypatch.setattr(sys, "platform", "other")
        monkeypatch.setattr(os, "getppid", lambda: 1 if parent_is_gone else os.getpid())
        monkeypatch.setattr(os, "_exit", leave)
        if parent_is_gone:
            with pytest.raises(LeftError):
                worker.setup_work_horse_signals()
        else:
            worker.setup_work_horse_signals()


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_that_is_told_to_stop_before_it_begins_ends_well(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "configure", lambda: None)
    config = tmp_path / "srbot.toml"
    pools = POOL.format(name="xenct", url="http://127.0.0.1:9", file="xenct", read=30)
    config.write_text(CONFIG.format(pools=pools, heartbeat=10), encoding="utf-8")
    environ = {"SRBOT_CONFIG": str(config), "SRBOT_REDIS_URL": empty_url()}
    with pytest.raises(SystemExit) as left:
        main("xenct", environ, lambda: signal.raise_signal(number))
    assert left.value.code == 0


def test_a_pool_that_is_not_configured_is_told_with_the_other_mistakes(tmp_path: Path) -> None:
    config = tmp_path / "srbot.toml"
    pools = POOL.format(name="xenct", url="http://127.0.0.1:9", file="xenct", read=30)
    config.write_text(CONFIG.format(pools=pools, heartbeat=10), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        ready("nowhere", {"SRBOT_CONFIG": str(config), "SRBOT_SLACK_BOT_TOKEN": "x"})
    assert len(caught.value.mistakes) == 3
    assert "pools.nowhere: is not configured" in caught.value.mistakes


@pytest.mark.usefixtures("handlers")
def test_a_worker_that_cannot_start_says_so_with_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "configure", lambda: None)
    config = tmp_path / "srbot.toml"
    pools = POOL.format(name="xenct", url="http://127.0.0.1:9", file="xenct", read=30)
    config.write_text(CONFIG.format(pools=pools, heartbeat=10), encoding="utf-8")
    with capture_logs() as lines:
        assert main("nowhere", {"SRBOT_CONFIG": str(config), "SRBOT_REDIS_URL": empty_url()}) == WRONG_SETTINGS
    assert lines[-1]["event"] == "worker_cannot_start"


def test_a_job_that_failed_is_logged_without_its_arguments() -> None:
    with Redis.from_url(empty_url()) as redis, capture_logs() as lines:
        worker = PoolWorker(redis, "xenct", 10.0)
        job = queue_for(redis, "xenct").enqueue_call("workers.jobs.run_plan", args=("canary", 1), job_id="r-1")
        worker.handle_exception(job, ValueError, ValueError(), None)
    (line,) = [line for line in lines if line["event"] == "job_failed"]
    assert line["job"] == "r-1"
    assert "canary" not in repr(line)


def test_a_worker_at_a_job_is_dead_after_one_silent_heartbeat() -> None:
    with Redis.from_url(empty_url()) as redis:
        worker = PoolWorker(redis, "xenct", 10.0)
        job = queue_for(redis, "xenct").enqueue_call("workers.jobs.run_plan", args=("r", 1), job_id="r-1")
        assert worker.get_heartbeat_ttl(job, 100.0) == 10
