"""What tests of SRs that a pool knows ask and look at."""

from __future__ import annotations

from bot.request.model import Request, State
from bot.request.plan import Purpose
from deploy.sandbox.pool.storage.vdis import StoredVdi
from tests.integration.workers.world import CLEAN, World

GOLD, SILVER = "netapp-gold", "netapp-silver"
REFUSAL = ["INTERNAL_ERROR", "x"]
MASTER, OTHER = "xenct-xen1", "xenct-xen2"


def uuid_of(world: World, name: str) -> str:
    return next(str(sr["uuid"]) for sr in world.pool.report()["srs"] if sr["name_label"] == name)


def hosts_of(request: Request) -> dict[str, bool]:
    assert request.outcome is not None, request.trouble
    return {host.host: host.attached for host in request.outcome.hosts}


def plugged(world: World, name: str = GOLD) -> dict[str, bool]:
    return {host: pbd["currently_attached"] for host, pbd in world.pbds(uuid_of(world, name)).items()}


def done(world: World, purpose: Purpose, sr: str = GOLD, **more: object) -> Request:
    request = world.create(world.managing(sr, purpose, **more))
    assert request.state is State.SUCCEEDED, (request.trouble, request.changes)
    assert world.leftovers() == CLEAN
    return request


def free(world: World) -> str:
    """An attached shared SR on which nothing runs."""
    return world.look(world.create(world.approved()).id).outcome.sr.name_label  # type: ignore[union-attr]


def disks_of(world: World, name: str) -> list[str]:
    """The names of what the pool has on an SR."""
    return sorted(vdi["name_label"] for vdi in world.pool.report()["vdis"] if vdi["sr_uuid"] == uuid_of(world, name))


def put_disk(world: World, name: str, disk: StoredVdi) -> None:
    """Put another disk on the storage of an SR; the pool sees it at the next scan."""
    uuid = uuid_of(world, name)
    world.pool.do(lambda model: model.put_stored(uuid, (*model.stored.get(uuid, ()), disk)))
