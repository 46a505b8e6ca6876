"""The volume group that an SR on a block device is: finding one, making one over whatever is there.

Only volume groups of a XenServer are seen; a foreign file system looks like an empty disk. Source: sm: lvutil.py
scan_srlist and createVG, util.py test_scsiserial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.arrays import Content, Lun
from deploy.sandbox.pool.storage.disks.disk import Disk
from deploy.sandbox.pool.storage.documents import SrRow
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.srs import Created

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.srs import NewSr

Medium: TypeAlias = Lun | Disk
Kind = Literal["sr", "local-ext", "local-largeblock"]
SECTOR = 512
# What the metadata volume of a new SR takes. Source: sm: lvhdutil and srmetadata.
METADATA_VOLUME = 4 * 1024 * 1024


def found(model: Model, medium: Medium, path: str, *, kind: Kind = "sr", metadata: bool = False) -> list[SrRow]:
    """The SR on the device, if it is one of that kind."""
    content = model.content(medium)
    if content.kind != kind:
        return []
    name = (content.sr_name, content.sr_description, content.pool_metadata) if metadata else None
    return [SrRow(content.sr_uuid, path, documents.volume_group_size(medium.size), name)]


def holds(model: Model, medium: Medium, sr: NewSr, kind: Kind = "sr") -> bool:
    content = model.content(medium)
    return (content.kind, content.sr_uuid) == (kind, sr.uuid)


def in_use(model: Model, host: str, medium: Medium) -> bool:
    """Whether the host holds the device open, or an SR remembers its serial."""
    return open_here(model, host, medium) or serial_is_known(model, medium)


def open_here(model: Model, host: str, medium: Medium) -> bool:
    """Whether an SR on it is plugged on the host, or a multipath map is on it."""
    return medium.scsi_id in model.conditions[host].maps or attached_here(model, host, medium)


def attached_here(model: Model, host: str, medium: Medium) -> bool:
    """Whether an SR on this device is plugged on the host."""
    pbds = model.pbds_of(host=host).values()
    return any(pbd["currently_attached"] and _names(pbd["device_config"], medium) for pbd in pbds)


def serial_is_known(model: Model, medium: Medium) -> bool:
    """The driver looks for the serial in what SRs remember; that is a SCSIid, so it seldom finds it."""
    records = model.objects.tables["SR"].values()
    return bool(medium.serial) and any(medium.serial in one["sm_config"].get("devserial", "") for one in records)


def format_device(model: Model, where: tuple[str, str], medium: Medium, sr: NewSr, kind: Kind = "sr") -> Created:
    """Wipe the device and make the volume group; `where` is the host and the path of the device there.

    105 where dom0 is on it, 54 or 462 where it can't be written, 77 where vgcreate refuses it.
    """
    host, path = where
    if model.objects.get("host", host)["name_label"] in medium.boots:
        text = f"Device {path} contains core system files, please use another device"
        raise StorageError(errors.ROOT_DEVICE, text)
    if medium.read_only:
        raise _not_wiped(model.flavour.wipe_failure, path)
    if medium.block_size != SECTOR and kind != "local-largeblock":
        model.overwrite(medium, Content(), sr.method, sr.originator)
        raise StorageError(errors.VG_CREATE)
    model.overwrite(medium, Content(kind, sr.uuid, sr.name, sr.description), sr.method, sr.originator)
    return described(medium, {}, kind)


def described(medium: Medium, config: dict[str, str], kind: Kind = "sr") -> Created:
    """What the pool learns of an SR on the device."""
    devserial = {"devserial": f"scsi-{medium.scsi_id}"}
    lvm = {"allocation": "thick", "use_vhd": "true"} if kind == "sr" else {}
    size = documents.volume_group_size(medium.size)
    return Created(size, METADATA_VOLUME, config, {**lvm, **devserial})


def absent(path: str) -> StorageError:
    return StorageError(errors.NO_DEVICE, f"Device {path} does not exist")


def no_volume_group(uuid: str) -> StorageError:
    return StorageError(errors.UNAVAILABLE, f"no such volume group: VG_XenStorage-{uuid}")


def _not_wiped(code: int, path: str) -> StorageError:
    return StorageError(code, f"device {path}" if code == errors.LVM_WRITE else "")


def _names(config: dict[str, str], medium: Medium) -> bool:
    if config.get("SCSIid") == medium.scsi_id:
        return True
    return isinstance(medium, Disk) and bool(set(config.get("device", "").split(",")) & set(medium.paths))
