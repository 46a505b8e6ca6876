"""SRs on SMB shares, with a password and without; and a library that is attached by its UUID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.found import Protocol, Share
from bot.request.model import Kind, Request, State
from bot.request.plan import Purpose
from tests.integration.workers.sharing.shares import (
    OLD_SMB,
    OLD_SMB_SR,
    SMB,
    approved,
    attaching,
    looked_at,
    on,
)
from tests.integration.workers.world import (
    CLEAN,
    OVERRIDER,
    POOL,
    SILENT,
    World,
    a_world,
    reason_of,
    trouble_of,
)

WITH_SMB = ("7.6", "8")
LIBRARY = "9d0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a77"
IMAGES = Share(Protocol.NFS, "nfs4.example", "/images", "4")
KEPT = Share(Protocol.SMB, "files.example", "iso")


@pytest.fixture(params=WITH_SMB)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        world.pool.do(lambda model: setattr(model, "smb_licensed", True))
        yield world


def library(world: World, share: Share = IMAGES, uuid: str = LIBRARY, credential: str | None = None) -> Request:
    """Somebody wants a library attached whose UUID they know."""
    more: dict[str, object] = {"kind": Kind.ISO, "purpose": Purpose.ATTACH, "wanted": uuid}
    return looked_at(world, share, credential, **more)


def silenced(world: World) -> None:
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")


def test_a_share_with_a_password_becomes_an_sr_and_the_password_stays_a_secret(world: World) -> None:
    request_id = approved(world, SMB, "backup")
    plan = world.look(request_id).plan
    assert plan is not None
    assert dict(plan.config) == {"server": "\\\\files.example\\vms", "username": "LAB\\backup"}
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert (request.outcome.sr.type, request.outcome.sr.content_type) == ("smb", "user")
    assert [host.attached for host in request.outcome.hosts] == [True, True]
    assert on(world, "//files/vms") == (request.outcome.sr.uuid,)
    assert set(world.pbds(request.outcome.sr.uuid)["xenct-xen2"]["device_config"]) == {
        "server",
        "username",
        "password_secret",
    }
    assert world.leftovers() == CLEAN


def test_without_a_password_a_share_for_some_users_cannot_be_mounted(world: World) -> None:
    assert reason_of(looked_at(world, SMB)) == "smb_mount_failed"
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("credential", ["tecmint", "nobody"])
def test_a_credential_that_is_not_for_the_server_is_never_sent(world: World, credential: str) -> None:
    assert reason_of(looked_at(world, SMB, credential)) == "credential_not_for_address"


def test_a_pool_without_the_licence_says_so_when_it_creates(world: World) -> None:
    world.pool.do(lambda model: setattr(model, "smb_licensed", False))
    request = world.create(approved(world, SMB, "backup"))
    assert (request.state, reason_of(request)) == (State.FAILED, "licence_missing")
    assert world.leftovers() == CLEAN


def test_a_release_without_the_driver_says_so_at_once(tmp_path: Path) -> None:
    with a_world(tmp_path, flavour="6.5") as old:
        request = looked_at(old, SMB, "backup")
        assert (reason_of(request), trouble_of(request).fact("type")) == ("type_not_supported", "smb")
        assert "SR.probe" not in str(old.calls())


def test_an_sr_on_a_share_is_attached_however_its_server_is_written(world: World) -> None:
    request = world.create(attaching(world, OLD_SMB, OLD_SMB_SR))
    assert request.state is State.SUCCEEDED, request.trouble
    world.create(world.managing(OLD_SMB_SR, Purpose.DETACH))
    again = looked_at(world, replace(OLD_SMB, path="OLD"), purpose=Purpose.ATTACH)
    assert again.plan is not None, again.trouble
    assert again.plan.known


def test_another_pool_that_has_the_sr_keeps_it(world: World, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with a_world(tmp_path / "other") as other:
        assert other.create(attaching(other, OLD_SMB, OLD_SMB_SR)).state is State.SUCCEEDED
        request_id = attaching(world, OLD_SMB, OLD_SMB_SR)
        silenced(world)
        (world.folder / "xenct2").write_text(other.pool.password, encoding="utf-8")
        world.narrow(SILENT, POOL.format(name="silent", url=other.pool.url, file="xenct2", read=30))
        request = looked_at(world, OLD_SMB, purpose=Purpose.ATTACH)
        assert (reason_of(request), trouble_of(request).fact("pool")) == ("sr_in_use", "silent")
        stale = world.create(request_id)
    assert stale.state is State.STALE
    assert stale.changes == (f'the SR {OLD_SMB_SR} is now the SR "SMB virtual disk storage" of silent',)


def test_a_pool_that_cannot_be_asked_stands_in_the_plan_and_needs_one_who_may_override(world: World) -> None:
    silenced(world)
    request = looked_at(world, OLD_SMB, purpose=Purpose.ATTACH)
    assert request.plan is not None
    assert (request.plan.not_asked, request.plan.needs_override) == (("silent",), True)
    assert world.create(world.approve(request.id, OVERRIDER)).state is State.SUCCEEDED


def test_a_pool_that_falls_silent_after_the_approval_keeps_the_sr_where_it_is(world: World) -> None:
    request_id = attaching(world, OLD_SMB, OLD_SMB_SR)
    silenced(world)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "pool_not_asked")


def test_nobody_who_may_override_means_no(world: World) -> None:
    world.narrow('may_override = ["UAPPROVER2"]', "may_override = []")
    silenced(world)
    assert reason_of(looked_at(world, OLD_SMB, purpose=Purpose.ATTACH)) == "pool_not_asked"
    assert looked_at(world, SMB, "backup").state is State.CONFIRMING


def test_a_library_whose_uuid_is_known_is_attached(world: World) -> None:
    request = library(world)
    assert request.plan is not None, request.trouble
    assert (request.plan.purpose, request.plan.known) == (Purpose.ATTACH, False)
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert (done.outcome.sr.uuid, done.outcome.sr.content_type, len(done.outcome.files)) == (LIBRARY, "iso", 2)
    assert reason_of(library(world)) == "sr_in_use"
    assert reason_of(library(world, uuid=OLD_SMB_SR)) == "share_in_use"
    assert reason_of(library(world, KEPT, credential="backup")) == "sr_in_use"
    world.create(world.managing(LIBRARY, Purpose.DETACH))
    assert reason_of(library(world, KEPT, credential="backup")) == "share_leads_elsewhere"
    again = library(world)
    assert again.plan is not None
    assert (again.plan.known, again.plan.name) == (True, done.outcome.sr.name_label)
    assert world.create(world.approve(again.id)).state is State.SUCCEEDED
    assert world.srs(LIBRARY)[0]["other_config"]["auto-scan"] == "true"


def test_a_library_that_cannot_be_marked_for_scans_is_there_all_the_same(world: World) -> None:
    request_id = world.approve(library(world).id)
    world.pool.fault("SR.add_to_other_config", "error", details=["INTERNAL_ERROR", "x"], times=3)
    request = world.create(request_id)
    assert request.outcome is not None
    assert (request.state, request.outcome.files) == (State.SUCCEEDED, ())


def test_a_library_that_the_pool_gets_elsewhere_meanwhile_is_not_attached(world: World) -> None:
    first, second = world.approve(library(world).id), world.approve(library(world).id)
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert (request.state, len(request.changes)) == (State.STALE, 1)
    assert world.leftovers() == CLEAN
