"""lvmohba: an SR on a LUN that a Fibre Channel, SAS or hardware iSCSI adapter shows.

Source: sm: LVHDoHBASR.py, LVHDSR.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.disks import volumes
from deploy.sandbox.pool.storage.disks.devlist import devlist
from deploy.sandbox.pool.storage.documents import Layout
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.multipath import device_path, map_exists

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.disks.disk import Disk
    from deploy.sandbox.pool.storage.srs import Created, NewSr


async def probe(model: Model, host: str, config: dict[str, str], sm_config: dict[str, str]) -> str:
    """The SRlist of the LUN that SCSIid names, empty too for one that the host doesn't see."""
    scsi_id = await _named(model, host, config)
    if map_exists(model, host, scsi_id):
        raise StorageError(errors.IN_USE)
    disk = _seen(model, host, scsi_id)
    metadata = sm_config.get("metadata") == "true"
    path = device_path(model, host, scsi_id)
    rows = volumes.found(model, disk, path, metadata=metadata) if disk else []
    return documents.srs(Layout(model.flavour.padded_xml), rows)


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """Wipe the LUN and make the volume group; nothing is wrapped here."""
    scsi_id = await _named(model, host, config)
    await model.delays.spend(model.delays.create)
    path = device_path(model, host, scsi_id)
    disk = _seen(model, host, scsi_id)
    if disk is None:
        raise volumes.absent(path)
    if volumes.in_use(model, host, disk):
        raise StorageError(errors.IN_USE)
    return replace(volumes.format_device(model, (host, path), disk, sr), device_config=config)


async def attach(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    disk = _seen(model, host, await _named(model, host, config))
    await model.delays.spend(model.delays.plug)
    if disk is None or not volumes.holds(model, disk, sr):
        raise volumes.no_volume_group(sr.uuid)
    model.note_attached(disk, host)
    return replace(volumes.described(disk, config), numpaths=len(disk.names))


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """Remove the volume group; the LUN is blank afterwards."""
    disk = _seen(model, host, await _named(model, host, config))
    if disk is None or not volumes.holds(model, disk, sr):
        raise volumes.no_volume_group(sr.uuid)
    model.blank(disk, sr.method, sr.originator)


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:
    return _seen(model, host, config.get("SCSIid", "")) is not None


async def _named(model: Model, host: str, config: dict[str, str]) -> str:
    """The SCSIid; without one every disk that could be meant is listed in the error."""
    scsi_id = config.get("SCSIid", "")
    if not scsi_id:
        await model.delays.spend(model.delays.discovery)
        raise StorageError(model.flavour.unnamed_hba, printed=devlist(model, host))
    return scsi_id


def _seen(model: Model, host: str, scsi_id: str) -> Disk | None:
    disk = model.disks.get(scsi_id)
    name = model.objects.get("host", host)["name_label"]
    return disk if disk and disk.bus == "hba" and disk.seen_by(name) else None
