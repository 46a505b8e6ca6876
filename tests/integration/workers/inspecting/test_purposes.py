"""What can become of a LUN, by what is on it and by what its requester wants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import deciding
from bot.request import acting
from bot.request.found import HeldSr
from bot.request.model import Request, Rival, State
from bot.request.plan import Plan, Purpose
from bot.request.refused import Refused
from tests.integration.workers.keeping import NAME, config_of, keep_a_record
from tests.integration.workers.world import (
    CLEAN,
    DETACHED,
    DETACHED_LUN,
    NETAPP,
    OLDEST_AND_NEWEST,
    REQUESTER,
    World,
    a_world,
    trouble_of,
)

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

FREE_LUN, VMFS_LUN = 3, 9
OTHER = "5d1c3f0e-0000-4000-8000-000000000001"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def inspected(world: World, lun_id: int, purpose: Purpose = Purpose.CREATE, **more: object) -> Request:
    request_id = world.choosing_lun(NETAPP, None, purpose=purpose, **more)
    world.pick(request_id, lun_id)
    return world.inspect(request_id)


def plan_of(request: Request) -> Plan:
    assert request.plan is not None, request.trouble
    return request.plan


def hold(world: World, lun_id: int, uuid: str) -> None:
    """Somebody makes an SR on a LUN, or another one over it."""
    lun = world.pool.do(
        lambda model: next(lun for lun in model.arrays["netapp"].targets[0].luns if lun.lun_id == lun_id)
    )
    world.array(op="content", scsi_id=lun.scsi_id, content={"kind": "sr", "sr_uuid": uuid, "sr_name": "theirs"})


def test_an_sr_that_nobody_asked_about_is_found_and_may_be_attached(world: World) -> None:
    request = inspected(world, DETACHED_LUN)
    plan = plan_of(request)
    assert (request.state, plan.purpose, plan.known) == (State.FOUND_SR, Purpose.ATTACH, False)
    assert plan.held is not None
    assert (plan.held.uuid, plan.held.name) == (DETACHED, "old-projects")
    assert plan.name == "old-projects"
    assert world.leftovers() == CLEAN
    chosen = world.happens(request.id, *acting.attach_found(request, REQUESTER, plan.number, world.clock()))
    assert (chosen.state, plan_of(chosen)) == (State.CONFIRMING, plan)


def test_who_wants_to_attach_goes_straight_to_the_plan(world: World) -> None:
    request = inspected(world, DETACHED_LUN, Purpose.ATTACH, name="projects")
    plan = plan_of(request)
    assert (request.state, plan.purpose, plan.name) == (State.CONFIRMING, Purpose.ATTACH, "projects")


def test_an_empty_lun_has_nothing_to_attach(world: World) -> None:
    assert trouble_of(inspected(world, FREE_LUN, Purpose.ATTACH)).reason == "no_sr_on_lun"


def test_data_of_others_looks_like_an_empty_lun(world: World) -> None:
    assert plan_of(inspected(world, VMFS_LUN)).purpose is Purpose.CREATE


@pytest.mark.parametrize("hosts", [(), ("xenct-xen1",), ("xenct-xen1", "xenct-xen2")])
def test_an_sr_that_its_own_pool_has_detached_keeps_its_record(world: World, hosts: tuple[str, ...]) -> None:
    keep_a_record(world, hosts, config_of(world))
    plan = plan_of(inspected(world, DETACHED_LUN, Purpose.ATTACH, name="another name"))
    assert (plan.purpose, plan.known, plan.name) == (Purpose.ATTACH, True, NAME)


def test_an_sr_that_its_own_pool_has_detached_is_in_use_for_a_new_one(world: World) -> None:
    keep_a_record(world)
    trouble = trouble_of(inspected(world, DETACHED_LUN))
    assert (trouble.reason, trouble.fact("sr_name"), trouble.fact("pool")) == ("lun_in_use", NAME, "xenct")


def test_an_sr_that_its_own_pool_has_attached_is_in_use_for_everybody(world: World) -> None:
    keep_a_record(world, ["xenct-xen2"], attached=True)
    trouble = trouble_of(inspected(world, DETACHED_LUN, Purpose.ATTACH))
    assert (trouble.reason, trouble.fact("sr_uuid")) == ("lun_in_use", DETACHED)


def test_the_lun_of_an_attached_sr_is_in_use_for_who_wants_to_attach_too(world: World) -> None:
    assert trouble_of(inspected(world, 1, Purpose.ATTACH)).reason == "lun_in_use"


@pytest.mark.parametrize("purpose", [Purpose.CREATE, Purpose.ATTACH])
def test_an_sr_that_another_pool_knows_is_in_use_though_it_is_detached_there(tmp_path: Path, purpose: Purpose) -> None:
    with a_world(tmp_path / "one") as other:
        keep_a_record(other)
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            trouble = trouble_of(inspected(world, DETACHED_LUN, purpose))
            assert (trouble.reason, trouble.fact("pool")) == ("lun_in_use", "elsewhere")
            assert (trouble.fact("sr_name"), trouble.fact("sr_uuid")) == (NAME, DETACHED)


def test_to_format_over_an_sr_takes_a_request_of_its_own_that_names_it(world: World) -> None:
    found = world.found()
    request_id = world.formatting(found)
    assert (world.look(found).state, world.look(found).followed_by) == (State.CANCELLED, request_id)
    request = world.inspect(request_id)
    plan = plan_of(request)
    assert (request.state, plan.purpose, request.follows) == (State.CONFIRMING, Purpose.FORMAT, found)
    assert plan.dies is not None
    assert plan.dies.uuid == DETACHED
    assert plan.name == "iSCSI virtual disk storage"


def test_only_the_sr_that_was_named_may_die(world: World) -> None:
    request_id = world.formatting(world.found())
    hold(world, DETACHED_LUN, OTHER)
    trouble = trouble_of(world.inspect(request_id))
    assert (trouble.reason, trouble.fact("sr_uuid")) == ("sr_gone", DETACHED)


def test_an_sr_that_is_gone_need_not_be_formatted_over(world: World) -> None:
    request_id = world.formatting(world.found())
    lun = world.look(request_id).lun
    assert lun is not None
    world.array(op="content", scsi_id=lun.scsi_id, content={"kind": "blank"})
    assert trouble_of(world.inspect(request_id)).reason == "sr_gone"


def test_a_request_to_format_that_names_no_sr_goes_nowhere(world: World) -> None:
    request = inspected(world, FREE_LUN, Purpose.FORMAT)
    assert trouble_of(request).reason == "sr_gone"


def test_an_sr_that_a_pool_has_come_to_know_is_not_formatted_over(world: World) -> None:
    request_id = world.formatting(world.found())
    keep_a_record(world)
    assert trouble_of(world.inspect(request_id)).reason == "lun_in_use"


def test_nobody_formats_over_an_sr_that_the_pool_knows_or_with_another_id_in_hand(world: World) -> None:
    request, standing = world.look(world.found()), world.workplace.standing()
    with pytest.raises(Refused, match="typed_differs"):
        deciding.format_over(request, standing, REQUESTER, 1, "000000", "r", world.clock())
    known = replace(request, plan=replace(plan_of(request), known=True, held=HeldSr(DETACHED)))
    with pytest.raises(Refused, match="sr_known_here"):
        deciding.format_over(known, standing, REQUESTER, 1, "000000", "r", world.clock())


def test_other_requests_at_the_same_lun_are_listed(world: World) -> None:
    first = inspected(world, FREE_LUN)
    assert first.rivals == ()
    second = inspected(world, FREE_LUN)
    assert second.rivals == (Rival(first.id, REQUESTER, State.CONFIRMING),)
    assert inspected(world, VMFS_LUN).rivals == ()
