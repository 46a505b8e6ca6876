"""An attach that did not come about: all of ours goes, and what was there before stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.request.model import Request, State
from deploy.sandbox.pool.classes import pbd
from tests.integration.workers.keeping import DESCRIPTION, NAME, config_of, keep_a_record
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, DETACHED, World, a_world, reason_of, until
from workers.xen.session import PoolSession

NO_DEVICE = ["SR_BACKEND_FAILURE_67", "", "ISCSI device failed to appear", ""]
CUT = {"connection_lost", "unreadable_answer"}
"""By how much of the answer came."""

POINTS = [("SR.introduce", 0), ("PBD.create", 0), ("PBD.create", 1), ("Async.PBD.plug", 0)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def standing(world: World) -> list[list[dict[str, Any]]]:
    """All SRs and PBDs of the pool."""
    report = world.pool.report()
    return [report["srs"], report["pbds"]]


def names(world: World) -> list[str]:
    return sorted(sr["name_label"] for sr in world.pool.report()["srs"])


def refused(world: World, request_id: str) -> Request:
    """The master can't plug."""
    world.pool.fault("PBD.plug", "error", details=NO_DEVICE)
    return world.create(request_id)


def test_a_master_that_cannot_plug_leaves_nothing_and_says_its_own_error(world: World) -> None:
    request_id, before = world.attaching(), standing(world)
    request = refused(world, request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "device_missing")
    assert request.trouble is not None
    assert request.trouble.code == "SR_BACKEND_FAILURE_67"
    assert standing(world) == before
    assert world.pool.report()["overwrites"] == []
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("hosts", [(), ("xenct-xen1",), ("xenct-xen2",), ("xenct-xen1", "xenct-xen2")])
def test_what_was_there_before_stays_exactly_as_it_was(world: World, hosts: tuple[str, ...]) -> None:
    keep_a_record(world, hosts, config_of(world))
    request_id, before = world.attaching(), standing(world)
    request = refused(world, request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "device_missing")
    assert standing(world) == before
    assert world.leftovers() == CLEAN


def test_a_look_that_fails_before_anything_was_begun_leaves_nothing_to_take_back(world: World) -> None:
    request_id, before = world.attaching(), standing(world)
    world.pool.fault("SR.probe", "error", details=NO_DEVICE)
    assert world.create(request_id).state is State.PAUSED
    assert standing(world) == before
    assert "secret.get_all" not in world.calls()


@pytest.mark.parametrize("method", ["SR.introduce", "PBD.create"])
def test_a_call_that_is_refused_on_the_way_leaves_nothing(world: World, method: str) -> None:
    request_id, before = world.attaching(), standing(world)
    world.pool.fault(method, "error", details=["RBAC_PERMISSION_DENIED", method, "no"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "permission_missing")
    assert standing(world) == before


@pytest.mark.parametrize(("method", "after"), [("PBD.create", 0), ("PBD.create", 1), ("Async.PBD.plug", 0)])
def test_a_session_that_is_lost_on_the_way_is_renewed_to_take_all_of_it_back(
    world: World, method: str, after: int
) -> None:
    request_id, before = world.attaching(), standing(world)
    world.pool.fault(method, "error", details=["SESSION_INVALID", "OpaqueRef:gone"], after=after)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "session_lost")
    assert standing(world) == before
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("method", ["PBD.destroy", "SR.forget", "SR.get_all_records"])
def test_what_cannot_be_taken_back_is_left_to_a_person(world: World, method: str) -> None:
    request_id = world.attaching()
    reads = 1 if method == "SR.get_all_records" else 0
    world.pool.fault(method, "error", details=["INTERNAL_ERROR", "x"], after=reads)
    request = refused(world, request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "left_behind")
    assert request.trouble is not None
    assert request.trouble.fact("sr_uuid") == DETACHED
    assert [sr["name_description"] for sr in world.srs(DETACHED)] == [f"srbot:{request_id}"]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "cut_within", "late"])
@pytest.mark.parametrize(("method", "after"), POINTS)
def test_a_call_that_is_cut_off_is_never_called_failed(world: World, method: str, after: int, kind: str) -> None:
    request_id, before = world.attaching(), standing(world)
    world.pool.fault(method, kind, after=after)
    request = world.create(request_id)
    assert request.state is State.UNKNOWN
    assert request.trouble is not None
    assert request.trouble.reason in CUT
    assert request.trouble.fact("sr_uuid") == DETACHED
    if (method, kind) == ("SR.introduce", "late"):
        # The one that comes after all: its tag says whose it is.
        until(lambda: bool(world.srs(DETACHED)))
        assert world.srs(DETACHED)[0]["name_description"] == f"srbot:{request_id}"
    else:
        assert standing(world) == before
    assert world.overwritten() == []
    assert {**world.leftovers(), "tasks": 0} == CLEAN


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "cut_within", "late"])
@pytest.mark.parametrize(
    ("method", "kept"),
    [("PBD.create", "xenct-xen2"), ("Async.PBD.plug", "xenct-xen2"), ("Async.PBD.plug", "xenct-xen1")],
)
def test_a_call_that_is_cut_off_changes_nothing_that_was_there(world: World, method: str, kept: str, kind: str) -> None:
    keep_a_record(world, [kept], config_of(world))
    request_id, before = world.attaching(), world.pbds(DETACHED)
    world.pool.fault(method, kind)
    request = world.create(request_id)
    assert (request.state, reason_of(request) in CUT) == (State.UNKNOWN, True)
    if kind == "late" and (method, kept) != ("Async.PBD.plug", "xenct-xen2"):
        until(lambda: world.pbds(DETACHED) != before)
    else:
        assert world.pbds(DETACHED) == before
    (sr,) = world.srs(DETACHED)
    assert (sr["name_label"], sr["name_description"], sr["other_config"]) == (NAME, DESCRIPTION, {})


@pytest.mark.parametrize("hosts", [(), ("xenct-xen1",)])
def test_a_plug_whose_answer_was_lost_is_waited_for_before_anything_is_taken_back(
    world: World, hosts: tuple[str, ...]
) -> None:
    if hosts:
        keep_a_record(world, hosts, config_of(world))
    request_id, before = world.attaching(), (world.pbds(DETACHED), names(world))
    world.pool.fault("Async.PBD.plug", "cut_after")
    world.pool.fault("PBD.plug", "delay", seconds=0.5)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "connection_lost")
    assert (world.pbds(DETACHED), names(world)) == before
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("hosts", [(), ("xenct-xen1",)])
def test_nothing_is_taken_back_below_a_plug_that_does_not_end(world: World, hosts: tuple[str, ...]) -> None:
    keep_a_record(world, hosts, config_of(world))
    request_id = world.attaching()
    world.workplace = replace(world.workplace, task_seconds=0.3)
    world.pool.fault("PBD.plug", "hang")
    with recorded() as record:
        request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xen_timeout")
    assert not {"PBD.unplug", "Async.PBD.unplug", "PBD.destroy", "SR.forget"} & set(record.changing())
    assert len(world.pbds(DETACHED)) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_an_attach_whose_master_has_no_pbd_is_taken_back(
    world: World, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    if kept:
        keep_a_record(world)
    request_id, before = world.attaching(), standing(world)
    lose_the_pbd_of(world, "xenct-xen1", monkeypatch)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "object_gone")
    assert standing(world) == before
    assert world.leftovers() == CLEAN


def lose_the_pbd_of(world: World, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody destroys the PBD of a host as soon as all are made."""
    send, made = PoolSession.call, []

    def call(self: PoolSession, method: str, *args: Any) -> Any:  # noqa: ANN401 - xapi's own
        answer = send(self, method, *args)
        made.extend([1] if method == "PBD.create" else [])
        if len(made) == 2:
            made.clear()
            ref = world.pbds(DETACHED)[host]["ref"]
            world.pool.do(lambda model: pbd.remove(model, ref))
        return answer

    monkeypatch.setattr(PoolSession, "call", call)


def test_a_plug_whose_task_is_lost_is_looked_after_and_taken_back(world: World) -> None:
    request_id, before = world.attaching(), (world.pbds(DETACHED), names(world))
    world.pool.fault("task.get_record", "error", details=["HANDLE_INVALID", "task", "x"], after=2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "xapi_failed")
    assert (world.pbds(DETACHED), names(world)) == before


def test_an_error_of_our_own_while_attaching_is_left_to_a_person(world: World) -> None:
    request_id = world.attaching()

    def broken(seconds: float) -> None:
        if "Async.PBD.plug" in world.calls():
            raise ZeroDivisionError(seconds)

    world.workplace = replace(world.workplace, pause=broken)
    world.pool.fault("PBD.plug", "delay", seconds=0.2)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "internal")
