"""An SR that is destroyed, with all its disks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose, Service
from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.scenario.populating import add_vm
from deploy.sandbox.pool.scenario.shape import VbdSpec, VmSpec
from deploy.sandbox.pool.storage import scanning
from deploy.sandbox.pool.storage.vdis import StoredVdi
from tests.integration.workers.managing.chores import (
    GOLD,
    MASTER,
    OTHER,
    REFUSAL,
    SILVER,
    disks_of,
    done,
    free,
    plugged,
    put_disk,
    uuid_of,
)
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import OLDEST_AND_NEWEST, World, a_world, reason_of


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_a_destroyed_sr_is_gone_from_its_lun_too(world: World) -> None:
    name = free(world)
    uuid = uuid_of(world, name)
    done(world, Purpose.DESTROY, name)
    assert world.srs(uuid) == []
    request_id = world.choosing_lun()
    world.pick(request_id)
    assert world.inspect(request_id).state is State.CONFIRMING


def test_the_disks_of_a_destroyed_sr_are_destroyed_first_while_it_is_attached(world: World) -> None:
    uuid = uuid_of(world, SILVER)
    with recorded() as record:
        done(world, Purpose.DESTROY, SILVER)
    unplugs = ["Async.PBD.unplug"] * 2
    assert record.changing() == ["Async.SR.scan", *["Async.VDI.destroy"] * 2, *unplugs, "Async.SR.destroy"]
    assert world.srs(uuid) == []
    assert uuid not in world.pool.report()["stored"]


def test_a_disk_that_came_since_the_approval_keeps_everything_as_it_is(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    put_disk(world, SILVER, StoredVdi("c82ae50d-39bf-47c6-a5b1-06c72b8d9c0c", "late", 2**30))
    request = world.create(request_id)
    words = "the SR held 2 disks and holds 3 disks now, or other VMs use them"
    assert (request.state, request.changes) == (State.STALE, (words,))
    assert disks_of(world, SILVER) == ["archive-2023", "archive-2024", "late"]
    assert plugged(world, SILVER) == {MASTER: True, OTHER: True}


def test_a_first_disk_that_is_refused_keeps_everything_as_it_is_and_a_later_one_is_left_to_a_person(
    world: World,
) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.pool.fault("VDI.destroy", "error", details=REFUSAL, times=1)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "xapi_failed")
    assert disks_of(world, SILVER) == ["archive-2023", "archive-2024"]
    assert plugged(world, SILVER) == {MASTER: True, OTHER: True}
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.pool.fault("VDI.destroy", "error", details=REFUSAL, after=1)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")
    assert len(disks_of(world, SILVER)) == 1


def test_a_worker_that_died_among_the_disks_is_followed_by_one_that_destroys_the_rest(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.begin(request_id)
    uuid = uuid_of(world, SILVER)
    world.pool.do(lambda model: _drop_first(model, uuid))
    assert world.create(request_id).state is State.SUCCEEDED
    assert world.srs(uuid) == []


def test_a_refusal_after_a_dead_worker_is_left_to_a_person(world: World) -> None:
    """A disk may be gone: it is not as if nothing was done."""
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.begin(request_id)
    uuid = uuid_of(world, SILVER)
    world.pool.do(lambda model: _drop_first(model, uuid))
    world.pool.fault("VDI.destroy", "error", details=REFUSAL)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")


def test_a_disk_that_a_vm_opened_after_a_worker_died_is_not_destroyed(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.begin(request_id)
    uuid = uuid_of(world, SILVER)
    world.pool.do(lambda model: _open(model, uuid))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert disks_of(world, SILVER) == ["archive-2023", "archive-2024"]


def _open(model: Model, uuid: str) -> None:
    """The VM that runs has a disk of the SR open."""
    ref = model.objects.find("VDI", model.stored[uuid][0].uuid)
    vbd = next(one for one in model.objects.tables["VBD"].values() if one["currently_attached"])
    vbd["VDI"] = ref


def test_what_a_dead_worker_was_not_to_destroy_is_left_to_a_person(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    world.begin(request_id)
    put_disk(world, SILVER, StoredVdi("c82ae50d-39bf-47c6-a5b1-06c72b8d9c0c", "late", 2**30))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert disks_of(world, SILVER) == ["archive-2023", "archive-2024", "late"]


def _drop_first(model: Model, uuid: str) -> None:
    """A disk is gone from the storage and from the pool."""
    first, *rest = model.stored[uuid]
    ref = model.objects.find("VDI", first.uuid)
    assert ref is not None
    scanning.remove(model, ref)
    model.put_stored(uuid, tuple(rest))


def test_disks_that_only_the_storage_knows_keep_the_sr(world: World) -> None:
    """Nobody can look at a detached SR."""
    name = free(world)
    done(world, Purpose.DETACH, name)
    put_disk(world, name, StoredVdi("c82ae50d-39bf-47c6-a5b1-06c72b8d9c0c", "late", 2**30))
    request = world.create(world.managing(name, Purpose.DESTROY))
    assert (request.state, reason_of(request)) == (State.FAILED, "sr_not_empty")
    assert plugged(world, name) == {MASTER: False, OTHER: False}
    request_id = world.managing(name, Purpose.DESTROY)
    world.begin(request_id)
    request = world.create(request_id)  # whoever died may have destroyed others
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "sr_not_empty")


def test_a_detached_sr_with_disks_and_a_library_are_not_destroyed(world: World) -> None:
    done(world, Purpose.DETACH, SILVER)
    assert reason_of(world.named(SILVER, Purpose.DESTROY)) == "sr_not_attached"
    assert reason_of(world.named("ISO library", Purpose.DESTROY)) == "sr_only_forgotten"


def test_an_sr_whose_disks_a_vm_has_open_is_not_destroyed(world: World) -> None:
    request = world.named(GOLD, Purpose.DESTROY)
    assert reason_of(request) == "sr_in_use_by_vms"


def test_a_destroy_that_is_refused_half_way_is_left_to_a_person(world: World) -> None:
    name = free(world)
    request_id = world.managing(name, Purpose.DESTROY)
    world.pool.fault("SR.destroy", "error", details=REFUSAL)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")
    assert plugged(world, name) == {MASTER: False, OTHER: False}


def test_a_destroy_needs_the_name_typed_by_its_approver(world: World) -> None:
    name = free(world)
    request = world.named(name, Purpose.DESTROY)
    assert request.plan is not None
    assert request.plan.to_type == name
    with pytest.raises(Exception, match="typed_differs"):
        world.approve(request.id, typed="other")


def test_what_cannot_be_destroyed_is_refused_before_anybody_is_asked(world: World) -> None:
    ref = world.srs(uuid_of(world, GOLD))[0]["ref"]
    world.pool.do(lambda model: model.objects.set("SR", ref, other_config={"indestructible": "true"}))
    world.pool.do(lambda model: _free(model, ref))
    assert reason_of(world.named(GOLD, Purpose.DESTROY)) == "sr_indestructible"
    world.pool.do(lambda model: model.objects.set("SR", ref, is_tools_sr=True))
    if world.pool.do(lambda model: model.flavour.has("dundee")):
        assert reason_of(world.named(GOLD, Purpose.FORGET)) == "sr_is_tools"


def _free(model: Model, ref: str) -> None:
    """No VM has a disk of the SR open."""
    tables = model.objects.tables
    for vbd in tables.get("VBD", {}).values():
        if tables["VDI"].get(vbd["VDI"], {}).get("SR") == ref:
            vbd["currently_attached"] = False


def serve(model: Model, field: str, name: str) -> None:
    """The pool uses an SR by itself from now on."""
    pool = next(iter(model.objects.tables["pool"]))
    ref = next(ref for ref, sr in model.objects.tables["SR"].items() if sr["name_label"] == name)
    model.objects.set("pool", pool, **{field: ref})


@pytest.mark.parametrize("purpose", [Purpose.DETACH, Purpose.FORGET, Purpose.DESTROY])
def test_what_the_pool_uses_the_sr_for_by_itself_is_in_the_plan(world: World, purpose: Purpose) -> None:
    for field in ("default_SR", "suspend_image_SR", "crash_dump_SR"):
        world.pool.do(lambda model, field=field: serve(model, field, SILVER))  # type: ignore[misc]  # bound now
    plan = world.named(SILVER, purpose).plan
    assert plan is not None
    assert plan.serves == (Service.NEW_DISKS, Service.SUSPENDED_VMS, Service.CRASH_DUMPS)


def test_a_plan_that_names_what_the_pool_uses_the_sr_for_is_carried_out(world: World) -> None:
    world.pool.do(lambda model: serve(model, "default_SR", SILVER))
    done(world, Purpose.DETACH, SILVER)
    assert plugged(world, SILVER) == {MASTER: False, OTHER: False}


def test_an_sr_that_became_the_pools_default_since_the_approval_stays_as_it_is(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DETACH)
    world.pool.do(lambda model: serve(model, "default_SR", SILVER))
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, ("the pool uses the SR for new disks now",))
    assert plugged(world, SILVER) == {MASTER: True, OTHER: True}


def test_whose_suspended_memory_a_disk_is_stands_in_the_plan_though_no_vbd_says_it(world: World) -> None:
    def suspend(model: Model) -> None:
        uuids = {vdi["name_label"]: vdi["uuid"] for vdi in model.objects.tables["VDI"].values()}
        add_vm(model, VmSpec("archiver", (VbdSpec(uuids["archive-2023"]),)), {})
        add_vm(model, VmSpec("sleeper", memory=uuids["archive-2024"]), {})

    before = world.managing(SILVER, Purpose.FORGET)
    world.pool.do(suspend)
    plan = world.named(SILVER, Purpose.FORGET).plan
    assert plan is not None
    assert plan.losses is not None
    assert [(disk.name, disk.memory_of, disk.vms) for disk in plan.losses.disks] == [
        ("archive-2024", ("sleeper",), ()),
        ("archive-2023", (), ("archiver",)),
    ]
    assert world.create(before).state is State.STALE
