"""The worker as a real process."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger.queueing import queue_for
from bot.request.model import State
from bot.request.question import Question
from tests.integration.workers.processes import WITHIN, Workers, a_world_of_processes, the_workers_of, wait_until
from tests.integration.workers.world import CHANNEL, CLEAN, REQUESTER, SCSI_ID, World

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world_of_processes(tmp_path) as world:
        yield world


@pytest.fixture
def workers(world: World) -> Iterator[Workers]:
    with the_workers_of(world) as workers:
        yield workers


def now(world: World) -> None:
    world.clock.now = time.time()


def test_a_worker_takes_a_request_all_the_way_and_leaves_warm(world: World, workers: Workers) -> None:
    worker = workers.start()
    now(world)
    request_id = world.ask()
    wait_until(lambda: world.look(request_id).state is State.CHOOSING_LUN)
    world.pick(request_id)
    wait_until(lambda: world.look(request_id).state is State.CONFIRMING)
    approve(world, request_id)
    wait_until(lambda: world.look(request_id).ended)
    assert world.look(request_id).state is State.SUCCEEDED
    question = Question("q1", "T0TEAM", CHANNEL, REQUESTER, "xenct", world.clock(), 1800.0)
    world.workplace.questions.ask(question, notice_seconds=10)
    wait_until(lambda: bool((world.workplace.questions.load("q1") or question).rows))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(WITHIN) == 0
    assert world.leftovers() == CLEAN
    assert_log_is_clean(world, workers)


def approve(world: World, request_id: str) -> None:
    now(world)
    world.approve(request_id)


def assert_log_is_clean(world: World, workers: Workers) -> None:
    text = workers.log.read_text(encoding="utf-8")
    assert world.pool.password not in text
    assert world.pool.chap_password("tecmint") not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line["event"] == "worker_ready" for line in lines)


def test_a_killed_workers_job_is_taken_up_by_the_next_one(world: World, workers: Workers) -> None:
    first = workers.start()
    now(world)
    request_id = world.approved_by_hand()
    world.pool.fault("SR.probe", "hang", seconds=3)
    approve(world, request_id)
    wait_until(lambda: world.look(request_id).work.doing != "")
    first.kill()
    started = time.monotonic()
    workers.start()
    wait_until(lambda: world.look(request_id).ended)
    assert world.look(request_id).state is State.SUCCEEDED
    assert world.overwritten() == [SCSI_ID]
    assert time.monotonic() - started < 20
    assert not horses()


def horses() -> list[int]:
    """The children of killed workers that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line, status = (entry / "cmdline").read_bytes(), (entry / "status").read_text()
        except OSError:
            continue
        if b"workers.process" in line and "PPid:\t1\n" in status:
            found.append(int(entry.name))
    return found


def test_a_killed_worker_takes_the_job_at_hand_with_it(world: World, workers: Workers) -> None:
    worker = workers.start()
    now(world)
    world.pool.fault("SR.probe", "hang", seconds=30)
    request_id = world.ask()
    wait_until(lambda: bool(world.calls().get("task.get_record")))
    worker.kill()
    worker.wait()
    polls = world.calls()["task.get_record"]
    wait_until(lambda: not horses())
    assert world.calls()["task.get_record"] - polls <= 2
    assert world.look(request_id).state is State.DISCOVERING_TARGETS


def test_a_worker_that_is_told_to_stop_finishes_the_job_at_hand(world: World, workers: Workers) -> None:
    worker = workers.start()
    now(world)
    world.pool.fault("SR.probe", "delay", seconds=1)
    request_id = world.ask()
    wait_until(lambda: bool(world.calls().get("Async.SR.probe")))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(WITHIN) == 0
    assert world.look(request_id).state is State.DISCOVERING_LUNS
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SRBOT_SLACK_BOT_TOKEN": "xoxb-canary"}, "SRBOT_SLACK_BOT_TOKEN: belongs to the bot, not here"),
        ({"SRBOT_REDIS_URL": ""}, "SRBOT_REDIS_URL: is not set"),
        ({"SRBOT_CONFIG": "/nowhere/srbot.toml"}, "can't be read"),
    ],
)
def test_a_worker_that_was_set_up_wrongly_says_so_and_ends(
    workers: Workers, environ: dict[str, str], words: str
) -> None:
    worker = workers.start(**environ)
    assert worker.wait(WITHIN) == 2
    text = workers.log.read_text(encoding="utf-8")
    assert words in text
    assert "xoxb-canary" not in text


def test_a_job_that_names_another_function_is_not_run(world: World, workers: Workers, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    queue = queue_for(world.ledger.redis, "xenct")
    job = queue.enqueue_call("os.mkdir", args=(str(proof),), job_id="stranger")
    workers.start()
    wait_until(lambda: job.is_failed)
    assert not proof.exists()
    assert str(proof) not in workers.log.read_text(encoding="utf-8")
