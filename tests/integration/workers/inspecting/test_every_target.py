"""All targets of an array at once: where that was asked for, those that were shown, and where hosts may go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request import events as e
from bot.request.model import Address, Request, State
from bot.request.plan import digest
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, REQUESTER, World, a_world, trouble_of

ARRAY = Address("10.0.3.9", 3260)
ONE, OTHER = "iqn.1986-03.com.hp:storage.msa.a", "iqn.1986-03.com.hp:storage.msa.b"
MANY = Address("10.0.2.5", 3260)
ALLOWED, LESS = '"10.0.3.0/24"', '"10.0.3.9"'
SESSIONS = f"10.0.3.9,3260,{ONE}|10.0.3.10,3260,{OTHER}|"
THIRD = "iqn.1986-03.com.hp:storage.msa.c"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def found(world: World, address: Address = ARRAY, **more: object) -> Request:
    return world.targets(world.ask(address, None, all_targets=True, **more))


def planned(world: World, lun_id: int = 1) -> Request:
    request_id = found(world).id
    world.luns(request_id)
    world.pick(request_id, lun_id)
    return world.inspect(request_id)


def a_third(world: World, **fields: object) -> None:
    target = {"iqn": THIRD, "portals": ["10.0.3.10"], "luns": [], **fields}
    world.array(op="put_target", array="two-controllers", target=target)


def test_the_sr_is_reached_by_every_target_that_the_plan_names(world: World) -> None:
    request = planned(world)
    assert request.plan is not None, request.trouble
    way = request.plan.way
    assert way is not None
    assert (way.iqn, [target.iqn for target in way.targets]) == ("*", [ONE, OTHER])
    request = world.create(world.approve(request.id))
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    pbds = world.pbds(request.outcome.sr.uuid).values()
    assert [(pbd["device_config"]["targetIQN"], pbd["device_config"]["multiSession"]) for pbd in pbds] == [
        ("*", SESSIONS)
    ] * 2
    assert [sorted(pbd["portals"]) for pbd in pbds] == [["10.0.3.10:3260", "10.0.3.9:3260"]] * 2
    assert world.leftovers() == CLEAN


def test_without_being_asked_for_one_target_is_picked_by_a_person(newest: World) -> None:
    request = newest.targets(newest.ask(ARRAY, None))
    assert request.state is State.CHOOSING_TARGET
    assert [target.iqn for target in newest.offered_targets(request)] == [ONE, OTHER]
    assert request.target is None


def test_one_target_may_be_picked_after_all(newest: World) -> None:
    request = found(newest)
    targets = newest.offered_targets(request)
    newest.luns(request.id)
    newest.happens(request.id, e.TargetReopened(at=newest.clock(), actor=REQUESTER))
    newest.happens(request.id, e.TargetPicked(at=newest.clock(), actor=REQUESTER, target=targets[1]))
    newest.luns(request.id)
    newest.pick(request.id, 1)
    request = newest.inspect(request.id)
    assert request.plan is not None, request.trouble
    assert request.plan.way is not None
    assert (request.plan.way.iqn, request.plan.way.targets, request.all_targets) == (OTHER, (), False)


def test_the_targets_are_part_of_what_is_approved(newest: World) -> None:
    before = planned(newest)
    newest.array(op="remove_target", array="two-controllers", iqn=OTHER)
    after = planned(newest, lun_id=2)
    assert before.plan is not None
    assert after.plan is not None
    assert after.plan.way is not None
    assert [target.iqn for target in after.plan.way.targets] == [ONE]
    assert digest(before.plan) != digest(after.plan)


def test_no_host_logs_in_anywhere_while_one_portal_is_not_allowed(newest: World) -> None:
    newest.narrow(ALLOWED, LESS)
    with recorded() as record:
        trouble = trouble_of(found(newest))
    assert (trouble.reason, trouble.fact("count")) == ("all_targets_not_allowed", "1")
    assert not any("targetIQN" in config for config in record.configs())


def test_a_portal_that_is_not_allowed_any_more_stops_the_look_for_luns_and_the_inspection(newest: World) -> None:
    request_id = found(newest).id
    newest.narrow(ALLOWED, LESS)
    assert trouble_of(newest.luns(request_id)).reason == "all_targets_not_allowed"
    newest.narrow(LESS, ALLOWED)
    newest.happens(request_id, e.LunsWanted(at=newest.clock(), actor=REQUESTER))
    newest.luns(request_id)
    newest.pick(request_id, 1)
    newest.narrow(ALLOWED, LESS)
    assert trouble_of(newest.inspect(request_id)).reason == "all_targets_not_allowed"


def test_an_array_with_a_target_for_each_lun_is_not_for_it(newest: World) -> None:
    trouble = trouble_of(found(newest, MANY))
    assert (trouble.reason, trouble.fact("count")) == ("too_many_targets", "10,000")


def test_an_answer_that_cannot_be_read_whole_is_not_all_there_is(newest: World) -> None:
    newest.pool.fault("SR.probe", "error", details=["SR_BACKEND_FAILURE_96", "", "", "<iscsi-target-iqns><TGT>"])
    assert trouble_of(found(newest)).reason == "unreadable_answer"


def test_a_target_that_appears_after_the_approval_makes_it_stale(newest: World) -> None:
    request_id = newest.approve(planned(newest).id)
    a_third(newest)
    with recorded() as record:
        request = newest.create(request_id)
    assert request.state is State.STALE
    assert request.changes == (
        f"xenct-xen1 is offered {THIRD} at 10.0.3.10:3260",
        f"xenct-xen2 is offered {THIRD} at 10.0.3.10:3260",
    )
    assert not any("targetIQN" in config for config in record.configs())
    assert newest.overwritten() == []


def test_a_target_that_is_gone_makes_it_stale(newest: World) -> None:
    request_id = newest.approve(planned(newest).id)
    newest.array(op="remove_target", array="two-controllers", iqn=OTHER)
    request = newest.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"xenct-xen1 is not offered {OTHER} at 10.0.3.10:3260",))


def test_a_host_that_is_offered_more_than_the_master_stops_the_inspection(newest: World) -> None:
    a_third(newest, initiators=["iqn.2026-01.com.example:xenct-xen2"], hidden=True)
    trouble = trouble_of(planned(newest))
    assert trouble.reason == "targets_differ"
    assert trouble.fact("what") == f"xenct-xen2 is offered {THIRD} at 10.0.3.10:3260"


def a_portal(world: World, *names: str) -> None:
    world.array(op="portal", array="two-controllers", address=ARRAY.host, unreachable_from=names)


def test_a_host_that_cannot_ask_the_array_logs_in_nowhere_and_is_left_to_the_requester(newest: World) -> None:
    a_portal(newest, "xenct-xen2")
    request = planned(newest)
    assert request.plan is not None, request.trouble
    assert request.plan.blind == ("xenct-xen2",)


def test_where_the_master_cannot_ask_the_array_any_more_nothing_is_planned(newest: World) -> None:
    request_id = found(newest).id
    newest.luns(request_id)
    newest.pick(request_id, 1)
    a_portal(newest, "xenct-xen1")
    assert trouble_of(newest.inspect(request_id)).reason == "target_unreachable"


def test_a_list_of_targets_that_cannot_be_read_whole_stops_the_inspection(newest: World) -> None:
    request_id = found(newest).id
    newest.luns(request_id)
    newest.pick(request_id, 1)
    newest.pool.fault("SR.probe", "error", details=["SR_BACKEND_FAILURE_96", "", "", "<iscsi-target-iqns><TGT>"])
    assert trouble_of(newest.inspect(request_id)).reason == "unreadable_answer"


def test_where_no_target_lets_the_host_in_that_is_said(newest: World) -> None:
    for iqn in (ONE, OTHER):
        body = {"iqn": iqn, "refused": ["iqn.2026-01.com.example:xenct-xen1"]}
        newest.array(op="put_target", array="two-controllers", target=body)
    request_id = found(newest).id
    assert trouble_of(newest.luns(request_id)).reason == "all_targets_refused"
