"""An attach whose worker died: the next one goes on where it stopped, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.model import State
from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.model import Model
from tests.integration.workers.keeping import DESCRIPTION, config_of, keep_a_record
from tests.integration.workers.recording import killed
from tests.integration.workers.world import DETACHED, DETACHED_DESCRIPTION, World, a_world, reason_of, until

POINTS = [
    ("SR.introduce", 1),
    ("PBD.create", 1),
    ("PBD.create", 2),
    ("Async.PBD.plug", 1),
    ("SR.add_to_other_config", 1),
    ("SR.set_name_description", 1),
    ("Async.PBD.plug", 2),
]
OTHER = "5d1c3f0e-0000-4000-8000-000000000001"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def settled(world: World) -> None:
    """Whatever the dead worker has begun on the pool has ended."""
    until(lambda: not any(task["status"] == "pending" for task in world.pool.report()["tasks"]))


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("method", "nth"), POINTS)
def test_a_worker_that_dies_at_any_call_leaves_one_record_and_one_pbd_per_host(
    world: World, method: str, nth: int, *, before: bool
) -> None:
    request_id = world.attaching()
    with killed(method, nth=nth, before=before):
        world.create(request_id)
    settled(world)
    assert world.look(request_id).work.changing
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(DETACHED)
    assert (sr["pbds"], sr["pbds_attached"]) == (2, 2)
    assert (sr["other_config"]["srbot"], sr["name_description"]) == (request_id, DETACHED_DESCRIPTION)
    assert world.overwritten() == []


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("method", ["PBD.create", "Async.PBD.plug"])
def test_a_record_that_the_pool_has_kept_survives_a_dead_worker(world: World, method: str, *, before: bool) -> None:
    keep_a_record(world, ["xenct-xen1"], config_of(world))
    request_id = world.attaching()
    with killed(method, before=before):
        world.create(request_id)
    settled(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(DETACHED)
    assert (sr["pbds"], sr["pbds_attached"], sr["name_description"]) == (2, 2, DESCRIPTION)


def test_a_master_that_cannot_plug_for_the_second_worker_leaves_nothing_of_the_first(world: World) -> None:
    request_id = world.attaching()
    with killed("PBD.create"):
        world.create(request_id)
    world.pool.fault("PBD.plug", "error", details=["SR_BACKEND_FAILURE_47", "", "The SR is not available", ""])
    assert world.create(request_id).state is State.UNKNOWN
    assert world.srs(DETACHED) == []


def test_a_plug_that_is_still_pending_is_waited_for(world: World) -> None:
    request_id = world.attaching()
    with killed("PBD.create", nth=2):
        world.create(request_id)
    task = world.pool.do(lambda model: tasks.create(model, model.master(), "Async.PBD.plug"))
    seen: list[bool] = []

    def end_it(_seconds: float) -> None:
        seen.append("Async.PBD.plug" in world.calls())
        world.pool.do(lambda model: model.objects.tables["task"].pop(task, None))

    world.workplace = replace(world.workplace, pause=end_it)
    assert world.create(request_id).state is State.SUCCEEDED
    assert seen[0] is False


def test_a_plug_that_stays_pending_is_left_to_a_person(world: World) -> None:
    request_id = world.attaching()
    with killed("PBD.create", nth=2):
        world.create(request_id)
    world.pool.do(lambda model: tasks.create(model, model.master(), "Async.PBD.plug"))
    world.workplace = replace(world.workplace, task_seconds=0.0)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xen_timeout")


def test_a_lun_that_changed_after_the_worker_died_is_not_plugged(world: World) -> None:
    request_id = world.attaching()
    with killed("PBD.create", nth=2):
        world.create(request_id)
    lun = world.look(request_id).lun
    assert lun is not None
    world.array(op="content", scsi_id=lun.scsi_id, content={"kind": "sr", "sr_uuid": OTHER, "sr_name": "theirs"})
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert "Async.PBD.plug" not in world.calls()


def test_an_sr_that_somebody_attached_by_hand_after_the_worker_died_stays_theirs(world: World) -> None:
    request_id = world.attaching()
    with killed("SR.introduce", before=True):
        world.create(request_id)
    keep_a_record(world, ["xenct-xen1"], config_of(world), attached=True)
    before, pbds = world.srs(DETACHED), world.pbds(DETACHED)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert (world.srs(DETACHED), world.pbds(DETACHED)) == (before, pbds)


def test_an_attach_that_only_the_pool_remembers_is_left_to_a_person(world: World) -> None:
    """The ledger was restored from a copy: it knows nothing of the first attempt."""
    request_id = world.attaching()

    def introduce(model: Model) -> None:
        record = {"uuid": DETACHED, "name_label": "x", "name_description": f"srbot:{request_id}", "type": "lvmoiscsi"}
        sizes = {"physical_size": -1, "physical_utilisation": -1, "content_type": "user", "shared": True}
        model.objects.add("SR", {**record, **sizes, "other_config": {}, "sm_config": {}})

    world.pool.do(introduce)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert world.pbds(DETACHED) == {}


def test_an_approver_who_may_not_any_more_stops_the_second_worker(world: World) -> None:
    request_id = world.attaching()
    with killed("SR.introduce"):
        world.create(request_id)
    world.narrow('approvers = ["UAPPROVER1", "UAPPROVER2"]', 'approvers = ["UOTHER", "UAPPROVER2"]')
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "not_approved")
    assert world.pbds(DETACHED) == {}


def test_a_pool_that_came_to_use_the_sr_meanwhile_keeps_the_second_worker_from_it(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            request_id = world.attaching()
            with killed("PBD.create", nth=2):
                world.create(request_id)
            assert other.create(other.attaching()).state is State.SUCCEEDED
            request = world.create(request_id)
            assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
            assert request.trouble is not None
            assert "elsewhere" in request.trouble.fact("detail")
            assert request.trouble.fact("sr_uuid") == DETACHED
            assert "Async.PBD.plug" not in world.calls()
            assert world.srs(DETACHED) == []
            assert world.pbds(DETACHED) == {}


@pytest.mark.parametrize("method", ["PBD.destroy", "SR.forget"])
def test_what_cannot_be_removed_of_a_takeover_that_must_not_go_on_stays(world: World, method: str) -> None:
    request_id = world.attaching()
    with killed("PBD.create", nth=2):
        world.create(request_id)
    world.narrow('approvers = ["UAPPROVER1", "UAPPROVER2"]', 'approvers = ["UOTHER", "UAPPROVER2"]')
    world.pool.fault(method, "error", details=["INTERNAL_ERROR", "x"])
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "not_approved")
    assert len(world.srs(DETACHED)) == 1


def test_a_pbd_that_somebody_plugged_by_hand_stays_where_a_takeover_must_not_go_on(world: World) -> None:
    request_id = world.attaching()
    with killed("PBD.create", nth=2):
        world.create(request_id)
    ref = world.pbds(DETACHED)["xenct-xen2"]["ref"]
    world.pool.do(lambda model: model.objects.set("PBD", ref, currently_attached=True))
    world.narrow('approvers = ["UAPPROVER1", "UAPPROVER2"]', 'approvers = ["UOTHER", "UAPPROVER2"]')
    assert world.create(request_id).state is State.UNKNOWN
    assert list(world.pbds(DETACHED)) == ["xenct-xen2"]
    assert len(world.srs(DETACHED)) == 1
