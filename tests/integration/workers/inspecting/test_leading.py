"""A copy of a LUN holds the same SR: what the pool's own record leads to is compared with the LUN that was picked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.found import Portal
from bot.request.model import State
from bot.request.plan import Purpose, Way
from deploy.sandbox.pool.model import Model
from tests import stories
from tests.integration.workers.keeping import config_of, keep_a_record
from tests.integration.workers.world import DETACHED, DETACHED_LUN, NETAPP, World, a_world, reason_of
from workers.inspection.leading import leading_elsewhere
from workers.xen.records import Contents, Host, Hosts, Sr

COPY = 8
"""A LUN of the same array, which holds a copy of the SR."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path / "world") as made:
        yield made


def copied(world: World) -> None:
    scsi_id = config_of(world)["SCSIid"][:-1] + str(COPY)
    world.array(op="content", scsi_id=scsi_id, content={"kind": "sr", "sr_uuid": DETACHED, "sr_name": "old-projects"})


def looked_at(world: World, lun_id: int) -> str:
    request_id = world.choosing_lun(NETAPP, None, purpose=Purpose.ATTACH)
    world.pick(request_id, lun_id)
    request = world.inspect(request_id)
    return reason_of(request) if request.state is State.PAUSED else request.state


def test_a_copy_of_the_lun_that_the_pools_pbd_names_is_not_attached_under_its_name(world: World) -> None:
    keep_a_record(world, ["xenct-xen1"], config_of(world))
    copied(world)
    assert looked_at(world, COPY) == "leads_elsewhere"
    assert looked_at(world, DETACHED_LUN) == State.CONFIRMING


@pytest.mark.parametrize(
    "odd", [{"target": "192.168.9.9"}, {"port": "3261"}, {"targetIQN": "iqn.2000-01.com.example:other"}]
)
def test_a_pbd_that_goes_another_way_than_the_plan_is_not_plugged(world: World, odd: dict[str, str]) -> None:
    keep_a_record(world, ["xenct-xen2"], {**config_of(world), **odd})
    assert looked_at(world, DETACHED_LUN) == "leads_elsewhere"


def test_a_pbd_that_leads_elsewhere_since_the_approval_makes_the_request_stale(world: World) -> None:
    keep_a_record(world, ["xenct-xen1"], config_of(world))
    request_id = world.attaching()
    before = dict(world.pbds(DETACHED))

    def bend(model: Model) -> None:
        for ref, pbd in model.objects.tables["PBD"].items():
            if pbd["uuid"] == before["xenct-xen1"]["uuid"]:
                config = {**pbd["device_config"], "target": "10.0.1.12"}
                model.objects.set("PBD", ref, device_config=config)

    world.pool.do(bend)
    request = world.create(request_id)
    assert request.state is State.STALE
    assert request.changes == ("the PBD of xenct-xen1 names another LUN or portal now",)
    assert not any(pbd["currently_attached"] for pbd in world.pbds(DETACHED).values())


def test_the_lun_that_an_srs_own_record_names_counts_too() -> None:
    host = Host("host", "uuid-host", "xen1", "iqn.a")
    sr = Sr("sr", "uuid-1", "gold", "", "lvmoiscsi", "user", None, None, {}, {"devserial": "scsi-36000,scsi-36001"})
    way = Way(replace(stories.LUN, scsi_id="36001"), Portal("10.0.0.5", 3260), "iqn.x")
    hosts = Hosts((host,), host)
    assert leading_elsewhere(Contents((sr,), ()), hosts, "uuid-1", way) == []
    other = replace(sr, sm_config={"devserial": "scsi-36000"})
    assert leading_elsewhere(Contents((other,), ()), hosts, "uuid-1", way) == ["the SR's own record"]
