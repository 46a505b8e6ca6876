"""Requests for the LUNs that adapters show, and what is done to those LUNs meanwhile."""

from __future__ import annotations

from bot.request.found import OfferedLun
from bot.request.model import Kind, Request, State
from bot.request.plan import Purpose
from tests.integration.workers.world import World

BLANK = "360060e8007c3a0000030c3a000001000"
ARCHIVE = "360060e8007c3a0000030c3a000001001"
ONE_HOST = "360060e8007c3a0000030c3a000001002"
ARCHIVED = "8e3dc714-af85-4c32-b0b1-6c9f415a8d13"
"""The SR on the second LUN, which no pool knows."""
ARCHIVED_DESCRIPTION = "Kept from the last pool"
GIB = 1024**3


def asked(world: World, purpose: Purpose = Purpose.CREATE, **more: object) -> str:
    """Somebody asks; the adapters are looked at."""
    request_id = world.ask(None, None, kind=Kind.HBA, purpose=purpose, **more)
    world.luns(request_id)
    return request_id


def offered(world: World, request_id: str) -> dict[str, OfferedLun]:
    return {row.lun.scsi_id or "": row for row in world.offered_luns(world.look(request_id))}


def picked(world: World, lun_id: int = 0, purpose: Purpose = Purpose.CREATE, **more: object) -> str:
    request_id = asked(world, purpose, **more)
    assert world.look(request_id).state is State.CHOOSING_LUN, world.look(request_id).trouble
    world.pick(request_id, lun_id)
    return request_id


def looked_at(world: World, lun_id: int = 0, purpose: Purpose = Purpose.CREATE, **more: object) -> Request:
    return world.inspect(picked(world, lun_id, purpose, **more))


def approved(world: World, lun_id: int = 0, purpose: Purpose = Purpose.CREATE) -> str:
    request = looked_at(world, lun_id, purpose)
    assert request.state is State.CONFIRMING, request.trouble
    return world.approve(request.id)


def attaching(world: World) -> str:
    """A request to attach the archive, as far as its approval."""
    return approved(world, 1, Purpose.ATTACH)


def disk(world: World, **fields: object) -> None:
    """Change fields of a disk."""
    world.array(op="put_disk", disk=fields)


def write(world: World, scsi_id: str, **content: object) -> None:
    world.array(op="content", scsi_id=scsi_id, content=content)
