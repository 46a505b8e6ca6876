from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from bot.request.found import Lun, Target
    from bot.storage.documents.devices import Device
    from bot.storage.documents.exports import Export
    from bot.storage.documents.srs import FoundSr

Kind = Literal["targets", "luns", "srs", "exports", "devices", "error", "unknown"]
LISTS: Final = ("targets", "luns", "srs", "exports", "devices")


@dataclass(frozen=True, slots=True)
class Lists:
    """What was listed; a text lists things of one kind, so at most one is filled."""

    targets: tuple[Target, ...] = ()
    luns: tuple[Lun, ...] = ()
    srs: tuple[FoundSr, ...] = ()
    exports: tuple[Export, ...] = ()
    devices: tuple[Device, ...] = ()

    @property
    def count(self) -> int:
        return sum(len(getattr(self, field.name)) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Explained:
    """What a text says. `code` is XenServer's, where the text has one; `complete` is False if a document was cut."""

    kind: Kind
    code: str | None
    complete: bool
    sentence: str
    next_step: str
    lists: Lists


def as_json(told: Explained) -> dict[str, object]:
    """The same for programs: all keys present, sizes and ports numbers, other values strings, null for unknown."""
    return {
        "kind": told.kind,
        "code": told.code,
        "complete": told.complete,
        "sentence": told.sentence,
        "next_step": told.next_step,
        "targets": [_target(target) for target in told.lists.targets],
        "luns": [_lun(lun) for lun in told.lists.luns],
        "srs": [{"uuid": sr.uuid, "size_bytes": sr.size, "name_label": sr.name_label} for sr in told.lists.srs],
        "exports": [{"server": e.server, "path": e.path, "access": e.access} for e in told.lists.exports],
        "devices": [_device(device) for device in told.lists.devices],
    }


def _target(target: Target) -> dict[str, object]:
    portals = [{"address": portal.address, "port": portal.port} for portal in target.portals]
    return {"iqn": target.iqn, "portals": portals}


def _lun(lun: Lun) -> dict[str, object]:
    return {
        "lun_id": None if lun.lun_id is None else str(lun.lun_id),
        "vendor": lun.vendor,
        "serial": lun.serial,
        "size_bytes": lun.size,
        "scsi_id": lun.scsi_id,
    }


def _device(device: Device) -> dict[str, object]:
    return {
        "path": device.path,
        "vendor": device.vendor,
        "serial": device.serial,
        "size_bytes": device.size,
        "scsi_id": device.scsi_id,
    }
