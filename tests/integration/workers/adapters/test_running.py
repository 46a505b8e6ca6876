"""An SR on a LUN of the adapters: created, attached and formatted over, and looked at once more right before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.request import acting
from bot.request.model import Kind, State
from bot.request.plan import Purpose, to_type
from tests.integration.workers.adapters.lookers import (
    ARCHIVE,
    ARCHIVED,
    ARCHIVED_DESCRIPTION,
    BLANK,
    approved,
    attaching,
    disk,
    looked_at,
    write,
)
from tests.integration.workers.recording import killed, recorded
from tests.integration.workers.world import (
    CLEAN,
    OLDEST_AND_NEWEST,
    OVERRIDER,
    REQUESTER,
    World,
    a_world,
    reason_of,
    until,
)

OTHER = "5d1c3f0e-0000-4000-8000-000000000001"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def settled(world: World) -> None:
    """Whatever the dead worker has begun on the pool has ended."""
    until(lambda: not any(task["status"] == "pending" for task in world.pool.report()["tasks"]))


def test_an_sr_is_created_and_seen_by_every_host(world: World) -> None:
    request_id = approved(world)
    with recorded() as record:
        request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    entry = request.outcome.sr
    assert (entry.name_label, entry.host, entry.type) == ("Hardware HBA virtual disk storage", "<shared>", "lvmohba")
    assert [(host.host, host.attached) for host in request.outcome.hosts] == [
        ("xenct-xen1", True),
        ("xenct-xen2", True),
    ]
    ((_, create),) = record.of("Async.SR.create")
    assert (create[1], create[5:8]) == ({"SCSIid": BLANK}, ("lvmohba", "user", True))
    assert [pbd["device_config"] for pbd in world.pbds(entry.uuid).values()] == [{"SCSIid": BLANK}] * 2
    assert world.overwritten() == [BLANK]
    (sr,) = world.srs(entry.uuid)
    assert (sr["other_config"]["srbot"], sr["name_description"]) == (request_id, "")
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("method", ["Async.SR.create", "SR.add_to_other_config", "SR.set_name_description"])
def test_a_worker_that_dies_while_it_creates_creates_once(newest: World, method: str, *, before: bool) -> None:
    request_id = approved(newest)
    with killed(method, before=before):
        newest.create(request_id)
    settled(newest)
    request = newest.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert newest.overwritten() == [BLANK]


def test_the_sr_that_a_lun_holds_is_attached(world: World) -> None:
    request_id = attaching(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(ARCHIVED)
    assert (sr["type"], sr["name_label"], sr["name_description"]) == ("lvmohba", "fc-archive", ARCHIVED_DESCRIPTION)
    assert (sr["pbds"], sr["pbds_attached"], sr["shared"]) == (2, 2, True)
    assert [pbd["device_config"] for pbd in world.pbds(ARCHIVED).values()] == [{"SCSIid": ARCHIVE}] * 2
    assert world.overwritten() == []


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("method", "nth"),
    [("SR.introduce", 1), ("PBD.create", 1), ("PBD.create", 2), ("Async.PBD.plug", 1), ("Async.PBD.plug", 2)],
)
def test_a_worker_that_dies_while_it_attaches_is_gone_on_from(
    newest: World, method: str, nth: int, *, before: bool
) -> None:
    """Its own PBDs keep the LUN out of the adapters' list."""
    request_id = attaching(newest)
    with killed(method, nth=nth, before=before):
        newest.create(request_id)
    settled(newest)
    request = newest.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = newest.srs(ARCHIVED)
    assert (sr["pbds"], sr["pbds_attached"]) == (2, 2)
    assert newest.overwritten() == []


def test_a_lun_that_changed_after_the_worker_died_is_not_plugged(newest: World) -> None:
    request_id = attaching(newest)
    with killed("PBD.create", nth=2):
        newest.create(request_id)
    write(newest, ARCHIVE, kind="sr", sr_uuid=OTHER, sr_name="theirs")
    request = newest.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert "Async.PBD.plug" not in newest.calls()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda world: disk(world, scsi_id=BLANK, hosts=["xenct-xen2"]), "the LUN can't be seen any more"),
        (lambda world: disk(world, scsi_id=BLANK, size=1024**4), "the LUN's size was 500.0 GiB"),
        (lambda world: disk(world, scsi_id=BLANK, serial="X1"), "the LUN's serial was 500C3A01000 and is X1 now"),
        (lambda world: write(world, BLANK, kind="sr", sr_uuid=OTHER, sr_name="x"), f"now holds an SR ({OTHER})"),
    ],
    ids=["gone", "size", "serial", "taken"],
)
def test_what_changed_since_the_approval_makes_it_stale(
    newest: World, change: Callable[[World], None], words: str
) -> None:
    request_id = approved(newest)
    change(newest)
    before = newest.overwritten()
    request = newest.create(request_id)
    assert request.state is State.STALE, request.trouble
    assert words in " ".join(request.changes)
    assert newest.overwritten() == before


def test_another_initiator_iqn_changes_nothing(newest: World) -> None:
    request_id = approved(newest)
    newest.host(host="xenct-xen2", iqn="iqn.2026-01.com.example:other")
    assert newest.create(request_id).state is State.SUCCEEDED


def test_two_requests_for_the_same_lun_make_one_sr(newest: World) -> None:
    first, second = approved(newest), approved(newest)
    assert newest.create(first).state is State.SUCCEEDED
    assert newest.create(second).state is State.STALE
    assert newest.overwritten() == [BLANK]


def test_a_host_that_the_plan_leaves_out_is_tried_again_once_it_sees_the_lun(newest: World) -> None:
    request = newest.create(approved(newest, 2))
    assert request.state is State.PARTIAL, request.trouble
    assert request.outcome is not None
    assert [host.attached for host in request.outcome.hosts] == [True, False]
    scsi_id = request.lun.scsi_id if request.lun else ""
    disk(newest, scsi_id=scsi_id, hosts=[])
    assert newest.repair(request.id).state is State.SUCCEEDED


def test_formatting_over_the_sr_of_a_lun_is_a_request_of_its_own(world: World) -> None:
    found = looked_at(world, 1)
    assert found.state is State.FOUND_SR, found.trouble
    request_id = world.formatting(found.id)
    assert world.look(request_id).kind is Kind.HBA
    request = world.inspect(request_id)
    assert request.state is State.CONFIRMING, request.trouble
    assert request.plan is not None
    assert request.plan.purpose is Purpose.FORMAT
    world.approve(request_id, OVERRIDER, to_type(request.lun))
    done = world.create(request_id)
    assert done.state is State.SUCCEEDED, done.trouble
    assert world.overwritten() == [ARCHIVE]
    assert world.srs(ARCHIVED) == []


def test_the_sr_that_was_found_is_attached_once_its_requester_wants_it(world: World) -> None:
    request = looked_at(world, 1)
    world.happens(request.id, *acting.attach_found(request, REQUESTER, request.plan_number, world.clock()))
    assert world.create(world.approve(request.id)).state is State.SUCCEEDED
    assert world.overwritten() == []
