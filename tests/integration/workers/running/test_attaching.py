"""Attaching the SR that is on a LUN: introduced, a PBD for every host, the master plugged first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request import acting
from bot.request.model import Request, State
from tests.integration.workers.keeping import DESCRIPTION, config_of, keep_a_record
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import (
    CLEAN,
    DETACHED,
    DETACHED_DESCRIPTION,
    EQUALLOGIC,
    OLDEST_AND_NEWEST,
    ONE_HOST_REFUSED,
    REQUESTER,
    SCSI_ID,
    World,
    a_world,
)

HELD = {"kind": "sr", "sr_uuid": DETACHED, "sr_name": "old-projects"}
SECOND_IQN = "iqn.2026-01.com.example:xenct-xen2"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def states(request: Request) -> list[tuple[str, bool]]:
    assert request.outcome is not None, request.trouble
    return [(host.host, host.attached) for host in request.outcome.hosts]


def test_the_sr_that_was_asked_for_is_introduced_and_seen_by_every_host(world: World) -> None:
    request_id = world.attaching()
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert states(request) == [("xenct-xen1", True), ("xenct-xen2", True)]
    assert request.outcome is not None
    entry = request.outcome.sr
    assert (entry.uuid, entry.name_label, entry.name_description) == (DETACHED, "old-projects", DETACHED_DESCRIPTION)
    assert (entry.host, entry.type, entry.content_type) == ("<shared>", "lvmoiscsi", "user")
    (sr,) = world.srs(DETACHED)
    assert (sr["name_description"], sr["other_config"]["srbot"], sr["shared"]) == (
        DETACHED_DESCRIPTION,
        request_id,
        True,
    )
    assert world.pool.report()["overwrites"] == []
    assert world.leftovers() == CLEAN


def test_the_sr_that_was_found_is_attached_once_its_requester_wants_it(world: World) -> None:
    request_id = world.found()
    request = world.look(request_id)
    world.happens(request_id, *acting.attach_found(request, REQUESTER, request.plan_number, world.clock()))
    assert world.create(world.approve(request_id)).state is State.SUCCEEDED
    assert len(world.srs(DETACHED)) == 1
    assert world.overwritten() == []


def test_the_master_is_plugged_first_and_nothing_else_is_changed(world: World) -> None:
    request_id = world.attaching()
    with recorded() as record:
        world.create(request_id)
    assert record.changing() == [
        "SR.introduce",
        "PBD.create",
        "PBD.create",
        "Async.PBD.plug",
        "SR.add_to_other_config",
        "SR.set_name_description",
        "Async.PBD.plug",
    ]
    plugged = [args[0] for _, args in record.of("Async.PBD.plug")]
    hosts = {pbd["ref"]: host for host, pbd in world.pbds(DETACHED).items()}
    assert [hosts[ref] for ref in plugged] == ["xenct-xen1", "xenct-xen2"]


def test_the_password_goes_along_as_a_secret_that_each_pbd_owns(world: World) -> None:
    world.array(op="content", scsi_id=SCSI_ID, content=HELD)
    request = world.create(world.attaching(EQUALLOGIC, "tecmint", 0))
    assert request.state is State.SUCCEEDED, request.trouble
    configs = [pbd["device_config"] for pbd in world.pbds(DETACHED).values()]
    assert [config["chapuser"] for config in configs] == ["tecmint", "tecmint"]
    assert len({config["chappassword_secret"] for config in configs}) == 2
    assert not any("chappassword" in config for config in configs)
    assert world.leftovers() == CLEAN
    assert world.overwritten() == []


def test_a_host_that_cannot_plug_makes_it_partial_with_its_iqn_and_its_own_error(world: World) -> None:
    (scsi_id,) = world.pool.do(lambda model: [lun.scsi_id for lun in model.arrays["one-host-refused"].targets[0].luns])
    world.array(op="content", scsi_id=scsi_id, content=HELD)
    request = world.create(world.attaching(ONE_HOST_REFUSED, None, 0))
    assert request.state is State.PARTIAL
    assert states(request) == [("xenct-xen1", True), ("xenct-xen2", False)]
    assert request.outcome is not None
    second = request.outcome.hosts[1]
    assert second.trouble is not None
    assert (second.iqn, second.trouble.reason) == (SECOND_IQN, "login_refused")
    assert second.trouble.code == "SR_BACKEND_FAILURE_68"


@pytest.mark.parametrize("hosts", [(), ("xenct-xen1",), ("xenct-xen2",), ("xenct-xen1", "xenct-xen2")])
def test_a_record_and_pbds_of_the_pool_are_used_as_they_are(world: World, hosts: tuple[str, ...]) -> None:
    keep_a_record(world, hosts, config_of(world))
    before, kept = world.srs(DETACHED)[0], world.pbds(DETACHED)
    request = world.create(world.attaching())
    assert request.state is State.SUCCEEDED, request.trouble
    after, pbds = world.srs(DETACHED)[0], world.pbds(DETACHED)
    same = ("ref", "name_label", "name_description", "other_config")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert {host: pbds[host]["ref"] for host in kept} == {host: pbd["ref"] for host, pbd in kept.items()}
    assert sorted(pbds) == ["xenct-xen1", "xenct-xen2"]
    assert request.outcome is not None
    assert request.outcome.sr.name_description == DESCRIPTION


def test_a_record_that_the_pool_forgot_since_makes_it_stale(world: World) -> None:
    keep_a_record(world)
    request_id = world.attaching()
    world.pool.do(lambda model: model.objects.remove("SR", model.objects.find("SR", DETACHED) or ""))
    request = world.create(request_id)
    assert (request.state, request.changes) == (
        State.STALE,
        (f"xenct no longer has a record of the SR {DETACHED}",),
    )
    assert world.srs(DETACHED) == []


def test_an_sr_that_somebody_else_attached_since_makes_it_stale(world: World) -> None:
    first, second = world.attaching(), world.attaching()
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert request.state is State.STALE
    assert DETACHED in request.changes[0]
    assert len(world.pbds(DETACHED)) == 2


def test_an_sr_that_is_gone_since_makes_it_stale(world: World) -> None:
    request_id = world.attaching()
    scsi_id = world.look(request_id).lun
    assert scsi_id is not None
    world.array(op="content", scsi_id=scsi_id.scsi_id, content={"kind": "blank"})
    request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"the LUN no longer holds the SR {DETACHED}",))
    assert world.srs(DETACHED) == []


def test_nothing_is_attached_whose_approver_may_no_longer_approve(world: World) -> None:
    request_id = world.attaching()
    world.narrow('approvers = ["UAPPROVER1", "UAPPROVER2"]', 'approvers = ["UOTHER", "UAPPROVER2"]')
    assert world.create(request_id).state is State.AWAITING_APPROVAL
    assert world.srs(DETACHED) == []
