"""What the third probe allows, and what it stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.events import LunPicked
from bot.request.found import Lun, Portal
from bot.request.model import Address, State
from bot.request.plan import Purpose
from tests.integration.workers.clock import START
from tests.integration.workers.world import CLEAN, NETAPP, REQUESTER, SCSI_ID, SILENT, World, a_world, trouble_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def picked(world: World, lun_id: int) -> str:
    request_id = world.choosing_lun(NETAPP, None)
    world.pick(request_id, lun_id)
    return request_id


def test_a_free_lun_leads_to_the_whole_plan(world: World) -> None:
    request_id = picked(world, 3)
    plan = world.inspect(request_id).plan
    assert plan is not None
    assert (plan.number, plan.pool, plan.master, plan.purpose) == (1, "xenct", "xenct-xen1", Purpose.CREATE)
    assert (plan.held, plan.known, plan.not_asked, plan.accepted) == (None, False, (), ())
    assert (plan.name, plan.description) == ("iSCSI virtual disk storage", "")
    assert (plan.sr_type, plan.content_type, plan.shared) == ("lvmoiscsi", "user", True)
    assert plan.way is not None
    assert (plan.way.portal, plan.credential) == (Portal("10.0.1.11", 3260), None)
    assert world.leftovers() == CLEAN


def test_the_typed_portal_is_the_one_in_the_plan(world: World) -> None:
    request_id = world.choosing_lun(Address("10.0.1.13", 3260), None)
    world.pick(request_id, 3)
    plan = world.inspect(request_id).plan
    assert plan is not None
    assert plan.way is not None
    assert plan.way.portal == Portal("10.0.1.13", 3260)


def test_a_name_that_is_taken_gets_the_next_number(world: World) -> None:
    request_id = world.choosing_lun(NETAPP, None, name="netapp-gold")
    world.pick(request_id, 3)
    plan = world.inspect(request_id).plan
    assert plan is not None
    assert plan.name == "netapp-gold 2"


def test_a_lun_in_use_is_stopped_with_its_sr(world: World) -> None:
    trouble = trouble_of(world.inspect(picked(world, 1)))
    assert trouble.reason == "lun_in_use"
    assert (trouble.fact("sr_name"), trouble.fact("pool")) == ("netapp-silver", "xenct")


def test_a_lun_with_an_sr_that_the_pool_knows_is_in_use_although_no_pbd_names_it(world: World) -> None:
    request_id = picked(world, 3)
    request = world.look(request_id)
    assert request.lun is not None
    content = {"kind": "sr", "sr_uuid": "0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101", "sr_name": "netapp-gold"}
    world.array(op="content", scsi_id=request.lun.scsi_id, content=content)
    assert trouble_of(world.inspect(request_id)).reason == "lun_in_use"


def test_a_lun_that_a_pool_uses_is_told_so_though_another_one_is_silent(world: World) -> None:
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    assert trouble_of(world.inspect(picked(world, 1))).reason == "lun_in_use"


def test_an_inspection_that_ends_after_its_time_expires_instead_of_getting_more_of_it(world: World) -> None:
    request_id = picked(world, 3)

    def take_long(_seconds: float) -> None:
        world.clock.now = START + 10_000

    world.workplace = replace(world.workplace, pause=take_long)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    request = world.inspect(request_id)
    assert (request.state, request.plan, request.expires_at) == (State.EXPIRED, None, None)


def test_a_lun_that_is_gone_since_the_pick_is_told(world: World) -> None:
    request_id = world.choosing_lun()
    request = world.pick(request_id)
    assert request.target is not None
    world.array(op="remove_lun", array="equallogic", iqn=request.target.iqn, lun_id=0)
    assert trouble_of(world.inspect(request_id)).reason == "lun_gone"


def test_a_lun_without_a_scsi_id_is_not_inspected(world: World) -> None:
    request_id = world.choosing_lun()
    nameless = Lun(0, None, None, None, None)
    world.happens(request_id, LunPicked(at=world.clock(), actor=REQUESTER, lun=nameless))
    assert trouble_of(world.inspect(request_id)).reason == "lun_gone"
    assert SCSI_ID not in world.overwritten()


def test_an_inspection_can_be_repeated(world: World) -> None:
    request_id = world.choosing_lun()
    world.pick(request_id)
    step = world.look(request_id).work.step
    first = world.inspect(request_id)
    assert first.state is State.CONFIRMING
    again = world.inspect(request_id)
    assert (again.version, again.work.step) == (first.version, step)
