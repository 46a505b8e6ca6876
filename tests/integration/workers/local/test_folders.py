"""A folder of one host that becomes an ISO library of that host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.found import HeldSr
from bot.request.model import Kind, State
from bot.request.plan import Purpose
from deploy.sandbox.pool.model import Model
from tests.integration.workers.local.asking import (
    FOLDER,
    HELD_SR,
    ONE,
    OTHER,
    approved,
    asks,
    library,
    looked_for,
    of_folder,
    picks,
)
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, World, a_world, reason_of, trouble_of

FILES = ("Rocky-9.4-x86_64-minimal.iso", "debian-12.5.0-amd64-netinst.iso")
LIBRARY = "3a9c7e15-4d28-4f60-b7a1-8c5e2d9f0b64"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_the_library_is_on_its_host_alone_and_its_files_are_listed(world: World) -> None:
    request = looked_for(world, asks(world, Kind.ISO, device=FOLDER))
    request = world.inspect(picks(world, request, OTHER).id)
    plan = request.plan
    assert plan is not None, request.trouble
    assert (plan.sr_type, plan.content_type, plan.shared) == ("iso", "iso", False)
    assert (plan.name, plan.looked) == (f"Local ISO library on {OTHER}: {FOLDER}", False)
    assert dict(plan.config) == {"location": FOLDER, "legacy_mode": "true"}
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert done.outcome.files == FILES
    assert list(world.pbds(done.outcome.sr.uuid)) == [OTHER]
    (sr,) = world.srs(done.outcome.sr.uuid)
    assert sr["other_config"] == {"srbot": request.id, "auto-scan": "true"}
    assert world.leftovers() == CLEAN


def test_the_same_folder_of_another_host_is_another_place(world: World) -> None:
    assert world.create(approved(world, of_folder(world))).state is State.SUCCEEDED
    trouble = trouble_of(of_folder(world, f"{FOLDER}/"))
    assert (trouble.reason, trouble.fact("sr_name")) == ("place_taken", f"Local ISO library on {ONE}: {FOLDER}")
    assert world.create(approved(world, of_folder(world, host=OTHER))).state is State.SUCCEEDED


@pytest.mark.parametrize("spelling", [f"{FOLDER}/.", "/srv//isos", "/srv/./isos/"])
def test_a_folder_is_taken_by_whatever_spelling_somebody_gave_it(world: World, spelling: str) -> None:
    assert world.create(approved(world, of_folder(world))).state is State.SUCCEEDED

    def respell(model: Model) -> None:
        for pbd in model.objects.tables["PBD"].values():
            if pbd["device_config"].get("location") == FOLDER:
                pbd["device_config"] = {**pbd["device_config"], "location": spelling}

    world.pool.do(respell)
    assert reason_of(of_folder(world)) == "place_taken"


def test_a_folder_that_the_host_does_not_have_leaves_nothing(world: World) -> None:
    request = world.create(approved(world, of_folder(world, f"{FOLDER}/none")))
    assert request.state is State.FAILED
    assert request.trouble is not None
    assert (request.trouble.reason, request.trouble.code) == ("iso_folder_missing", "SR_BACKEND_FAILURE_226")
    assert not any(sr["name_label"].startswith("Local ISO") for sr in world.pool.report()["srs"])
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("folder", ["/etc", "/srv/isosandmore", "/srv/isos/../../etc", "/srv"])
def test_a_folder_that_is_not_allowed_is_never_asked_about(world: World, folder: str) -> None:
    with recorded() as record:
        request = of_folder(world, folder)
    assert (trouble_of(request).reason, trouble_of(request).fact("path")) == ("path_not_allowed", folder)
    assert record.calls == []


def test_a_library_that_cannot_be_scanned_is_there_all_the_same(world: World) -> None:
    request_id = approved(world, of_folder(world))
    world.pool.fault("SR.scan", "error", details=["INTERNAL_ERROR", "x"])
    done = world.create(request_id)
    assert done.state is State.SUCCEEDED
    assert done.outcome is not None
    assert done.outcome.files == ()


@pytest.mark.parametrize(("code", "files"), [("MAP_DUPLICATE_KEY", FILES), ("INTERNAL_ERROR", ())])
def test_a_mark_that_is_there_already_is_as_good(world: World, code: str, files: tuple[str, ...]) -> None:
    request_id = approved(world, of_folder(world))
    world.pool.fault("SR.add_to_other_config", "error", details=[code, "SR", "x", "auto-scan"], times=0)
    done = world.create(request_id)
    assert done.outcome is not None, done.trouble
    assert done.outcome.files == files


def test_a_library_of_a_known_uuid_is_attached_to_its_host_alone(world: World) -> None:
    request = library(world, LIBRARY, host=OTHER)
    plan = request.plan
    assert plan is not None, request.trouble
    assert (plan.purpose, plan.held, plan.shared) == (Purpose.ATTACH, HeldSr(LIBRARY), False)
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert (done.outcome.sr.uuid, done.outcome.files) == (LIBRARY, FILES)
    assert list(world.pbds(LIBRARY)) == [OTHER]
    (sr,) = world.srs(LIBRARY)
    assert (sr["shared"], sr["other_config"]) == (False, {"srbot": request.id, "auto-scan": "true"})
    assert reason_of(library(world, LIBRARY, host=OTHER)) == "sr_in_use"
    assert world.leftovers() == CLEAN


def test_a_folder_that_is_another_library_is_taken(world: World) -> None:
    assert world.create(approved(world, of_folder(world))).state is State.SUCCEEDED
    assert reason_of(library(world, LIBRARY)) == "place_taken"


def test_a_library_that_the_pool_has_detached_is_attached_again_and_nowhere_else(world: World) -> None:
    assert world.create(approved(world, library(world, LIBRARY))).state is State.SUCCEEDED
    assert world.create(world.managing(LIBRARY, Purpose.DETACH)).state is State.SUCCEEDED
    trouble = trouble_of(library(world, LIBRARY, f"{FOLDER}/more"))
    assert (trouble.reason, trouble.fact("what")) == ("device_leads_elsewhere", f"the PBD of {ONE}")
    request = library(world, LIBRARY)
    assert request.plan is not None, request.trouble
    assert request.plan.known
    assert world.create(approved(world, request)).state is State.SUCCEEDED


def test_a_folder_that_the_host_does_not_have_is_taken_back(world: World) -> None:
    request = world.create(approved(world, library(world, LIBRARY, f"{FOLDER}/none")))
    assert request.state is State.FAILED
    assert world.srs(LIBRARY) == []


@pytest.mark.parametrize("folder", ["/srv/isos/Win 10/../../../etc", "/srv/isos/a,b/../../../etc"])
def test_no_folder_leads_out_of_what_is_allowed_by_way_of_a_blank_or_a_comma(world: World, folder: str) -> None:
    assert trouble_of(of_folder(world, folder)).reason == "path_not_allowed"
    with_uuid = library(world, HELD_SR, folder)
    assert trouble_of(with_uuid).reason == "path_not_allowed"
