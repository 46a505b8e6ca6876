"""The LUNs of a target, by inquiry alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.iscsi import cdb, scsi
from deploy.sandbox.pool.network.iscsi.identity import scsi_id
from deploy.sandbox.pool.network.troubles import DeniedError, ProtocolError

if TYPE_CHECKING:
    from deploy.sandbox.pool.network.iscsi.cdb import Cdb
    from deploy.sandbox.pool.network.iscsi.session import Answer, Session

_GOOD, _CHECK_CONDITION = 0x00, 0x02
_UNIT_ATTENTION = 0x06
# After a login each unit may tell first that it was reset, that its parameters changed, and the like.
_ATTEMPTS = 4
_LUN_0 = bytes(8)


@dataclass(frozen=True, slots=True)
class FoundLun:
    number: int
    scsi_id: str
    size: int
    """In bytes; 0 where the unit isn't ready or doesn't tell."""
    vendor: str
    serial: str


async def found_luns(session: Session) -> list[FoundLun]:
    """The disks that the target lets this initiator see, in its own order."""
    answer = await _asked(session, _LUN_0, cdb.report_luns())
    if answer.status != _GOOD:
        message = "the target does not list its LUNs"
        raise DeniedError(message)
    found = [await _found(session, lun) for lun in scsi.luns(answer.data)]
    return [one for one in found if one is not None]


async def _found(session: Session, lun: bytes) -> FoundLun | None:
    """None for what becomes no disk."""
    answer = await _asked(session, lun, cdb.inquiry())
    if answer.status != _GOOD:
        return None
    unit = scsi.standard(answer.data)
    if not unit.disk:
        return None
    pages = await _page(session, lun, scsi.SUPPORTED_PAGES)
    serial = await _page(session, lun, scsi.SERIAL_PAGE) if scsi.SERIAL_PAGE in pages else b""
    identity = await _page(session, lun, scsi.IDENTIFICATION_PAGE) if scsi.IDENTIFICATION_PAGE in pages else b""
    return FoundLun(
        number=scsi.lun_number(lun),
        scsi_id=scsi_id(unit, identity, serial),
        size=await _size(session, lun),
        vendor=scsi.printable(unit.vendor),
        serial=scsi.printable(serial),
    )


async def _page(session: Session, lun: bytes, number: int) -> bytes:
    """Empty where the unit has no such page."""
    answer = await _asked(session, lun, cdb.inquiry(number))
    return scsi.page(answer.data, number) if answer.status == _GOOD else b""


async def _size(session: Session, lun: bytes) -> int:
    if (await _asked(session, lun, cdb.test_unit_ready())).status != _GOOD:
        return 0
    for command, read in ((cdb.read_capacity_16(), scsi.capacity_16), (cdb.read_capacity_10(), scsi.capacity_10)):
        answer = await _asked(session, lun, command)
        if answer.status == _GOOD:
            return read(answer.data)
    return 0


async def _asked(session: Session, lun: bytes, command: Cdb) -> Answer:
    """The answer, after what the unit had to tell first."""
    for _ in range(_ATTEMPTS):
        answer = await session.command(lun, command)
        if answer.status != _CHECK_CONDITION or scsi.sense(answer.sense).key != _UNIT_ATTENTION:
            return answer
    message = "a LUN has something else to tell each time"
    raise ProtocolError(message)
