"""lvm, ext, xfs and largeblock: an SR on disks of one host, named by their paths in dom0.

Source: sm: LVHDSR.py and EXTSR.py load, probe, create and attach; SR.py (which texts are paths);
XCP-ng's sm: XFSSR.py, LargeBlockSR.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.disks import volumes
from deploy.sandbox.pool.storage.documents import Layout
from deploy.sandbox.pool.storage.errors import StorageError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.disks.disk import Disk
    from deploy.sandbox.pool.storage.disks.volumes import Kind
    from deploy.sandbox.pool.storage.documents import SrRow
    from deploy.sandbox.pool.storage.srs import Created, NewSr

_PATH = re.compile(r"/[\w/.:-]*")
# What lvchange ends with when there is no such volume group.
_LVM_FAILED = 5


@dataclass(frozen=True, slots=True)
class LocalDriver:
    """One of them, by the kind of SR that it makes and sees."""

    kind: Kind

    async def probe(self, model: Model, host: str, config: dict[str, str], _: dict[str, str]) -> str:
        """The SRs on the devices; a device that isn't there is passed over."""
        paths = _paths(config)
        await model.delays.spend(model.delays.discovery)
        seen = [(path, disk) for path in paths if (disk := _disk_at(model, host, path))]
        rows = [row for path, disk in seen for row in volumes.found(model, disk, path, kind=self.kind)]
        return documents.srs(Layout(model.flavour.padded_xml), _by_volume_group(rows))

    async def create(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
        """Wipe every device and make one volume group of them."""
        paths = _paths(config)
        await model.delays.spend(model.delays.create)
        if self.kind == "local-largeblock":
            _check_sectors(model, host, paths)
        return _together([self._format(model, (host, path), sr) for path in paths], config)

    async def attach(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
        disks = [_disk_at(model, host, path) for path in _paths(config)]
        await model.delays.spend(model.delays.plug)
        here = [disk for disk in disks if disk and volumes.holds(model, disk, sr, self.kind)]
        if not here:
            raise self._gone(sr.uuid)
        return _together([volumes.described(disk, config, self.kind) for disk in here], config)

    async def destroy(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
        """Remove the volume group; its disks are blank afterwards."""
        disks = [_disk_at(model, host, path) for path in _paths(config)]
        here = [disk for disk in disks if disk and volumes.holds(model, disk, sr, self.kind)]
        if not here:
            raise self._gone(sr.uuid)
        for disk in here:
            model.blank(disk, sr.method, sr.originator)

    def is_there(self, model: Model, host: str, config: dict[str, str]) -> bool:
        return any(_disk_at(model, host, path) for path in config.get("device", "").split(","))

    def _format(self, model: Model, where: tuple[str, str], sr: NewSr) -> Created:
        host, path = where
        disk = _disk_at(model, host, path)
        if disk is None:
            raise volumes.absent(path)
        if volumes.in_use(model, host, disk):
            raise StorageError(errors.IN_USE)
        return volumes.format_device(model, where, disk, sr, self.kind)

    def _gone(self, uuid: str) -> StorageError:
        if self.kind == "sr":
            return volumes.no_volume_group(uuid)
        return StorageError(errors.LVM_MOUNT, f"Unable to activate LV. Errno is {_LVM_FAILED}")


def _check_sectors(model: Model, host: str, paths: list[str]) -> None:
    """One device, whose sectors have no 512 bytes; the exception about those has no number that is told anywhere."""
    if len(paths) > 1:
        raise StorageError(errors.DEVICE_INVALID, "Multiple devices configuration is not supported")
    disk = _disk_at(model, host, paths[0])
    if disk is not None and disk.block_size == volumes.SECTOR:
        words = f"The logical blocksize of the device {paths[0]} is compatible with normal SR types"
        raise StorageError(errors.GENERIC, message=words)


def _together(made: list[Created], config: dict[str, str]) -> Created:
    """One volume group on several devices."""
    serials = ",".join(one.sm_config["devserial"] for one in made)
    sm_config = {**made[0].sm_config, "devserial": serials}
    return replace(made[0], size=sum(one.size for one in made), device_config=config, sm_config=sm_config)


def _by_volume_group(rows: list[SrRow]) -> list[SrRow]:
    """Each SR once, with its devices as a comma list."""
    merged: dict[str, SrRow] = {}
    for row in rows:
        before = merged.get(row.uuid)
        both = replace(row, device=f"{before.device},{row.device}", size=before.size + row.size) if before else row
        merged[row.uuid] = both
    return list(merged.values())


def _paths(config: dict[str, str]) -> list[str]:
    """The devices of a comma list; 90 without one, 91 for what can't be a path."""
    if not config.get("device"):
        raise StorageError(errors.DEVICE_MISSING)
    paths = config["device"].split(",")
    for path in paths:
        if not _PATH.fullmatch(path):
            raise StorageError(errors.DEVICE_INVALID, f"path is {path}")
    return paths


def _disk_at(model: Model, host: str, path: str) -> Disk | None:
    name = model.objects.get("host", host)["name_label"]
    return next((disk for disk in model.disks.values() if disk.seen_by(name) and path in disk.paths), None)
