"""A run whose worker died: what it made is taken over, what it may have made is left to a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.model import State
from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.model import Model
from tests.integration.workers.tidying.leaving import Killed
from tests.integration.workers.world import CLEAN, NETAPP, SCSI_ID, World, a_world, reason_of
from workers.xen.errors import SessionLostError

UUID = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
REFUSED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def test_a_run_whose_worker_died_before_the_create_goes_on(world: World) -> None:
    request_id = world.approved()
    world.begin(request_id)
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.overwritten() == [SCSI_ID]


def test_a_create_that_is_still_pending_is_waited_for_before_anything_else(world: World) -> None:
    request_id = world.approved()
    world.begin(request_id)
    task = world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))

    begun: list[int] = []

    def end_it(seconds: float) -> None:
        del seconds
        begun.append(world.calls().get("Async.SR.create", 0))
        world.pool.do(lambda model: model.objects.tables["task"].pop(task, None))

    world.workplace = replace(world.workplace, pause=end_it)
    assert world.create(request_id).state is State.SUCCEEDED
    assert begun[0] == 0


def test_a_create_that_stays_pending_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    world.begin(request_id)
    world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))
    world.workplace = replace(world.workplace, task_seconds=0.0)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xen_timeout")
    assert world.overwritten() == []


def test_a_run_whose_worker_died_after_the_create_is_taken_over(world: World) -> None:
    request_id = world.approved()
    other = world.approved()
    made = world.create(other).outcome
    world.begin(request_id)
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, f"srbot:{request_id}", {}))
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert request.outcome.sr.uuid == made.sr.uuid
    assert world.overwritten() == [SCSI_ID]


@pytest.mark.parametrize("claimed", [True, False])
def test_an_sr_that_only_the_pool_remembers_is_taken_over(world: World, *, claimed: bool) -> None:
    """The ledger was restored from a copy: it knows nothing of the first attempt."""
    request_id, other = world.approved(), world.approved()
    made = world.create(other).outcome
    assert made is not None
    tag = ("", {"srbot": request_id}) if claimed else (f"srbot:{request_id}", {})
    world.pool.do(lambda model: _retag(model, made.sr.uuid, *tag))
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert request.outcome.sr.uuid == made.sr.uuid
    assert world.overwritten() == [SCSI_ID]


def test_an_sr_that_only_the_pool_remembers_is_found_behind_a_lun_that_cannot_be_looked_at(world: World) -> None:
    request_id, other = world.approved(), world.approved()
    made = world.create(other).outcome
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, "", {"srbot": request_id}))
    world.pool.fault("SR.probe", "error", details=["SR_DEVICE_IN_USE", "x"])
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_create_that_only_the_pool_remembers_and_that_is_gone_again_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    task = world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))

    def begin(model: Model) -> str:
        record = {"uuid": UUID, "name_label": "x", "name_description": f"srbot:{request_id}", "type": "lvmoiscsi"}
        sizes = {"physical_size": -1, "physical_utilisation": -1, "content_type": "user", "shared": True}
        return model.objects.add("SR", {**record, **sizes, "other_config": {}, "sm_config": {}})

    begun = world.pool.do(begin)

    def roll_back(seconds: float) -> None:
        """As xapi does with a create that fails."""
        del seconds
        if world.calls().get("task.get_all_records"):
            world.pool.do(lambda model: model.objects.tables["SR"].pop(begun, None))
            world.pool.do(lambda model: model.objects.tables["task"].pop(task, None))

    world.workplace = replace(world.workplace, pause=roll_back)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert world.overwritten() == []


def test_a_run_whose_worker_died_after_claiming_the_sr_is_taken_over_without_a_probe(world: World) -> None:
    request_id, other = world.approved(), world.approved()
    made = world.create(other).outcome
    world.begin(request_id)
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, "", {"srbot": request_id}))
    probes = world.calls()["Async.SR.probe"]
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.calls()["Async.SR.probe"] == probes


def test_a_tagged_record_whose_lun_says_otherwise_is_left_to_a_person(world: World) -> None:
    request_id, other = world.approved(), world.approved(NETAPP, None, lun_id=4)
    made = world.create(other).outcome
    world.begin(request_id)
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, f"srbot:{request_id}", {}))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert request.trouble is not None
    assert request.trouble.fact("sr_uuid") == made.sr.uuid
    assert SCSI_ID not in world.overwritten()


def test_a_lun_that_changed_after_a_died_run_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    world.begin(request_id)
    world.array(op="content", scsi_id=SCSI_ID, content={"kind": "sr", "sr_uuid": UUID, "sr_name": ""})
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert world.overwritten() == []


def test_a_pool_that_cannot_be_asked_after_a_died_run_leaves_it_to_a_person(world: World) -> None:
    request_id = world.approved()
    world.begin(request_id)
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "host_starting")


@pytest.mark.parametrize("method", ["SR.create", "Async.SR.create"])
def test_a_create_that_is_refused_after_a_died_run_failed_and_says_why(world: World, method: str) -> None:
    request_id = world.approved()
    killed = Killed(world)
    world.begin(request_id)
    world.pool.fault(method, "error", details=REFUSED)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "lvm_failed")
    with pytest.raises(SessionLostError):
        killed.session.call("task.get_all_records")
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("heard", ["not tidied", "sealed otherwise"])
def test_a_create_is_never_called_failed_while_the_died_run_may_still_be_heard(world: World, heard: str) -> None:
    request_id = world.approved()
    killed = Killed(world)
    world.begin(request_id)
    if heard == "not tidied":
        world.pool.fault("session.get_tasks", "error", details=["INTERNAL_ERROR", "x"], times=0)
    else:
        world.workplace.pools.hold("xenct", killed.session.attempt, b"sealed otherwise")
    world.pool.fault("SR.create", "error", details=REFUSED)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "lvm_failed")
    assert killed.session.call("task.get_all_records") is not None


def _retag(model: Model, uuid: str, description: str, other_config: dict[str, str]) -> None:
    ref = model.objects.find("SR", uuid)
    assert ref is not None
    model.objects.set("SR", ref, name_description=description, other_config=other_config)
