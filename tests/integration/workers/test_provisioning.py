"""The run: once, as approved, and never told better than it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import deciding
from bot.ledger.store import Ledger
from bot.request import events as e
from bot.request.model import Address, State
from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.model import Condition, Model
from tests.integration.workers.clock import START
from tests.integration.workers.recording import during
from tests.integration.workers.world import (
    CLEAN,
    NETAPP,
    ONE_HOST_REFUSED,
    OVERRIDER,
    REQUESTER,
    SCSI_ID,
    SILENT,
    World,
    a_world,
    reason_of,
    until,
)
from workers import jobs
from workers.xen.session import PoolSession

UUID = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
CREATE_FAILED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


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


def test_nothing_runs_after_its_time(world: World) -> None:
    request_id = world.approved()
    world.clock.now = START + 100_000
    assert world.create(request_id).state is State.EXPIRED
    assert world.overwritten() == []


def test_a_run_whose_time_is_over_when_it_would_change_the_pool_expires(world: World) -> None:
    request_id = world.approved()

    def take_long(_seconds: float) -> None:
        world.clock.now = START + 100_000

    world.workplace = replace(world.workplace, pause=take_long)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    assert world.create(request_id).state is State.EXPIRED
    assert "Async.SR.create" not in world.calls()
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_the_policy_is_asked_again_by_the_commit_that_begins_the_change(world: World) -> None:
    request_id = world.approved()

    def put_in_force(_seconds: float) -> None:
        world.apply('[rules.all]\ndecide = ["1 of UAPPROVER1"]\n\n[deny.all]\nwhen = {}\nbecause = "Not now."\n')

    world.workplace = replace(world.workplace, pause=put_in_force)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "not_approved")
    assert "Async.SR.create" not in world.calls()


def test_a_policy_that_wants_more_people_stops_a_run_that_has_changed_nothing(world: World) -> None:
    request_id = world.approved()

    def put_in_force(_seconds: float) -> None:
        world.apply('[rules.all]\ndecide = ["2 of UAPPROVER1 or UAPPROVER2"]\n')

    world.workplace = replace(world.workplace, pause=put_in_force)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, len(request.approvals)) == (State.AWAITING_APPROVAL, 1)
    assert "Async.SR.create" not in world.calls()
    assert world.leftovers() == CLEAN
    standing, now = world.workplace.standing(), world.clock()
    world.happens(request_id, *deciding.approve(request, standing, OVERRIDER, request.plan_number, now))
    assert world.create(request_id).state is State.SUCCEEDED


def test_what_is_held_is_not_taken_up_before_its_time(world: World) -> None:
    request_id = world.approved()
    held = world.happens(request_id, e.Held(at=world.clock(), until=world.clock() + 60, because="quiet_hours"))
    assert world.create(request_id) == held
    world.clock.now += 61
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_run_that_changes_the_pool_goes_on_past_its_time(world: World) -> None:
    request_id = world.approved()

    def take_long(_seconds: float) -> None:
        if world.look(request_id).work.changing:
            world.clock.now = START + 100_000

    world.workplace = replace(world.workplace, pause=take_long)
    world.pool.fault("SR.create", "delay", seconds=0.2)
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.clock.now > START + 100_000


def test_nothing_runs_whose_approver_may_no_longer_approve(world: World) -> None:
    request_id = world.approved()
    world.narrow('approvers = ["UAPPROVER1", "UAPPROVER2"]', 'approvers = ["UOTHER", "UAPPROVER2"]')
    assert world.create(request_id).state is State.AWAITING_APPROVAL
    assert world.overwritten() == []


def test_nothing_is_created_while_a_configured_pool_does_not_answer(world: World) -> None:
    request_id = world.approved()
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "pool_not_asked")
    assert request.trouble is not None
    assert request.trouble.fact("pool") == "silent"
    assert "Async.SR.create" not in world.calls()
    assert world.overwritten() == []


def test_nothing_runs_at_an_address_that_is_no_longer_allowed(world: World) -> None:
    request_id = world.approved()
    world.narrow('"10.0.0.0/24", ', "")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "address_not_allowed")
    assert world.overwritten() == []


def test_a_create_that_failed_leaves_nothing(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.create", "error", details=CREATE_FAILED)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "lvm_failed")
    assert world.leftovers() == CLEAN
    assert not [sr for sr in world.pool.report()["srs"] if sr["name_description"].startswith("srbot:")]


def test_a_create_that_failed_is_told_at_once_though_somebody_else_creates_too(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.create", "error", details=CREATE_FAILED)
    world.pool.do(lambda model: tasks.create(model, model.master(), "Async.SR.create"))
    world.workplace = replace(world.workplace, task_seconds=0.5)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "lvm_failed")


def test_a_create_whose_answer_was_cut_off_is_found_by_its_tag(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("Async.SR.create", "cut_after")
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.overwritten() == [SCSI_ID]
    assert world.calls()["Async.SR.create"] == 1


def test_a_create_whose_request_was_cut_off_is_left_to_a_person_and_not_sent_again(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("Async.SR.create", "cut_before")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert world.overwritten() == []
    assert world.calls()["Async.SR.create"] == 1


def test_a_create_that_begins_after_its_client_has_gone_was_never_called_failed(world: World) -> None:
    request_id = world.approved(NETAPP, None, lun_id=3)
    world.pool.fault("Async.SR.create", "late")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    until(lambda: bool(world.overwritten()))
    assert f"srbot:{request_id}" in [sr["name_description"] for sr in world.pool.report()["srs"]]


def test_a_create_that_could_not_be_sent_failed(world: World) -> None:
    request_id = world.approved(NETAPP, None, lun_id=3)
    world.pool.fault("Async.SR.create", "error", details=["HOST_STILL_BOOTING"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "host_starting")


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


def test_an_accident_after_the_create_does_not_hide_that_there_is_an_sr(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("SR.get_all_records", "error", details=["INTERNAL_ERROR", "x"], after=1, times=2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")
    assert world.overwritten() == [SCSI_ID]


@pytest.mark.parametrize("details", [["INTERNAL_ERROR", "x"], ["SESSION_INVALID", "OpaqueRef:x"]])
@pytest.mark.parametrize("method", ["SR.add_to_other_config", "SR.set_name_description"])
def test_an_sr_whose_tag_cannot_be_moved_is_checked_on_every_host_all_the_same(
    world: World, method: str, details: list[str]
) -> None:
    request_id = world.approved()
    world.pool.fault(method, "error", details=details, times=2)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert request.outcome.sr.name_description == f"srbot:{request_id}"
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("kind", ["cut_before", "cut_within", "session"])
@pytest.mark.parametrize("method", ["SR.add_to_other_config", "SR.set_name_description"])
def test_a_tag_that_an_accident_keeps_from_moving_is_moved_at_the_second_try(
    world: World, method: str, kind: str
) -> None:
    request_id = world.approved()
    lost = {"kind": "error", "details": ["SESSION_INVALID", "OpaqueRef:x"]}
    world.pool.fault(method, **(lost if kind == "session" else {"kind": kind}))
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    (made,) = world.srs(request.outcome.sr.uuid)
    assert (made["name_description"], made["other_config"]["srbot"]) == ("", request_id)
    assert world.leftovers() == CLEAN


def test_a_session_that_ends_right_after_the_create_is_opened_again(world: World) -> None:
    request_id = world.approved()

    def end(model: Model) -> None:
        for ref in list(model.objects.tables["session"]):
            model.objects.remove("session", ref)

    with during("SR.add_to_other_config", lambda: world.pool.do(end)):
        request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.leftovers()["sessions"] == 0


def test_a_host_that_joined_while_the_sr_was_made_has_to_see_it_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = world.approved()
    send = PoolSession.call

    def join(model: Model) -> None:
        """Let xapi add a host, with a PBD for each shared SR (xapi: create_storage.ml)."""
        record = {**model.objects.get("host", model.host_named("xenct-xen2"))}
        host = model.objects.add("host", {**record, "uuid": "", "name_label": "xenct-xen3"})
        model.conditions[host] = Condition(up=False)
        made = next(
            ref for ref, sr in model.objects.tables["SR"].items() if sr["name_description"].startswith("srbot:")
        )
        config = next(iter(model.pbds_of(sr=made).values()))["device_config"]
        pbd.add(model, host, made, config)

    def call(self: PoolSession, method: str, *args: Any) -> Any:  # noqa: ANN401 - xapi's own
        if method == "SR.add_to_other_config":
            world.pool.do(join)
        return send(self, method, *args)

    monkeypatch.setattr(PoolSession, "call", call)
    request = world.create(request_id)
    assert request.state is State.PARTIAL, request.trouble
    assert request.outcome is not None
    assert [host.host for host in request.outcome.hosts if not host.attached] == ["xenct-xen3"]


def test_a_pool_that_cannot_be_asked_before_the_run_pauses_it(world: World) -> None:
    request_id = world.approved()
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "host_starting")


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
    jobs.running(world.workplace, request_id, step)
    assert world.look(request_id) == first
    assert world.overwritten() == [SCSI_ID]


def test_a_job_of_an_earlier_step_or_of_no_request_leaves_without_a_trace(world: World) -> None:
    request_id = world.approved()
    before = world.look(request_id)
    jobs.running(world.workplace, request_id, before.work.step - 1)
    jobs.looking(world.workplace, request_id, before.work.step, jobs.FINDING_LUNS, jobs.found_luns)
    jobs.running(world.workplace, "nobody", 1)
    assert world.look(request_id) == before
    assert "Async.SR.create" not in world.calls()


def test_a_job_whose_request_went_away_meanwhile_leaves_without_a_trace(world: World) -> None:
    class Forgetful(Ledger):
        def load(self, request_id: str) -> None:
            del request_id

    request_id = world.approved()
    workplace = replace(world.workplace, ledger=Forgetful(world.ledger.redis))
    jobs.running(workplace, request_id, world.look(request_id).work.step - 1)
    assert world.look(request_id).state is State.QUEUED


def test_an_error_of_our_own_stops_the_run_with_a_reference(world: World) -> None:
    request_id = world.approved()

    def broken(seconds: float) -> None:
        message = f"canary {world.pool.password} {seconds}"
        raise ZeroDivisionError(message)

    world.workplace = replace(world.workplace, pause=broken)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "internal")
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
