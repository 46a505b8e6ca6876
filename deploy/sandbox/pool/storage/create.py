"""Creating an SR on a LUN overwrites what is there; attaching and destroying one.

Source: sm: LVHDoISCSISR.py create and attach, lvutil.py createVG, util.py test_SCSIid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.access import Access, read_access
from deploy.sandbox.pool.storage.arrays import Content
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.login import discover, multi_session
from deploy.sandbox.pool.storage.probe import open_here, reach

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.arrays import Lun

# LUN ids above it get no device node. Source: docs.xenserver.com: storage, LUN ids.
_HIGHEST_LUN_ID = 255
_SECTOR = 512
# What the metadata volume of a new SR takes. Source: sm: lvhdutil and srmetadata.
_METADATA_VOLUME = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Created:
    size: int
    used: int
    device_config: dict[str, str]
    """What the driver hands back, the keys that it added included."""
    sm_config: dict[str, str]
    portals: tuple[str, ...] = ()
    """To which the host has sessions now."""


@dataclass(frozen=True, slots=True)
class NewSr:
    ref: str
    uuid: str
    name: str
    description: str
    method: str
    originator: str


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """Wipe the LUN and make the volume group.

    Complaints about parameters come as they are; what happens from the login on is wrapped as 47 with the reason in
    opterr; a device that is open on this host is SR_DEVICE_IN_USE.
    """
    access = read_access(model, host, config)
    await model.delays.spend(model.delays.create)
    lun = await _reach_wrapped(model, access, sr.ref)
    if open_here(model, host, lun) or _serial_is_known(model, lun):
        raise StorageError(errors.IN_USE)
    _format(model, lun, sr)
    extra = _sessions_kept(model, access)
    return Created(
        size=documents.volume_group_size(lun.size),
        used=_METADATA_VOLUME,
        device_config={**config, **extra},
        sm_config={"allocation": "thick", "use_vhd": "true", "devserial": f"scsi-{lun.scsi_id}"},
    )


async def attach(model: Model, host: str, config: dict[str, str], sr_uuid: str) -> Created:
    """What plugging a PBD does on its host; here the errors come unwrapped."""
    access = read_access(model, host, config)
    await model.delays.spend(model.delays.plug)
    reached = await reach(model, access)
    lun = reached.lun
    _device_appears(lun)
    if model.content(lun).sr_uuid != sr_uuid:
        raise StorageError(errors.UNAVAILABLE, f"no such volume group: VG_XenStorage-{sr_uuid}")
    model.note_attached(lun, model.objects.get("host", host)["name_label"])
    size = documents.volume_group_size(lun.size)
    portals = tuple(dict.fromkeys(offer.portal.name for offer in reached.sessions))
    return Created(size, _METADATA_VOLUME, config, {"devserial": f"scsi-{lun.scsi_id}"}, portals)


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """Remove the volume group; the LUN is blank afterwards."""
    lun = (await reach(model, read_access(model, host, config))).lun
    model.overwrite(lun, Content(), sr.method, sr.originator)


def test_scsi_id(model: Model, sr: str, scsi_id: str) -> bool:
    """Whether a PBD of another SR names this LUN: a weak look, it ends at the first PBD of the SR being made."""
    for _, pbd in sorted(model.objects.tables["PBD"].items()):
        if pbd["SR"] == sr:
            break
        if pbd["device_config"].get("SCSIid") == scsi_id:
            return True
    records = model.objects.tables["SR"].values()
    return any(record["sm_config"].get("SCSIid") == scsi_id for record in records)


async def _reach_wrapped(model: Model, access: Access, sr: str) -> Lun:
    """The LUN; what goes wrong on the way is told as 47, a SCSIid that another PBD names included."""
    if not access.target_iqn or not access.scsi_id:
        return (await reach(model, access)).lun
    try:
        if test_scsi_id(model, sr, access.scsi_id):
            raise StorageError(errors.IN_USE)  # noqa: TRY301 - it is wrapped like the others
        lun = (await reach(model, access)).lun
        _device_appears(lun)
    except StorageError as error:
        raise StorageError(errors.UNAVAILABLE, error.text(model.flavour.texts)) from error
    return lun


def _serial_is_known(model: Model, lun: Lun) -> bool:
    """The driver looks for the serial in what SRs remember; that is a SCSIid, so it seldom finds it."""
    records = model.objects.tables["SR"].values()
    return bool(lun.serial) and any(lun.serial in record["sm_config"].get("devserial", "") for record in records)


def _device_appears(lun: Lun) -> None:
    if lun.lun_id > _HIGHEST_LUN_ID:
        raise StorageError(errors.DEVICE_NOT_APPEARED)


def _format(model: Model, lun: Lun, sr: NewSr) -> None:
    if lun.read_only:
        raise StorageError(model.flavour.wipe_failure)
    content = Content("sr", sr.uuid, sr.name, sr.description)
    if lun.block_size != _SECTOR:
        model.overwrite(lun, Content(), sr.method, sr.originator)
        raise StorageError(errors.VG_CREATE)
    model.overwrite(lun, content, sr.method, sr.originator)


def _sessions_kept(model: Model, access: Access) -> dict[str, str]:
    if not access.several:
        return {}
    return {"multiSession": multi_session(access, discover(model, access))}
