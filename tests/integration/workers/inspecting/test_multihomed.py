"""Whether hosts log in at all portals of a target, as the requester wants it, and only where they may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import Request, State
from bot.request.plan import Purpose
from tests.integration.workers.keeping import config_of, keep_a_record
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import (
    CLEAN,
    DETACHED,
    DETACHED_LUN,
    NETAPP,
    OLDEST_AND_NEWEST,
    World,
    a_world,
    trouble_of,
)

FREE_LUN = 3
ALLOWED = '"10.0.1.0/28"'
ONE_PORTAL = '"10.0.1.11"'


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def looked_at(world: World, lun_id: int = FREE_LUN, **more: object) -> Request:
    request_id = world.choosing_lun(NETAPP, None, **more)
    world.pick(request_id, lun_id)
    return world.inspect(request_id)


@pytest.mark.parametrize("switch", [True, False])
def test_each_pbd_says_so_and_no_probe_goes_further_than_the_portal(world: World, *, switch: bool) -> None:
    with recorded() as record:
        request = looked_at(world, multihomed=switch)
        assert request.plan is not None, request.trouble
        assert request.plan.way is not None
        assert request.plan.way.multihomed is switch
        request = world.create(world.approve(request.id))
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    said = [pbd["device_config"]["multihomed"] for pbd in world.pbds(request.outcome.sr.uuid).values()]
    assert said == [str(switch).lower()] * 2
    probes = [config for config in record.configs() if "targetIQN" in config]
    assert {config["multihomed"] for config in probes} == {"false"}
    assert world.leftovers() == CLEAN


def test_without_it_the_hosts_do_as_they_are_set(world: World) -> None:
    request = world.create(world.approve(looked_at(world).id))
    assert request.outcome is not None, request.trouble
    assert not any("multihomed" in pbd["device_config"] for pbd in world.pbds(request.outcome.sr.uuid).values())


def test_all_portals_are_refused_where_one_is_not_allowed(world: World) -> None:
    world.narrow(ALLOWED, ONE_PORTAL)
    trouble = trouble_of(looked_at(world, multihomed=True))
    assert (trouble.reason, trouble.fact("count")) == ("multihomed_not_allowed", "3")


def test_one_portal_is_enough_for_hosts_with_multipathing_that_are_held_to_it(world: World) -> None:
    world.narrow(ALLOWED, ONE_PORTAL)
    world.multipath("xenct-xen2")
    assert trouble_of(looked_at(world)).reason == "multihomed_elsewhere"
    request = looked_at(world, multihomed=False)
    assert request.state is State.CONFIRMING, request.trouble
    assert world.create(world.approve(request.id)).state is State.SUCCEEDED


def test_a_portal_that_is_not_allowed_any_more_stops_the_run(world: World) -> None:
    request_id = world.approve(looked_at(world, multihomed=True).id)
    world.narrow(ALLOWED, ONE_PORTAL)
    assert trouble_of(world.create(request_id)).reason == "multihomed_not_allowed"
    assert world.overwritten() == []


@pytest.mark.parametrize(("kept", "reason"), [("true", None), ("false", "leads_elsewhere")])
def test_a_pbd_that_the_pool_has_kept_must_say_the_same(world: World, kept: str, reason: str | None) -> None:
    keep_a_record(world, ["xenct-xen1"], {**config_of(world), "multihomed": kept})
    request = looked_at(world, DETACHED_LUN, purpose=Purpose.ATTACH, multihomed=True)
    if reason is not None:
        assert trouble_of(request).reason == reason
        return
    assert world.create(world.approve(request.id)).state is State.SUCCEEDED
    said = [pbd["device_config"]["multihomed"] for pbd in world.pbds(DETACHED).values()]
    assert said == ["true", "true"]
