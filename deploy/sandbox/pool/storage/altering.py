"""Changing arrays, servers and disks while the pool runs: pure functions from one to the next."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.storage.arrays import (
    Array,
    Lun,
    Target,
    lun_from_json,
    portal_from_json,
    target_from_json,
)
from deploy.sandbox.pool.storage.disks.disk import disk_from_json
from deploy.sandbox.pool.storage.files.servers import nfs_from_json, smb_from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.sandbox.pool.storage.disks.disk import Disk
    from deploy.sandbox.pool.storage.files.servers import NfsServer, SmbServer


def with_portal(array: Array, body: dict[str, Any]) -> Array:
    """Add the portal, or change the fields given in those of that address."""
    if not any(one.address == body["address"] for one in array.portals):
        return replace(array, portals=(*array.portals, portal_from_json(body)))
    portals = (
        portal_from_json({**asdict(one), **body}) if one.address == body["address"] else one for one in array.portals
    )
    return replace(array, portals=tuple(portals))


def with_target(array: Array, body: dict[str, Any]) -> Array:
    """Add the target, or change the fields given in the one of that IQN."""
    before = next((asdict(one) for one in array.targets if one.iqn == body["iqn"]), {})
    changed = target_from_json({**before, **body})
    if not before:
        return replace(array, targets=(*array.targets, changed))
    return _each_target(array, body["iqn"], lambda _: changed)


def without_target(array: Array, iqn: str) -> Array:
    return replace(array, targets=tuple(one for one in array.targets if one.iqn != iqn))


def with_lun(array: Array, iqn: str, body: dict[str, Any]) -> Array:
    """Add the LUN to the target, or change the fields given in the one of that id."""
    return _each_target(array, iqn, lambda target: _with_lun(target, body))


def without_lun(array: Array, iqn: str, lun_id: int) -> Array:
    def less(target: Target) -> Target:
        return replace(target, luns=tuple(one for one in target.luns if one.lun_id != lun_id))

    return _each_target(array, iqn, less)


def with_changed_luns(array: Array, scsi_id: str, change: dict[str, Any]) -> Array:
    """Change the fields given in every LUN of that SCSIid."""

    def changed(one: Lun) -> Lun:
        return lun_from_json({**asdict(one), **change}) if one.scsi_id == scsi_id else one

    targets = (replace(target, luns=tuple(changed(one) for one in target.luns)) for target in array.targets)
    return replace(array, targets=tuple(targets))


def changed_nfs(before: NfsServer | None, body: dict[str, Any]) -> NfsServer:
    """The server with the fields given, or a new one."""
    return nfs_from_json({**(asdict(before) if before else {}), **body})


def changed_smb(before: SmbServer | None, body: dict[str, Any]) -> SmbServer:
    return smb_from_json({**(asdict(before) if before else {}), **body})


def changed_disk(before: Disk | None, body: dict[str, Any]) -> Disk:
    return disk_from_json({**(asdict(before) if before else {}), **body})


def _each_target(array: Array, iqn: str, change: Callable[[Target], Target]) -> Array:
    targets = (change(one) if one.iqn == iqn else one for one in array.targets)
    return replace(array, targets=tuple(targets))


def _with_lun(target: Target, body: dict[str, Any]) -> Target:
    before: list[Lun] = [one for one in target.luns if one.lun_id == body["lun_id"]]
    changed = lun_from_json({**(asdict(before[0]) if before else {}), **body})
    if not before:
        return replace(target, luns=(*target.luns, changed))
    return replace(target, luns=tuple(changed if one in before else one for one in target.luns))
