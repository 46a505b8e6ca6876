"""A share that becomes an ISO library: tried for real, plugged on every host, scanned, and its files listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.found import Protocol, Share
from bot.request.model import Kind, Request, State
from deploy.sandbox.pool.model import Model
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, World, a_world, reason_of

FREE = Share(Protocol.NFS, "nfs4.example", "/images", "4")
TAKEN = Share(Protocol.NFS, "nas.example", "/export/iso")
GUESTS = Share(Protocol.SMB, "files.example", "public")
KEPT = Share(Protocol.SMB, "files.example", "iso")
FILES = ("Rocky-9.4-x86_64-minimal.iso", "debian-12.5.0-amd64-netinst.iso")
REFUSAL = ["INTERNAL_ERROR", "x"]


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def looked_at(world: World, share: Share, credential: str | None = None, **more: object) -> Request:
    return world.inspect(world.ask(None, credential, kind=Kind.ISO, share=share, **more))


def approved(world: World, share: Share, credential: str | None = None) -> str:
    request = looked_at(world, share, credential)
    assert request.plan is not None, request.trouble
    return world.approve(request.id)


def test_the_plan_says_everything_but_the_password(world: World) -> None:
    plan = looked_at(world, KEPT, "backup").plan
    assert plan is not None
    assert plan.name == "Remote ISO Library on: //files.example/iso"
    assert (plan.sr_type, plan.content_type, plan.shared, plan.credential) == ("iso", "iso", True, "backup")
    assert dict(plan.config) == {"location": "//files.example/iso", "type": "cifs", "username": "LAB\\backup"}
    assert (plan.way, plan.held, plan.hosts) == (None, None, ())
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize(("share", "credential"), [(FREE, None), (GUESTS, None), (KEPT, "backup")])
def test_a_library_is_on_every_host_and_its_files_are_listed(
    world: World, share: Share, credential: str | None
) -> None:
    request = world.create(approved(world, share, credential))
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert [host.attached for host in request.outcome.hosts] == [True, True]
    assert request.outcome.files == FILES
    entry = request.outcome.sr
    assert (entry.name_label, entry.host, entry.type, entry.content_type, entry.name_description) == (
        f"Remote ISO Library on: {share}",
        "<shared>",
        "iso",
        "iso",
        "",
    )
    (sr,) = world.srs(entry.uuid)
    assert sr["other_config"] == {"srbot": request.id, "auto-scan": "true"}
    assert world.leftovers() == CLEAN


def test_a_share_that_serves_a_library_already_is_refused_with_its_name(world: World) -> None:
    request = looked_at(world, TAKEN)
    assert (request.state, reason_of(request)) == (State.PAUSED, "share_in_use")
    assert request.trouble is not None
    assert request.trouble.fact("sr_name") == "ISO library"


@pytest.mark.parametrize(
    ("location", "share"),
    [
        ("nas.example:/export/./iso/", TAKEN),
        ("NAS.example:/export//iso", TAKEN),
        ("//files.example/./Public/.", GUESTS),
        ("\\\\files.example\\public", GUESTS),
    ],
)
def test_a_library_is_found_by_whatever_spelling_somebody_gave_its_place(
    world: World, location: str, share: Share
) -> None:
    def respell(model: Model) -> None:
        for pbd in model.objects.tables["PBD"].values():
            if pbd["device_config"].get("type") == "nfs_iso":
                pbd["device_config"] = {**pbd["device_config"], "location": location}

    world.pool.do(respell)
    assert reason_of(looked_at(world, share)) == "share_in_use"


def test_a_server_that_is_not_allowed_is_never_asked(world: World) -> None:
    with recorded() as record:
        request = looked_at(world, Share(Protocol.NFS, "elsewhere.example", "/iso"))
    assert reason_of(request) == "address_not_allowed"
    assert record.calls == []


@pytest.mark.parametrize("credential", ["tecmint", "nobody"])
def test_a_credential_that_is_not_for_the_server_is_never_sent(world: World, credential: str) -> None:
    assert reason_of(looked_at(world, KEPT, credential)) == "credential_not_for_address"


def test_a_pool_without_the_driver_says_so(world: World) -> None:
    world.pool.fault("SR.get_supported_types", "error", details=REFUSAL)
    assert reason_of(looked_at(world, FREE)) == "xapi_failed"


@pytest.mark.parametrize(
    "share",
    [
        Share(Protocol.NFS, "nas.example", "/export/nowhere"),
        Share(Protocol.SMB, "files.example", "nowhere"),
        KEPT,
    ],
    ids=["export", "share", "password"],
)
def test_a_share_that_cannot_be_mounted_leaves_nothing(world: World, share: Share) -> None:
    request = world.create(approved(world, share))
    assert request.state is State.FAILED
    assert request.trouble is not None
    assert request.trouble.code.startswith("SR_BACKEND_FAILURE_")
    assert not any(sr["name_label"].startswith("Remote") for sr in world.pool.report()["srs"])
    assert world.leftovers() == CLEAN


def test_a_share_that_was_taken_since_the_approval_makes_the_request_stale(world: World) -> None:
    first, second = approved(world, FREE), approved(world, FREE)
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert request.state is State.STALE
    assert request.changes[0].startswith('the share now serves the SR "Remote ISO Library on:')


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_a_create_whose_answer_is_lost_is_found_again(world: World, kind: str) -> None:
    request_id = approved(world, FREE)
    world.pool.fault("Async.SR.create", kind)
    request = world.create(request_id)
    assert request.state is (State.SUCCEEDED if kind == "cut_after" else State.UNKNOWN)
    assert {**world.leftovers(), "sessions": 0} == CLEAN


def test_a_worker_that_died_is_followed_by_one_that_goes_on(world: World) -> None:
    request_id = approved(world, FREE)
    world.begin(request_id)
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_library_that_cannot_be_scanned_is_there_all_the_same(world: World) -> None:
    request_id = approved(world, FREE)
    world.pool.fault("SR.scan", "error", details=REFUSAL)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED
    assert request.outcome is not None
    assert request.outcome.files == ()


@pytest.mark.parametrize(
    ("details", "files"), [(["MAP_DUPLICATE_KEY", "SR", "x", "y", "auto-scan"], FILES), (REFUSAL, ())]
)
def test_a_library_that_is_scanned_always_already_is_scanned_now_too(
    world: World, details: list[str], files: tuple[str, ...]
) -> None:
    request_id = approved(world, FREE)
    world.pool.fault("SR.add_to_other_config", "error", details=details, after=1)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED
    assert request.outcome is not None
    assert request.outcome.files == files


def test_what_somebody_of_us_has_made_meanwhile_is_taken_over_and_not_called_a_change(world: World) -> None:
    request_id = approved(world, FREE)
    plan = world.look(request_id).plan
    assert plan is not None
    labels = (plan.name, f"srbot:{request_id}", plan.sr_type, plan.content_type)
    host = world.pool.do(lambda model: model.master())
    with world.workplace.log_in("xenct") as session:
        session.call("SR.create", host, dict(plan.config), "0", *labels, plan.shared, {})
    with recorded() as record:
        request = world.create(request_id)
    assert request.state is State.SUCCEEDED, (request.trouble, request.changes)
    assert record.of("Async.SR.create") == []
