"""What is done to an SR that the pool knows: looked at, approved, looked at again, done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import MANAGING, Purpose
from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.model import Model
from tests.integration.workers.managing.chores import (
    GOLD,
    MASTER,
    OTHER,
    REFUSAL,
    SILVER,
    done,
    free,
    hosts_of,
    plugged,
    uuid_of,
)
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, NETAPP, OLDEST_AND_NEWEST, World, a_world, reason_of


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_the_plan_says_which_sr_it_is_and_where_it_is_attached(world: World) -> None:
    plan = world.named(SILVER, Purpose.DETACH).plan
    assert plan is not None
    assert plan.held is not None
    assert (plan.held.name, plan.held.uuid, plan.name) == (SILVER, uuid_of(world, SILVER), SILVER)
    assert (plan.attached, plan.purpose, plan.known) == ((MASTER, OTHER), Purpose.DETACH, True)
    assert plan.scsi_id.startswith("3600a098")
    assert plan.runs_on == plan.scsi_id


def test_an_sr_is_found_by_its_uuid_too(world: World) -> None:
    uuid = uuid_of(world, GOLD)
    plan = world.named(uuid.upper(), Purpose.SCAN).plan
    assert plan is not None
    assert plan.held is not None
    assert plan.held.uuid == uuid


@pytest.mark.parametrize("purpose", sorted(MANAGING))
def test_an_sr_that_nobody_knows_or_that_several_are_called_is_not_guessed(world: World, purpose: Purpose) -> None:
    assert reason_of(world.named("nobody", purpose)) == "sr_unknown"
    request = world.named("Local storage", purpose)
    assert reason_of(request) == "sr_ambiguous"
    assert request.trouble is not None
    assert len(request.trouble.fact("sr_uuid").split(", ")) == 2


def test_a_scan_looks_at_the_storage(world: World) -> None:
    with recorded() as record:
        request = done(world, Purpose.SCAN)
    assert record.changing() == ["Async.SR.scan"]
    assert hosts_of(request) == {MASTER: True, OTHER: True}


def test_an_sr_gets_another_name(world: World) -> None:
    uuid = uuid_of(world, GOLD)
    request = done(world, Purpose.RENAME, name="gold-2")
    assert request.outcome is not None
    assert request.outcome.sr.name_label == "gold-2"
    assert [sr["name_label"] for sr in world.srs(uuid)] == ["gold-2"]


def test_an_sr_becomes_the_default(world: World) -> None:
    done(world, Purpose.DEFAULT)
    ref = world.srs(uuid_of(world, GOLD))[0]["ref"]
    assert world.pool.do(lambda model: next(iter(model.objects.tables["pool"].values()))["default_SR"]) == ref


def test_an_iso_library_is_no_default(world: World) -> None:
    assert reason_of(world.named("ISO library", Purpose.DEFAULT)) == "sr_holds_no_disks"


def test_detaching_unplugs_every_host_the_master_last(world: World) -> None:
    name = free(world)
    with recorded() as record:
        request = done(world, Purpose.DETACH, name)
    assert record.changing() == ["Async.PBD.unplug"] * 2
    assert hosts_of(request) == {MASTER: False, OTHER: False}
    assert plugged(world, name) == {MASTER: False, OTHER: False}
    assert reason_of(world.named(name, Purpose.DETACH)) == "sr_not_attached"
    assert reason_of(world.named(name, Purpose.SCAN)) == "sr_not_attached"


def test_a_host_that_cannot_unplug_leaves_the_sr_attached_everywhere(world: World) -> None:
    name = free(world)
    request_id = world.managing(name, Purpose.DETACH)
    world.pool.fault("PBD.unplug", "error", details=REFUSAL, after=1)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "xapi_failed")
    assert plugged(world, name) == {MASTER: True, OTHER: True}
    assert world.leftovers() == CLEAN


def test_what_cannot_be_plugged_again_is_left_to_a_person(world: World) -> None:
    name = free(world)
    request_id = world.managing(name, Purpose.DETACH)
    world.pool.fault("PBD.unplug", "error", details=REFUSAL, after=1)
    world.pool.fault("PBD.plug", "error", details=REFUSAL)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "left_behind")
    assert plugged(world, name) == {MASTER: True, OTHER: False}


def test_a_forgotten_sr_keeps_what_is_on_its_lun(world: World) -> None:
    name = free(world)
    uuid, written = uuid_of(world, name), world.overwritten()
    request = done(world, Purpose.FORGET, name)
    assert world.srs(uuid) == []
    assert world.pbds(uuid) == {}
    assert world.overwritten() == written
    assert request.outcome is not None
    assert (request.outcome.sr.uuid, request.outcome.hosts) == (uuid, ())


def test_a_forget_that_is_refused_leaves_the_sr_attached(world: World) -> None:
    name = free(world)
    request_id = world.managing(name, Purpose.FORGET)
    world.pool.fault("SR.forget", "error", details=REFUSAL)
    assert world.create(request_id).state is State.FAILED
    assert plugged(world, name) == {MASTER: True, OTHER: True}


def test_a_repair_makes_what_is_missing_and_plugs_what_is_not(world: World) -> None:
    uuid = uuid_of(world, GOLD)
    ref = world.pbds(uuid)[OTHER]["ref"]
    world.pool.do(lambda model: pbd.remove(model, ref))
    request = done(world, Purpose.REPAIR)
    assert hosts_of(request) == {MASTER: True, OTHER: True}
    assert plugged(world) == {MASTER: True, OTHER: True}


def test_a_host_that_cannot_plug_makes_a_repair_partial_and_can_be_tried_again(world: World) -> None:
    ref = world.pbds(uuid_of(world, GOLD))[OTHER]["ref"]
    world.pool.do(lambda model: model.objects.set("PBD", ref, currently_attached=False))
    request_id = world.managing(GOLD, Purpose.REPAIR)
    world.host(host=OTHER, up=False)
    request = world.create(request_id)
    assert request.state is State.PARTIAL
    assert hosts_of(request) == {MASTER: True, OTHER: False}
    world.host(host=OTHER, up=True)
    assert world.repair(request_id).state is State.SUCCEEDED


def test_the_repair_of_an_sr_of_one_host_leaves_the_others_alone(world: World) -> None:
    local = [sr for sr in world.pool.report()["srs"] if sr["name_label"] == "Local storage"]
    uuid = next(str(sr["uuid"]) for sr in local if MASTER in world.pbds(str(sr["uuid"])))
    request = done(world, Purpose.REPAIR, uuid)
    assert hosts_of(request) == {MASTER: True}
    assert plugged_by_uuid(world, uuid) == {MASTER: True}


def test_the_retry_of_an_sr_of_one_host_is_about_that_host_alone(world: World) -> None:
    local = [sr for sr in world.pool.report()["srs"] if sr["name_label"] == "Local storage"]
    uuid = next(str(sr["uuid"]) for sr in local if OTHER in world.pbds(str(sr["uuid"])))
    ref = world.pbds(uuid)[OTHER]["ref"]
    world.pool.do(lambda model: model.objects.set("PBD", ref, currently_attached=False))
    request_id = world.managing(uuid, Purpose.REPAIR)
    world.host(host=OTHER, up=False)
    assert world.create(request_id).state is State.PARTIAL
    world.host(host=OTHER, up=True)
    request = world.repair(request_id)
    assert (request.state, hosts_of(request)) == (State.SUCCEEDED, {OTHER: True})


def plugged_by_uuid(world: World, uuid: str) -> dict[str, bool]:
    return {host: pbd["currently_attached"] for host, pbd in world.pbds(uuid).items()}


def detach(world: World) -> None:
    ref = world.pbds(uuid_of(world, GOLD))[OTHER]["ref"]
    world.pool.do(lambda model: model.objects.set("PBD", ref, currently_attached=False))


def rename(world: World) -> None:
    ref = world.srs(uuid_of(world, GOLD))[0]["ref"]
    world.pool.do(lambda model: model.objects.set("SR", ref, name_label="other"))


def remove(world: World) -> None:
    ref = world.srs(uuid_of(world, GOLD))[0]["ref"]
    world.pool.do(lambda model: model.objects.tables["SR"].pop(ref))


CHANGES: dict[str, tuple[Callable[[World], None], str]] = {
    "detached": (detach, f"the SR was attached to {MASTER}, {OTHER} and is to {MASTER} now"),
    "renamed": (rename, f'the SR was called "{GOLD}" and is called "other" now'),
    "gone": (remove, "the pool has no record of the SR any more"),
}


@pytest.mark.parametrize("purpose", [Purpose.SCAN, Purpose.DEFAULT, Purpose.REPAIR])
@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_an_sr_that_changed_since_the_approval_is_left_alone(
    world: World, purpose: Purpose, change: Callable[[World], None], words: str
) -> None:
    request_id = world.managing(GOLD, purpose)
    change(world)
    with recorded() as record:
        request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (words,))
    assert record.changing() == []


def test_no_two_plans_run_on_one_sr(world: World) -> None:
    first, second = world.managing(GOLD, Purpose.SCAN), world.managing(GOLD, Purpose.DEFAULT)
    world.begin(first)
    request = world.create(second)
    assert (request.state, reason_of(request)) == (State.PAUSED, "lun_taken")
    assert world.create(first).state is State.SUCCEEDED


@pytest.mark.parametrize("purpose", [Purpose.SCAN, Purpose.RENAME, Purpose.DEFAULT, Purpose.DETACH, Purpose.REPAIR])
def test_a_worker_that_died_is_followed_by_one_that_does_it_again(world: World, purpose: Purpose) -> None:
    name = free(world)
    request_id = world.managing(name, purpose, name="new")
    world.begin(request_id)
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_worker_that_died_after_forgetting_is_believed_and_after_destroying_is_not(world: World) -> None:
    name = free(world)
    uuid = uuid_of(world, name)
    request_id = world.managing(name, Purpose.FORGET)
    world.begin(request_id)
    world.pool.do(lambda model: _lose(model, uuid))
    assert world.create(request_id).state is State.SUCCEEDED
    name = free_again(world)
    uuid = uuid_of(world, name)
    request_id = world.managing(name, Purpose.DESTROY)
    world.begin(request_id)
    world.pool.do(lambda model: _lose(model, uuid))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")


def _lose(model: Model, uuid: str) -> None:
    ref = model.objects.find("SR", uuid)
    assert ref is not None
    for one in list(model.pbds_of(sr=ref)):
        pbd.remove(model, one)
    model.objects.tables["SR"].pop(ref)


def free_again(world: World) -> str:
    return world.look(world.create(world.approved(NETAPP, None, 3)).id).outcome.sr.name_label  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
@pytest.mark.parametrize("purpose", [Purpose.SCAN, Purpose.DETACH, Purpose.FORGET, Purpose.DESTROY])
def test_a_call_whose_answer_is_lost_is_left_to_a_person(world: World, purpose: Purpose, kind: str) -> None:
    methods: dict[Purpose, str] = {
        Purpose.SCAN: "Async.SR.scan",
        Purpose.DETACH: "Async.PBD.unplug",
        Purpose.FORGET: "Async.SR.forget",
        Purpose.DESTROY: "Async.SR.destroy",
    }
    request_id = world.managing(free(world), purpose)
    world.pool.fault(methods[purpose], kind)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "connection_lost")


def test_a_pool_that_cannot_be_read_afterwards_is_no_failure(world: World) -> None:
    request_id = world.managing(GOLD, Purpose.RENAME, name="new")
    world.pool.fault("SR.get_all_records", "error", details=REFUSAL, after=1)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "xapi_failed")
