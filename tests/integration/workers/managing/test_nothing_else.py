"""What is done to an SR is what was approved, however long a look takes, and whoever died before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose
from deploy.sandbox.pool.serving import running_pool
from deploy.sandbox.pool.storage.vdis import StoredVdi
from tests.integration.workers.local.asking import ROOT
from tests.integration.workers.managing.chores import OTHER, REFUSAL, SILVER, disks_of, done, plugged, put_disk, uuid_of
from tests.integration.workers.recording import killed, recorded
from tests.integration.workers.world import SILENT, World, a_world, reason_of, trouble_of
from tests.pool_passwords import with_known_root
from workers.managing import carrying_out
from workers.managing.disks import read_disks
from workers.xen.records import Sr
from workers.xen.session import PoolSession

LATE = StoredVdi("c82ae50d-39bf-47c6-a5b1-06c72b8d9c0c", "late", 2**30)
NEWEST = "xcpng-8.3"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path, flavour=NEWEST) as world:
        yield world


def test_a_disk_that_comes_after_the_last_look_keeps_all_of_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id = world.managing(SILVER, Purpose.DESTROY)
    before = disks_of(world, SILVER)

    def late(session: PoolSession, sr: Sr) -> Mapping[str, object]:
        put_disk(world, SILVER, LATE)
        session.call("SR.scan", sr.ref)
        return read_disks(session, sr)

    monkeypatch.setattr(carrying_out, "read_disks", late)
    request = world.create(request_id)
    assert request.state is State.STALE
    assert request.changes == ("the SR holds late now, which the plan does not name",)
    assert disks_of(world, SILVER) == sorted([*before, "late"])
    assert all(plugged(world, SILVER).values())


@pytest.mark.parametrize(
    ("purpose", "died_at", "refused"),
    [
        (Purpose.DETACH, 1, "PBD.unplug"),
        (Purpose.DETACH, 2, "session.login_with_password"),
        (Purpose.FORGET, 1, "PBD.unplug"),
        (Purpose.FORGET, 2, "SR.forget"),
    ],
)
def test_a_chore_that_is_refused_after_a_worker_died_in_it_is_left_to_a_person(
    world: World, purpose: Purpose, died_at: int, refused: str
) -> None:
    request_id = world.managing(SILVER, purpose)
    with killed("Async.PBD.unplug", nth=died_at):
        world.create(request_id)
    assert not all(plugged(world, SILVER).values())
    world.pool.fault(refused, "error", details=REFUSAL)
    request = world.create(request_id)
    assert request.state is State.UNKNOWN
    assert request.trouble is not None
    assert request.trouble.fact("sr_uuid") == uuid_of(world, SILVER)


def test_a_chore_that_nobody_may_approve_any_more_is_left_to_a_person_where_it_had_begun(world: World) -> None:
    request_id = world.managing(SILVER, Purpose.DETACH)
    with killed("Async.PBD.unplug"):
        world.create(request_id)
    world.narrow('"UAPPROVER1", "UAPPROVER2"]\nmay_override = ["UAPPROVER2"]', '"UOTHER"]')
    assert world.create(request_id).state is State.UNKNOWN


def test_an_sr_whose_targets_are_not_allowed_any_more_is_not_plugged(world: World) -> None:
    done(world, Purpose.DETACH, SILVER)
    request_id = world.managing(SILVER, Purpose.REPAIR)
    world.narrow('"10.0.1.0/28", ', "")
    assert trouble_of(world.named(SILVER, Purpose.REPAIR)).reason == "address_not_allowed"
    assert trouble_of(world.create(request_id)).reason == "address_not_allowed"
    assert not any(plugged(world, SILVER).values())


def test_an_sr_on_a_device_or_folder_that_is_not_allowed_any_more_is_not_plugged(world: World) -> None:
    uuid = local_of(world, OTHER)
    request_id = world.managing(uuid, Purpose.REPAIR)
    world.narrow('"/dev/disk/by-id", ', "")
    trouble = trouble_of(world.named(uuid, Purpose.REPAIR))
    assert (trouble.reason, trouble.fact("path")) == ("path_not_allowed", f"{ROOT}-part3")
    with recorded() as record:
        assert trouble_of(world.create(request_id)).reason == "path_not_allowed"
    assert record.changing() == []


def test_a_retry_asks_anew_where_the_hosts_may_go(world: World) -> None:
    uuid = local_of(world, OTHER)
    ref = world.pbds(uuid)[OTHER]["ref"]
    world.pool.do(lambda model: model.objects.set("PBD", ref, currently_attached=False))
    request_id = world.managing(uuid, Purpose.REPAIR)
    world.host(host=OTHER, up=False)
    assert world.create(request_id).state is State.PARTIAL
    world.host(host=OTHER, up=True)
    world.narrow('"/dev/disk/by-id", ', "")
    with recorded() as record:
        request = world.repair(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, "path_not_allowed")
    assert record.changing() == []


def local_of(world: World, host: str) -> str:
    """The UUID of the SR that a host has on its own disk."""
    local = [str(sr["uuid"]) for sr in world.pool.report()["srs"] if sr["name_label"] == "Local storage"]
    return next(uuid for uuid in local if host in world.pbds(uuid))


def test_an_sr_that_another_pool_has_is_not_plugged_here_as_well(tmp_path: Path) -> None:
    """The other pool is laid out as ours, down to the UUIDs of its SRs."""
    with running_pool(with_known_root(tmp_path / "other"), flavour=NEWEST) as other:
        others = [("other", other.url, other.password)]
        with a_world(tmp_path / "ours", flavour=NEWEST, others=others) as world:
            done(world, Purpose.DETACH, SILVER)
            trouble = trouble_of(world.named(SILVER, Purpose.REPAIR))
            assert (trouble.fact("pool"), trouble.fact("sr_name")) == ("other", SILVER)
            assert not any(plugged(world, SILVER).values())


def test_a_pool_that_does_not_say_whether_it_has_an_sr_is_named_before_that_is_plugged(world: World) -> None:
    done(world, Purpose.DETACH, SILVER)
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    plan = world.named(SILVER, Purpose.REPAIR).plan
    assert plan is not None
    assert (plan.not_asked, plan.needs_override) == (("silent",), True)


def test_a_pool_that_falls_silent_after_the_plan_stops_a_repair(world: World) -> None:
    done(world, Purpose.DETACH, SILVER)
    request_id = world.managing(SILVER, Purpose.REPAIR)
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    request = world.create(request_id)
    assert request.trouble is not None
    assert request.trouble.reason == "pool_not_asked"
    assert not any(plugged(world, SILVER).values())


def test_an_sr_that_some_host_has_is_repaired_without_asking_others(world: World) -> None:
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    plan = world.named(SILVER, Purpose.REPAIR).plan
    assert plan is not None
    assert plan.not_asked == ()
