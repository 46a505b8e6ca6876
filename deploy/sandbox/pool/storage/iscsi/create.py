"""Creating an SR on a LUN overwrites what is there; attaching and destroying one.

Source: sm: LVHDoISCSISR.py create and attach, lvutil.py createVG, util.py test_SCSIid.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.disks import volumes
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.iscsi.access import Access, read_access
from deploy.sandbox.pool.storage.iscsi.login import discover, multi_session
from deploy.sandbox.pool.storage.iscsi.probe import reach
from deploy.sandbox.pool.storage.multipath import device_path

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.arrays import Lun
    from deploy.sandbox.pool.storage.srs import Created, NewSr

# LUN ids above it get no device node. Source: docs.xenserver.com: storage, LUN ids.
_HIGHEST_LUN_ID = 255


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """Wipe the LUN and make the volume group.

    Complaints about parameters come as they are; what happens from the login on is wrapped as 47 with the reason in
    opterr.
    """
    access = read_access(model, host, config)
    await model.delays.spend(model.delays.create)
    try:
        made = await _make(model, access, sr)
    except StorageError as error:
        if not access.names_lun:
            raise
        raise StorageError(errors.UNAVAILABLE, error.text(model.flavour.texts)) from error
    return replace(made, device_config={**config, **_sessions_kept(model, access)})


async def attach(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """What plugging a PBD does on its host; here the errors come unwrapped."""
    access = read_access(model, host, config)
    await model.delays.spend(model.delays.plug)
    reached = await reach(model, access)
    lun = reached.lun
    _device_appears(lun)
    if not volumes.holds(model, lun, sr):
        raise volumes.no_volume_group(sr.uuid)
    model.note_attached(lun, host)
    portals = tuple(dict.fromkeys(offer.portal.name for offer in reached.sessions))
    sm_config = {"devserial": f"scsi-{lun.scsi_id}"}
    return replace(volumes.described(lun, config), sm_config=sm_config, portals=portals, numpaths=len(portals))


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG001 - as every driver takes them
    """The network's arrays are all described."""
    return True


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """Remove the volume group; the LUN is blank afterwards."""
    lun = (await reach(model, read_access(model, host, config))).lun
    model.blank(lun, sr.method, sr.originator)


def test_scsi_id(model: Model, sr: str, scsi_id: str) -> bool:
    """Whether a PBD of another SR names this LUN: a weak look, it ends at the first PBD of the SR being made."""
    for _, pbd in sorted(model.objects.tables["PBD"].items()):
        if pbd["SR"] == sr:
            break
        if pbd["device_config"].get("SCSIid") == scsi_id:
            return True
    records = model.objects.tables["SR"].values()
    return any(record["sm_config"].get("SCSIid") == scsi_id for record in records)


async def _make(model: Model, access: Access, sr: NewSr) -> Created:
    """What is wrapped: a SCSIid that another PBD names, login, device and volume group."""
    if test_scsi_id(model, sr.ref, access.scsi_id):
        raise StorageError(errors.IN_USE)
    lun = (await reach(model, access)).lun
    _device_appears(lun)
    if volumes.in_use(model, access.host, lun):
        raise StorageError(errors.IN_USE)
    path = device_path(model, access.host, lun.scsi_id)
    return volumes.format_device(model, (access.host, path), lun, sr)


def _device_appears(lun: Lun) -> None:
    if lun.lun_id > _HIGHEST_LUN_ID:
        raise StorageError(errors.DEVICE_NOT_APPEARED)


def _sessions_kept(model: Model, access: Access) -> dict[str, str]:
    if not access.several:
        return {}
    return {"multiSession": multi_session(access, discover(model, access))}
