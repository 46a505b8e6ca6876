"""The run: once, as approved, and never told better than it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.request import events as e
from bot.request.model import Address, Request, State
from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.model import Model
from tests.integration.workers.world import CLEAN, NETAPP, ONE_HOST_REFUSED, REQUESTER, SCSI_ID, START, World, a_world
from workers import discovery, jobs

UUID = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
CREATE_FAILED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def reason_of(request: Request) -> str:
    assert request.trouble is not None
    return request.trouble.reason


def lun(**changes: object) -> dict[str, Any]:
    row = {"lun_id": 0, "scsi_id": SCSI_ID, "size": 107379425280, "vendor": "EQLOGIC", "serial": ""}
    return {**row, **changes}


def test_a_host_that_cannot_log_in_makes_it_partial_with_its_iqn_and_its_own_error(world: World) -> None:
    request = world.create(world.approved(ONE_HOST_REFUSED, None))
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    first, second = request.outcome.hosts
    assert first.attached
    assert (second.host, second.attached, second.iqn) == ("xenct-xen2", False, "iqn.2026-01.com.example:xenct-xen2")
    assert second.trouble is not None
    assert (second.trouble.reason, second.trouble.code) == ("login_refused", "SR_BACKEND_FAILURE_68")
    assert second.trouble.fact("host") == "xenct-xen2"
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lun(size=53687091200), "size was 100.0 GiB (107379425280 bytes) and is 50.0 GiB (53687091200 bytes) now"),
        (lun(serial="OTHER"), "serial was not given and is OTHER now"),
        (lun(scsi_id="3600000000000000000000000000000000"), "can't be seen any more"),
    ],
)
def test_a_lun_that_changed_since_the_approval_makes_it_stale(world: World, change: dict[str, Any], words: str) -> None:
    request_id = world.approved()
    target = world.look(request_id).target
    assert target is not None
    world.array(op="put_lun", array="equallogic", iqn=target.iqn, lun=change)
    request = world.create(request_id)
    assert request.state is State.STALE
    assert words in " ".join(request.changes)
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_an_sr_that_appeared_on_the_lun_makes_it_stale(world: World) -> None:
    request_id = world.approved()
    world.array(op="content", scsi_id=SCSI_ID, content={"kind": "sr", "sr_uuid": UUID, "sr_name": "theirs"})
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"the LUN now holds an SR ({UUID})",))
    assert world.overwritten() == []


def test_a_lun_that_somebody_else_used_meanwhile_makes_it_stale(world: World) -> None:
    first, second = world.approved(), world.approved()
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert request.state is State.STALE
    assert "now serves the SR" in request.changes[0]
    assert world.overwritten() == [SCSI_ID]


def test_a_host_that_was_renamed_or_joined_makes_it_stale(world: World) -> None:
    request_id = world.approved()
    world.pool.do(_rename_second_host)
    request = world.create(request_id)
    assert request.state is State.STALE
    assert "xenct-new" in request.changes[0]


def _rename_second_host(model: Model) -> None:
    model.objects.set("host", model.host_named("xenct-xen2"), name_label="xenct-new")


def test_nothing_runs_after_its_time(world: World) -> None:
    request_id = world.approved()
    world.clock.now = START + 10_000
    assert world.create(request_id).state is State.EXPIRED
    assert world.overwritten() == []


def test_nothing_runs_whose_approver_may_no_longer_approve(world: World) -> None:
    request_id = world.approved()
    world.narrow('approvers = ["UAPPROVER1"]', 'approvers = ["UOTHER"]')
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "not_approved")
    assert world.overwritten() == []


def test_nothing_runs_at_an_address_that_is_no_longer_allowed(world: World) -> None:
    request_id = world.approved()
    world.narrow('"10.0.0.0/24", ', "")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "address_not_allowed")
    assert world.overwritten() == []


def test_a_create_that_failed_leaves_nothing(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.create", "error", details=CREATE_FAILED)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "lvm_failed")
    assert world.leftovers() == CLEAN
    assert not [sr for sr in world.pool.report()["srs"] if sr["name_description"].startswith("srbot:")]


def test_a_create_whose_answer_was_cut_off_is_found_by_its_tag(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("Async.SR.create", "cut_after")
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.overwritten() == [SCSI_ID]
    assert world.calls()["Async.SR.create"] == 1


def test_a_create_that_never_arrived_failed_and_is_not_sent_again(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("Async.SR.create", "cut_before")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "unreadable_answer")
    assert world.overwritten() == []
    assert world.calls()["Async.SR.create"] == 1


def test_a_create_that_takes_too_long_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    world.workplace = replace(world.workplace, task_seconds=0.5)
    world.pool.fault("SR.create", "hang")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xen_timeout")


@pytest.mark.parametrize("fate", ["failed", "lost"])
def test_a_toolstack_that_restarts_during_the_create_ends_in_a_right_state(world: World, fate: str) -> None:
    request_id = world.approved()
    world.pool.fault("SR.create", "hang")
    pauses = iter(range(100))

    def restart_once(seconds: float) -> None:
        del seconds
        if world.calls().get("Async.SR.create") and next(pauses) == 0:
            world.restart(fate)

    world.workplace = replace(world.workplace, pause=restart_once)
    request = world.create(request_id)
    assert request.state is State.FAILED
    assert world.overwritten() == []
    assert {**world.leftovers(), "sessions": 0} == CLEAN


def begin(world: World, request_id: str) -> None:
    """A worker took the run up, said that it changes the pool, and died."""
    step = world.look(request_id).work.step
    world.happens(request_id, e.StepStarted(at=world.clock(), step=step, worker="dead"))
    world.happens(request_id, e.Progressed(at=world.clock(), step=step, doing="creating the SR", changing=True))


def test_a_run_whose_worker_died_before_the_create_goes_on(world: World) -> None:
    request_id = world.approved()
    begin(world, request_id)
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.overwritten() == [SCSI_ID]


def test_a_create_that_is_still_pending_is_waited_for_before_anything_else(world: World) -> None:
    request_id = world.approved()
    begin(world, request_id)
    task = world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))

    def end_it(seconds: float) -> None:
        del seconds
        assert not world.overwritten()
        world.pool.do(lambda model: model.objects.tables["task"].pop(task, None))

    world.workplace = replace(world.workplace, pause=end_it)
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_create_that_stays_pending_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    begin(world, request_id)
    world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))
    world.workplace = replace(world.workplace, task_seconds=0.0)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xen_timeout")
    assert world.overwritten() == []


def test_a_run_whose_worker_died_after_the_create_is_taken_over(world: World) -> None:
    request_id = world.approved()
    other = world.approved()
    begin(world, request_id)
    made = world.create(other).outcome
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, f"srbot:{request_id}", {}))
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert request.outcome.sr.uuid == made.sr.uuid
    assert world.overwritten() == [SCSI_ID]


def test_a_run_whose_worker_died_after_claiming_the_sr_is_taken_over_without_a_probe(world: World) -> None:
    request_id, other = world.approved(), world.approved()
    begin(world, request_id)
    made = world.create(other).outcome
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, "", {"srbot": request_id}))
    probes = world.calls()["Async.SR.probe"]
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.calls()["Async.SR.probe"] == probes


def test_a_tagged_record_whose_lun_says_otherwise_is_left_to_a_person(world: World) -> None:
    request_id, other = world.approved(), world.approved(NETAPP, None, lun_id=4)
    begin(world, request_id)
    made = world.create(other).outcome
    assert made is not None
    world.pool.do(lambda model: _retag(model, made.sr.uuid, f"srbot:{request_id}", {}))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert request.trouble is not None
    assert request.trouble.fact("sr_uuid") == made.sr.uuid
    assert SCSI_ID not in world.overwritten()


def test_a_lun_that_changed_after_a_died_run_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()
    begin(world, request_id)
    world.array(op="content", scsi_id=SCSI_ID, content={"kind": "sr", "sr_uuid": UUID, "sr_name": ""})
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert world.overwritten() == []


def test_a_pool_that_cannot_be_asked_after_a_died_run_leaves_it_to_a_person(world: World) -> None:
    request_id = world.approved()
    begin(world, request_id)
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "host_starting")


def _retag(model: Model, uuid: str, description: str, other_config: dict[str, str]) -> None:
    ref = model.objects.find("SR", uuid)
    assert ref is not None
    model.objects.set("SR", ref, name_description=description, other_config=other_config)


def test_an_accident_after_the_create_does_not_hide_that_there_is_an_sr(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.set_name_description", "error", details=["INTERNAL_ERROR", "x"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")
    assert world.overwritten() == [SCSI_ID]


def test_a_tag_that_cannot_be_set_does_not_hide_it_either(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.add_to_other_config", "error", details=["INTERNAL_ERROR", "x"])
    assert world.create(request_id).state is State.UNKNOWN


def test_a_pool_that_cannot_be_asked_before_the_run_fails_it(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "host_starting")


def test_a_run_that_is_cancelled_before_it_changes_anything_creates_nothing(world: World) -> None:
    request_id = world.approved()

    def cancel(seconds: float) -> None:
        del seconds
        if world.look(request_id).state is State.RUNNING:
            world.happens(request_id, e.Cancelled(at=world.clock(), actor=REQUESTER))

    world.workplace = replace(world.workplace, pause=cancel)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    assert world.create(request_id).state is State.CANCELLED
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_a_job_that_comes_twice_creates_once(world: World) -> None:
    request_id = world.approved()
    step = world.look(request_id).work.step
    first = world.create(request_id)
    jobs.creating(world.workplace, request_id, step)
    assert world.look(request_id) == first
    assert world.overwritten() == [SCSI_ID]


def test_a_job_of_an_earlier_step_or_of_no_request_leaves_without_a_trace(world: World) -> None:
    request_id = world.approved()
    before = world.look(request_id)
    jobs.creating(world.workplace, request_id, before.work.step - 1)
    jobs.looking(world.workplace, request_id, before.work.step, jobs.FINDING_LUNS, discovery.discover_luns)
    jobs.creating(world.workplace, "nobody", 1)
    assert world.look(request_id) == before
    assert "Async.SR.create" not in world.calls()


def test_an_error_of_our_own_ends_the_run_with_a_reference(world: World) -> None:
    request_id = world.approved()

    def broken(seconds: float) -> None:
        message = f"canary {world.pool.password} {seconds}"
        raise ZeroDivisionError(message)

    world.workplace = replace(world.workplace, pause=broken)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "internal")
    assert request.trouble is not None
    assert request.trouble.reference == f"{request_id}-{request.work.step}"
    assert world.leftovers()["secrets"] == 0


def test_an_error_of_our_own_after_the_create_began_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()

    def broken(seconds: float) -> None:
        if "Async.SR.create" in world.calls():
            raise ZeroDivisionError(seconds)

    world.workplace = replace(world.workplace, pause=broken)
    world.pool.fault("SR.create", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "internal")


def test_a_discovery_that_is_repeated_after_its_end_changes_nothing(world: World) -> None:
    request_id = world.ask(Address("10.0.2.5", 3260), None)
    first = world.targets(request_id)
    assert world.targets(request_id) == first
