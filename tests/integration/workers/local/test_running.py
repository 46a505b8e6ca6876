"""The run of a plan for a device: looked at again, and a create is found again whatever happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose
from deploy.sandbox.pool.model import Model
from tests.integration.workers.local.asking import (
    BLANK,
    BY_ID,
    FIBRE,
    HELD_SR,
    ONE,
    OTHER,
    approved,
    of_folder,
    on_device,
    put_in_folder,
    put_on_disk,
    with_keys,
)
from tests.integration.workers.recording import during, killed, recorded
from tests.integration.workers.world import CLEAN, OVERRIDER, World, a_world, reason_of, until

CEPH = {"server": "ceph1.example", "serverpath": "/", "options": "name=admin"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path, flavour="xcpng-8.3") as world:
        yield world


def ceph(world: World) -> str:
    return approved(world, with_keys(world, "cephfs", **CEPH))


def made_by_hand(world: World, device: str) -> None:
    """An administrator makes an SR of it."""

    def add(model: Model) -> None:
        sr = model.objects.add("SR", {"uuid": "u-hand", "name_label": "by hand", "type": "lvm"})
        pbd = {"host": model.host_named(ONE), "SR": sr, "device_config": {"device": device}}
        model.objects.add("PBD", {**pbd, "currently_attached": True, "other_config": {}})

    world.pool.do(add)


def test_an_sr_that_appeared_on_the_device_makes_the_request_stale(world: World) -> None:
    request_id = approved(world, on_device(world))
    put_on_disk(world, BLANK, "local-ext", HELD_SR, "theirs")
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"the storage now holds the SR {HELD_SR}",))
    assert world.overwritten() == []


def test_a_device_that_serves_an_sr_since_the_approval_makes_the_request_stale(world: World) -> None:
    request_id = approved(world, on_device(world))
    made_by_hand(world, f"{BLANK}-part1")
    request = world.create(request_id)
    assert (request.state, request.changes) == (
        State.STALE,
        ('the storage now serves the SR "by hand" of xenct (u-hand)',),
    )
    assert world.overwritten() == []


def test_a_device_that_is_taken_in_the_last_moment_is_left_alone(world: World) -> None:
    request_id = approved(world, on_device(world))
    with during("SR.get_all_records", lambda: made_by_hand(world, BLANK)):
        assert world.create(request_id).state is State.STALE
    assert world.overwritten() == []


def test_a_host_that_is_called_otherwise_makes_the_request_stale(world: World) -> None:
    request_id = approved(world, on_device(world))
    world.pool.do(lambda model: model.objects.set("host", model.host_named(ONE), name_label="renamed"))
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"{ONE} is called renamed now",))


def test_a_host_in_maintenance_and_a_path_that_was_taken_away_pause_the_request(world: World) -> None:
    first, second = approved(world, on_device(world)), approved(world, of_folder(world))
    world.host(host=ONE, enabled=False)
    assert reason_of(world.create(first)) == "host_disabled"
    world.narrow('"/dev/disk/by-id", "/srv/isos", ', "")
    assert reason_of(world.create(second)) == "path_not_allowed"
    assert world.overwritten() == []


def test_no_two_plans_run_on_one_device(world: World) -> None:
    first, second = approved(world, on_device(world)), approved(world, on_device(world))
    world.begin(first)
    request = world.create(second)
    assert (request.state, reason_of(request)) == (State.PAUSED, "lun_taken")


def test_another_request_at_the_same_device_is_told(world: World) -> None:
    first = approved(world, on_device(world))
    assert [rival.request for rival in on_device(world).rivals] == [first]


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_a_create_whose_answer_is_lost_is_found_again(world: World, kind: str) -> None:
    request_id = approved(world, on_device(world))
    world.pool.fault("Async.SR.create", kind)
    request = world.create(request_id)
    assert request.state is (State.SUCCEEDED if kind == "cut_after" else State.UNKNOWN)
    assert len(world.overwritten()) == (kind == "cut_after")


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_died_is_followed_by_one_that_goes_on(world: World, *, before: bool) -> None:
    for request_id in (approved(world, on_device(world)), ceph(world)):
        with killed("Async.SR.create", before=before):
            world.create(request_id)
        request = world.create(request_id)
        assert request.state is State.SUCCEEDED, request.trouble
        assert request.outcome is not None
        assert len(world.srs(request.outcome.sr.uuid)) == 1
    assert len(world.overwritten()) == 1


@pytest.mark.parametrize(("there", "state"), [(True, State.SUCCEEDED), (False, State.UNKNOWN)])
def test_an_sr_that_no_host_has_plugged_is_there_only_where_a_look_finds_it(
    world: World, *, there: bool, state: State
) -> None:
    request_id = ceph(world)
    with killed("Async.SR.create"):
        world.create(request_id)
    until(lambda: bool(world.pool.report()["folders"].get("ceph:/")))
    world.pool.do(_unplugged)
    if not there:
        put_in_folder(world, "ceph:/")
    request = world.create(request_id)
    assert request.state is state, request.trouble


def test_what_a_look_finds_beside_others_makes_the_request_stale(world: World) -> None:
    request_id = ceph(world)
    put_in_folder(world, "ceph:/", HELD_SR)
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"the storage now holds the SR {HELD_SR}",))


def test_a_host_whose_pbd_is_not_plugged_is_tried_again_alone(world: World) -> None:
    request_id = approved(world, on_device(world))
    with during("SR.add_to_other_config", lambda: world.pool.do(_unplugged)):
        world.pool.fault("Async.PBD.plug", "error", details=["INTERNAL_ERROR", "x"])
        request = world.create(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    assert [(host.host, host.attached) for host in request.outcome.hosts] == [(ONE, False)]
    request = world.repair(request_id)
    assert request.state is State.SUCCEEDED
    assert request.outcome is not None
    assert list(world.pbds(request.outcome.sr.uuid)) == [ONE]


def _unplugged(model: Model) -> None:
    for ref, pbd in model.objects.tables["PBD"].items():
        if pbd["device_config"].get("device") == BLANK or "serverpath" in pbd["device_config"]:
            model.objects.set("PBD", ref, currently_attached=False)


def test_a_repair_makes_no_pbd_for_hosts_that_cannot_have_the_sr(world: World) -> None:
    done = world.create(approved(world, on_device(world)))
    assert done.outcome is not None
    uuid = done.outcome.sr.uuid
    repaired = world.create(world.managing(uuid, Purpose.REPAIR))
    assert repaired.state is State.SUCCEEDED, repaired.trouble
    assert repaired.outcome is not None
    assert [(host.host, host.attached) for host in repaired.outcome.hosts] == [(ONE, True)]
    assert list(world.pbds(uuid)) == [ONE]
    scanned = world.create(world.managing(uuid, Purpose.SCAN))
    assert scanned.outcome is not None
    assert [host.host for host in scanned.outcome.hosts] == [ONE]


def test_a_look_that_took_too_long_is_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id = approved(world, on_device(world))
    old = iter([True])
    monkeypatch.setattr("workers.provisioning.sited.SitedAttempt.is_old", lambda _: next(old, False))
    with recorded() as record:
        assert world.create(request_id).state is State.SUCCEEDED
    assert len(record.of("Async.SR.probe")) == 2 * 3
    assert world.leftovers() == CLEAN


def test_a_silent_pool_has_to_be_named_in_the_plan(tmp_path: Path) -> None:
    with a_world(tmp_path, others=[("silent", "http://127.0.0.1:9", "x")]) as world:
        request = on_device(world)
        assert request.plan is not None
        request_id = world.approve(request.id, OVERRIDER)
        assert world.create(request_id).state is State.SUCCEEDED


def test_a_pool_that_fell_silent_since_the_approval_pauses_the_request(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        request_id = approved(world, on_device(world))
        world.narrow("[targets]", SILENT_POOL)
        assert reason_of(world.create(request_id)) == "pool_not_asked"
        assert world.overwritten() == []


SILENT_POOL = """
[pools.silent]
url = "http://127.0.0.1:9"
user = "root"
password_file = "xenct"

[targets]"""


@pytest.mark.parametrize(
    ("other", "host"),
    [
        (FIBRE, OTHER),
        (FIBRE.replace("scsi-3", "wwn-0x"), ONE),
        (FIBRE.replace("scsi-", "dm-uuid-mpath-"), OTHER),
    ],
)
def test_two_requests_at_one_disk_know_of_each_other_by_whatever_name_and_host(
    world: World, other: str, host: str
) -> None:
    first = on_device(world, FIBRE, ONE)
    second = on_device(world, other, host)
    assert [rival.request for rival in second.rivals] == [first.id]
    assert first.plan is not None
    assert second.plan is not None
    assert first.plan.runs_on == second.plan.runs_on == FIBRE.removeprefix(BY_ID)
