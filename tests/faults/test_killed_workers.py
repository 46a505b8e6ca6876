"""A worker that is killed in the middle of a call: the next one finishes the request and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.request.model import State
from tests.integration.workers.processes import Workers, a_world_of_processes, the_workers_of, wait_until
from tests.integration.workers.world import CLEAN, SCSI_ID, World

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

HANG = 60.0
"""Seconds: longer than any of these tests."""

SLOW = 3.0
"""A create that goes on without its worker, and ends: the next one waits for that."""


@dataclass(frozen=True)
class Mark:
    """Where a worker is killed: while this call, has no answer."""

    call: str
    carried_out: bool = False
    """The pool does it all the same; only the answer is late."""


THE_JOB_ALONE = (
    Mark("secret.create", carried_out=True),
    Mark("Async.SR.probe", carried_out=True),
    Mark("Async.SR.create"),
    Mark("Async.SR.create", carried_out=True),
    Mark("SR.create"),
    Mark("SR.set_name_description"),
    Mark("secret.destroy"),
    Mark("session.logout"),
)
THE_WHOLE_WORKER = (
    Mark("host.get_all_records"),
    Mark("task.get_record"),
    Mark("Async.SR.create", carried_out=True),
    Mark("session.logout"),
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        monkeypatch.delenv(name, raising=False)
    with a_world_of_processes(tmp_path) as world:
        yield world


@pytest.fixture
def workers(world: World) -> Iterator[Workers]:
    with the_workers_of(world) as workers:
        yield workers


def job_of(worker: int) -> int:
    """The process that a worker has forked for the job at hand."""
    return int(Path(f"/proc/{worker}/task/{worker}/children").read_text().split()[0])


def approved(world: World, workers: Workers) -> str:
    """A request as far as its approval, its steps done by a worker that goes on idling."""
    world.clock.now = time.time()
    request_id = world.approved_by_hand()
    world.pool.do(lambda model: model.calls.reset())
    assert workers.log.exists()
    return request_id


def hang_at(world: World, mark: Mark) -> None:
    world.pool.fault(mark.call, "hang", seconds=SLOW if mark.call == "SR.create" else HANG, done=mark.carried_out)


def named(mark: Mark) -> str:
    return f"{mark.call}, done" if mark.carried_out else mark.call


@pytest.mark.parametrize("mark", THE_JOB_ALONE, ids=named)
def test_a_run_whose_job_is_killed_ends_with_one_sr_and_nothing_left(
    world: World, workers: Workers, mark: Mark
) -> None:
    worker, request_id = running_into(world, workers, mark)
    os.kill(job_of(worker), signal.SIGKILL)
    assert_it_ends_well(world, request_id)


@pytest.mark.parametrize("mark", THE_WHOLE_WORKER, ids=named)
def test_a_run_whose_worker_is_killed_ends_with_one_sr_and_nothing_left(
    world: World, workers: Workers, mark: Mark
) -> None:
    worker, request_id = running_into(world, workers, mark)
    os.kill(worker, signal.SIGKILL)
    workers.start()
    assert_it_ends_well(world, request_id)


def running_into(world: World, workers: Workers, mark: Mark) -> tuple[int, str]:
    """A worker's process that hangs at the mark, and its request."""
    worker = workers.start()
    request_id = approved(world, workers)
    hang_at(world, mark)
    world.clock.now = time.time()
    world.approve(request_id)
    wait_until(lambda: bool(struck(world)))
    return worker.pid, request_id


def assert_it_ends_well(world: World, request_id: str) -> None:
    wait_until(lambda: world.look(request_id).ended)
    wait_until(lambda: world.leftovers() == CLEAN)
    state = world.look(request_id).state
    assert state in {State.SUCCEEDED, State.UNKNOWN}
    assert world.overwritten() == ([SCSI_ID] if state is State.SUCCEEDED else [])


def struck(world: World) -> int:
    found: list[int] = []
    world.pool.do(lambda model: found.append(sum(fault.struck for fault in model.faults.scripted)))
    return found[0]
