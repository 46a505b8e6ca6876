"""SRs on NFS exports: found by the server's list or by a typed path, new beside what is there, or attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.found import Usage
from bot.request.model import Kind, State
from bot.request.plan import Purpose
from tests.integration.workers.recording import recorded
from tests.integration.workers.sharing.shares import (
    EMPTY,
    NAS,
    NFS_4_ONLY,
    OLD,
    OLD_SR,
    OTHER_SR,
    approved,
    asked,
    attaching,
    looked_at,
    offered,
    on,
    picked,
    places,
    put_on,
)
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, World, a_world, reason_of, trouble_of
from workers.xen.errors import BadAnswerError
from workers.xen.probes.files import FileProber

REFUSAL = ["INTERNAL_ERROR", "x"]


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_the_exports_of_a_server_are_offered_with_what_is_on_them(world: World) -> None:
    world.create(approved(world, EMPTY))
    request = places(world, asked(world, NAS))
    assert request.state is State.CHOOSING_PLACE, request.trouble
    rows = {row.value: row for row in offered(world, request)}
    assert rows["/export/old"].detail == "for everybody"
    assert rows["/export/one-host"].detail == "for xenct-xen1"
    assert rows["/export/vms"].detail == "holds NFS virtual disk storage; for everybody"
    assert request.places is not None
    assert (request.places.count, request.places.complete) == (7, True)
    request = picked(world, request.id, "/export/vms")
    assert request.plan is not None
    assert dict(request.plan.config) == {"server": "nas.example", "serverpath": "/export/vms"}
    assert world.leftovers() == CLEAN


def test_where_no_exports_are_listed_the_path_is_wanted(world: World) -> None:
    world.pool.fault("Async.SR.probe", "error", details=["SR_BACKEND_FAILURE_101", "", "The request is missing", ""])
    request = places(world, asked(world, NAS))
    assert (request.state, reason_of(request)) == (State.PAUSED, "no_exports")
    assert trouble_of(request).fact("address") == "nas.example"


def test_a_probe_that_should_list_exports_and_ends_well_tells_nothing(world: World) -> None:
    config = {"server": "nas.example", "serverpath": "/export/vms"}
    with world.workplace.log_in("xenct") as session:
        probing = FileProber(session, world.workplace.waiting, world.workplace.master_of(session), "nfs", config)
        with pytest.raises(BadAnswerError):
            probing.exports()


def test_what_is_no_answer_to_the_question_for_exports_is_told(world: World) -> None:
    world.pool.fault("Async.SR.probe", "error", details=REFUSAL)
    assert reason_of(places(world, asked(world, NAS))) == "xapi_failed"


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("elsewhere.example", "address_not_allowed"),
        ("10.0.0.99", "nfs_unreachable"),
        ("nobody.example", "name_not_resolved"),
    ],
)
def test_a_server_that_cannot_be_asked_is_told(world: World, server: str, reason: str) -> None:
    assert reason_of(places(world, asked(world, replace(NAS, server=server)))) == reason


def test_a_new_sr_gets_a_folder_of_its_own_and_is_on_every_host(world: World) -> None:
    request = world.create(approved(world, replace(EMPTY, version="4"), name="Builds"))
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    entry = request.outcome.sr
    assert (entry.name_label, entry.host, entry.type, entry.content_type) == ("Builds", "<shared>", "nfs", "user")
    assert [host.attached for host in request.outcome.hosts] == [True, True]
    assert on(world, "nas:/export/vms") == (entry.uuid,)
    (sr,) = world.srs(entry.uuid)
    assert sr["other_config"] == {"srbot": request.id}
    config = world.pbds(entry.uuid)["xenct-xen2"]["device_config"]
    assert config == {"server": "nas.example", "serverpath": "/export/vms", "nfsversion": "4"}
    assert world.leftovers() == CLEAN


def test_a_server_of_nfs_4_alone_is_asked_for_that(world: World) -> None:
    plan = looked_at(world, NFS_4_ONLY).plan
    assert plan is not None
    assert dict(plan.config)["nfsversion"] == "4"
    refused = looked_at(world, replace(NFS_4_ONLY, version="3"))
    assert reason_of(refused) == "nfs_version_unsupported"


def test_a_server_whose_versions_are_of_no_use_is_told(world: World) -> None:
    world.pool.do(lambda model: model.nfs.update({"nfs4": replace(model.nfs["nfs4"], versions=("5",))}))
    assert reason_of(looked_at(world, NFS_4_ONLY)) == "nfs_version_unsupported"


def test_an_export_that_may_not_be_mounted_is_told(world: World) -> None:
    assert reason_of(looked_at(world, replace(EMPTY, path="/export/nowhere"))) == "nfs_mount_failed"


def test_srs_that_are_there_are_found_and_a_new_one_is_made_beside_them(world: World) -> None:
    request = looked_at(world, OLD)
    assert request.state is State.FOUND_SR, request.trouble
    assert [held.uuid for held in request.held] == [OLD_SR]
    assert request.plan is not None
    assert (request.plan.purpose, request.plan.beside) == (Purpose.CREATE, (Usage("", OLD_SR, "", attached=False),))
    done = world.create(approved(world, OLD))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert on(world, "nas:/export/old") == (OLD_SR, done.outcome.sr.uuid)


def test_an_sr_that_was_found_is_attached_as_it_is(world: World) -> None:
    request = world.create(attaching(world, OLD, OLD_SR))
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert (request.outcome.sr.uuid, request.outcome.sr.host) == (OLD_SR, "<shared>")
    assert [host.attached for host in request.outcome.hosts] == [True, True]
    assert on(world, "nas:/export/old") == ()
    assert world.pbds(OLD_SR)["xenct-xen1"]["device_config"] == {"server": "nas.example", "serverpath": "/export/old"}
    assert world.leftovers() == CLEAN


def test_srs_in_use_are_told_and_are_no_choice(world: World) -> None:
    world.create(attaching(world, OLD, OLD_SR))
    request = looked_at(world, OLD)
    assert request.state is State.CONFIRMING
    assert request.plan is not None
    used = Usage("xenct", OLD_SR, "NFS virtual disk storage", attached=True)
    assert request.plan.beside == (used,)
    assert request.plan.name == "NFS virtual disk storage 2"
    for more in ({}, {"wanted": OLD_SR}):
        request = looked_at(world, OLD, purpose=Purpose.ATTACH, **more)
        assert (reason_of(request), trouble_of(request).fact("sr_name")) == ("sr_in_use", used.sr_name)


def test_an_sr_that_the_pool_has_detached_is_attached_again_under_its_name(world: World) -> None:
    world.create(attaching(world, OLD, OLD_SR))
    world.create(world.managing(OLD_SR, Purpose.DETACH))
    request = looked_at(world, OLD, purpose=Purpose.ATTACH, name="Another")
    assert request.plan is not None, request.trouble
    assert (request.plan.known, request.plan.name) == (True, "NFS virtual disk storage")
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert all(pbd["currently_attached"] for pbd in world.pbds(OLD_SR).values())


def test_a_copy_of_an_sr_that_the_pool_knows_elsewhere_is_not_attached(world: World) -> None:
    world.create(attaching(world, OLD, OLD_SR))
    world.create(world.managing(OLD_SR, Purpose.DETACH))
    put_on(world, "nas:/export/vms", OLD_SR)
    request = looked_at(world, EMPTY, purpose=Purpose.ATTACH)
    assert reason_of(request) == "share_leads_elsewhere"
    assert trouble_of(request).fact("what") == "the PBD of xenct-xen1, the PBD of xenct-xen2"


def test_a_record_of_another_type_is_not_attached(world: World) -> None:
    iso = next(sr for sr in world.pool.report()["srs"] if sr["name_label"] == "ISO library")["uuid"]
    world.create(world.managing(iso, Purpose.DETACH))
    put_on(world, "nas:/export/vms", iso)
    request = looked_at(world, EMPTY, purpose=Purpose.ATTACH)
    assert (reason_of(request), trouble_of(request).fact("what")) == ("share_leads_elsewhere", "the SR's own record")


def test_attaching_asks_which_where_there_are_several_and_says_where_there_is_none(world: World) -> None:
    assert reason_of(looked_at(world, EMPTY, purpose=Purpose.ATTACH)) == "no_sr_on_share"
    missing = looked_at(world, EMPTY, purpose=Purpose.ATTACH, wanted=OLD_SR)
    assert (reason_of(missing), trouble_of(missing).fact("sr_uuid")) == ("sr_not_on_share", OLD_SR)
    put_on(world, "nas:/export/vms", OLD_SR, OTHER_SR)
    request = looked_at(world, EMPTY, purpose=Purpose.ATTACH)
    assert (request.state, len(request.held)) == (State.FOUND_SR, 2)
    one = looked_at(world, EMPTY, purpose=Purpose.ATTACH, wanted=OTHER_SR)
    assert one.plan is not None
    assert one.plan.held is not None
    assert (one.plan.held.uuid, [other.sr_uuid for other in one.plan.beside]) == (OTHER_SR, [OLD_SR])


def test_what_is_on_the_share_counts_right_before_the_run(world: World) -> None:
    first, second, third = approved(world, EMPTY), approved(world, OLD), attaching(world, OLD, OLD_SR)
    put_on(world, "nas:/export/vms", OTHER_SR)
    request = world.create(first)
    assert (request.state, request.changes) == (State.STALE, (f"the share now holds the SR {OTHER_SR} too",))
    put_on(world, "nas:/export/old")
    for request in map(world.create, (second, third)):
        assert (request.state, request.changes) == (State.STALE, (f"the share no longer holds the SR {OLD_SR}",))
    assert world.leftovers() == CLEAN


def test_an_answer_that_cannot_be_read_means_no(world: World) -> None:
    first = approved(world, EMPTY)
    put_on(world, "nas:/export/vms", "")
    for request in (looked_at(world, EMPTY), world.create(first)):
        assert (request.state, reason_of(request)) == (State.PAUSED, "share_unreadable")


def test_a_second_attempt_at_the_same_attaching_is_stale(world: World) -> None:
    first, second = attaching(world, OLD, OLD_SR), attaching(world, OLD, OLD_SR)
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert request.state is State.STALE
    assert request.changes == (f'the SR {OLD_SR} is now the SR "NFS virtual disk storage" of xenct',)


def test_a_record_that_was_forgotten_since_the_approval_makes_it_stale(world: World) -> None:
    world.create(attaching(world, OLD, OLD_SR))
    world.create(world.managing(OLD_SR, Purpose.DETACH))
    request_id = world.approve(looked_at(world, OLD, purpose=Purpose.ATTACH).id)
    world.create(world.managing(OLD_SR, Purpose.FORGET))
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"xenct no longer has a record of the SR {OLD_SR}",))


@pytest.mark.parametrize("path", ["/export/read-only", "/export/full"])
def test_an_export_where_no_folder_can_be_made_leaves_nothing(world: World, path: str) -> None:
    request = world.create(approved(world, replace(EMPTY, path=path)))
    assert request.state is State.FAILED
    assert not any(sr["type"] == "nfs" for sr in world.pool.report()["srs"])
    assert world.leftovers() == CLEAN


def test_a_host_that_may_not_mount_the_export_is_told_by_name(world: World) -> None:
    request = world.create(approved(world, replace(EMPTY, path="/export/one-host")))
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    (missing,) = [host for host in request.outcome.hosts if not host.attached]
    assert missing.host == "xenct-xen2"
    assert missing.trouble is not None
    assert (missing.trouble.reason, missing.trouble.fact("address")) == ("nfs_mount_failed", "nas.example")
    world.narrow('"nas.example", ', "")
    assert (world.repair(request.id).state, reason_of(world.look(request.id))) == (State.PARTIAL, "address_not_allowed")


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_a_create_whose_answer_is_lost_is_found_again(world: World, kind: str) -> None:
    request_id = approved(world, EMPTY)
    world.pool.fault("Async.SR.create", kind)
    request = world.create(request_id)
    assert request.state is (State.SUCCEEDED if kind == "cut_after" else State.UNKNOWN)
    assert {**world.leftovers(), "sessions": 0} == CLEAN


def test_a_worker_that_died_is_followed_by_one_that_goes_on(world: World) -> None:
    for request_id in (approved(world, EMPTY), attaching(world, OLD, OLD_SR)):
        world.begin(request_id)
        assert world.create(request_id).state is State.SUCCEEDED


def test_a_pool_without_the_driver_says_so(world: World) -> None:
    world.pool.fault("SR.get_supported_types", "error", details=REFUSAL)
    assert reason_of(looked_at(world, EMPTY)) == "xapi_failed"


def test_a_server_that_is_not_allowed_is_never_asked(world: World) -> None:
    with recorded() as record:
        assert reason_of(looked_at(world, replace(EMPTY, server="elsewhere.example"))) == "address_not_allowed"
    assert record.calls == []


def test_a_request_without_a_share_is_about_nothing_here(world: World) -> None:
    assert reason_of(world.inspect(world.ask(None, None, kind=Kind.NFS, given=(("a", "b"),)))) == "not_approved"
