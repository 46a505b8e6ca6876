"""What changed between the approval and the run, each thing alone: nothing is written, and the words say what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from deploy.sandbox.pool.model import Condition, Model
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, NETAPP, OLDEST_AND_NEWEST, SCSI_ID, World, a_world

UUID = "5d1c3f0e-0000-4000-8000-000000000001"
IQN = "iqn.2026-01.com.example:xenct-xen2"
Change = Callable[[World], None]


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def lun(**changes: object) -> Change:
    """Somebody changes the LUN on the array."""

    def change(world: World) -> None:
        iqn = world.pool.do(lambda model: model.arrays["equallogic"].targets[0].iqn)
        world.array(op="put_lun", array="equallogic", iqn=iqn, lun={"lun_id": 0, **changes})

    return change


def host(**changes: object) -> Change:
    return lambda world: world.host(host="xenct-xen2", **changes)


def content(**holds: object) -> Change:
    return lambda world: world.array(op="content", scsi_id=SCSI_ID, content=holds)


def multipath(world: World) -> None:
    world.multipath("xenct-xen2")


def rename(world: World) -> None:
    world.pool.do(lambda model: model.objects.set("host", model.host_named("xenct-xen2"), name_label="xenct-new"))


def leave(world: World) -> None:
    def eject(model: Model) -> None:
        ref = model.host_named("xenct-xen2")
        for pbd in list(model.pbds_of(host=ref)):
            model.objects.remove("PBD", pbd)
        model.objects.remove("host", ref)

    world.pool.do(eject)


def join(world: World) -> None:
    def add(model: Model) -> None:
        record = {**model.objects.get("host", model.host_named("xenct-xen2"))}
        ref = model.objects.add("host", {**record, "uuid": "", "name_label": "xenct-xen3"})
        model.conditions[ref] = Condition()

    world.pool.do(add)


def use(world: World) -> None:
    """Somebody makes an SR on the LUN by hand, and detaches it again."""

    def add(model: Model) -> None:
        kind = {"uuid": UUID, "name_label": "by hand", "name_description": "", "type": "lvmoiscsi", "shared": True}
        sizes = {"physical_size": -1, "physical_utilisation": -1, "content_type": "user", "other_config": {}}
        model.objects.add("SR", {**kind, **sizes, "sm_config": {"SCSIid": SCSI_ID}})

    world.pool.do(add)


WAS = "the LUN's size was 100.0 GiB (107379425280 bytes) and is"
NEW_IQN = "iqn.2026-01.com.example:new"
CHANGES = {
    "size": (lun(size=53687091200), f"{WAS} 50.0 GiB (53687091200 bytes) now"),
    "a byte": (lun(size=107379425281), f"{WAS} 100.0 GiB (107379425281 bytes) now"),
    "serial": (lun(serial="OTHER"), "the LUN's serial was not given and is OTHER now"),
    "SCSIid": (lun(scsi_id="3600000000000000000000000000000000"), "the LUN can't be seen any more"),
    "content": (content(kind="sr", sr_uuid=UUID, sr_name="x"), f"the LUN now holds an SR ({UUID})"),
    "renamed": (rename, "xenct-xen2 is called xenct-new now"),
    "left": (leave, "xenct-xen2 left the pool"),
    "joined": (join, "xenct-xen3 joined the pool"),
    "IQN": (host(iqn=NEW_IQN), f"xenct-xen2's initiator IQN was {IQN} and is {NEW_IQN} now"),
    "no IQN": (host(iqn=""), f"xenct-xen2's initiator IQN was {IQN} and is not set now"),
    "multipathing": (multipath, "xenct-xen2's multipathing was off and is on now"),
    "maintenance": (host(enabled=False), "xenct-xen2 saw the LUN and is in maintenance now"),
    "used": (use, f'the LUN now serves the SR "by hand" of xenct ({UUID})'),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_each_change_alone_makes_it_stale_and_is_named(world: World, change: Change, words: str) -> None:
    request_id = world.approved()
    change(world)
    with recorded() as record:
        request = world.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (words,))
    assert record.changing() == []
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_several_changes_are_all_named(world: World) -> None:
    request_id = world.approved()
    for change in (host(enabled=False, iqn=NEW_IQN), use):
        change(world)
    assert len(world.create(request_id).changes) == 3


def test_a_host_that_did_not_see_the_lun_may_go_into_maintenance(world: World) -> None:
    request_id = world.choosing_lun(NETAPP, None)
    world.pick(request_id, 3)
    world.host(host="xenct-xen2", enabled=False)
    world.inspect(request_id)
    world.approve(request_id)
    world.host(host="xenct-xen2", enabled=True)
    assert world.create(request_id).state is State.SUCCEEDED


def test_a_lun_that_somebody_else_used_meanwhile_makes_it_stale(world: World) -> None:
    first, second = world.approved(), world.approved()
    assert world.create(first).state is State.SUCCEEDED
    request = world.create(second)
    assert request.state is State.STALE
    assert 'now serves the SR "iSCSI virtual disk storage" of xenct' in request.changes[0]
    assert world.overwritten() == [SCSI_ID]


def test_a_lun_that_another_pool_came_to_use_makes_it_stale(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            request_id = world.approved()
            assert other.create(other.approved()).state is State.SUCCEEDED
            request = world.create(request_id)
            assert request.state is State.STALE
            assert 'now serves the SR "iSCSI virtual disk storage" of elsewhere' in request.changes[0]
            assert world.overwritten() == [SCSI_ID]  # by the other pool
