"""The disks that the host's Fibre Channel and SAS adapters show (SM: drivers/devscan.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.request.found import Lun
from bot.storage.documents.readings import Reading, number, read, read_rows
from bot.storage.documents.scanning import DEVICES

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element

# The adapters themselves are listed behind the disks.
_BESIDE = frozenset({"adapter"})
# udev names a disk by its SCSIid; behind it stand the other names of a disk with several paths.
_BY_ID = re.compile(r"/dev/disk/by-id/scsi-([^\s/\[\]]+)")


@dataclass(frozen=True, slots=True)
class Device:
    """path is one in dom0, size in bytes; releases before 7 print no SCSIid and no number of paths."""

    path: str | None
    vendor: str | None
    serial: str | None
    size: int | None
    scsi_id: str | None
    lun: int | None = None
    paths: int | None = None


_NOTHING = Device(None, None, None, None, None)


def read_devices(text: str) -> Reading[Device]:
    """The disks in the host's order, without those that root or an SR uses, which SM hides. Never raises."""
    return read(text, DEVICES, devices_in)


def devices_in(document: Document) -> Reading[Device]:
    return read_rows(document, "BlockDevice", _device, _BESIDE)


def _device(element: Element) -> Device | None:
    device = Device(
        path=element.value("path"),
        vendor=element.value("vendor"),
        serial=element.value("serial"),
        size=number(element.value("size")),
        scsi_id=element.value("SCSIid"),
        lun=number(element.value("lun")),
        paths=number(element.value("numpaths")),
    )
    return None if device == _NOTHING else device


def read_adapter_luns(text: str) -> Reading[Lun]:
    """The LUNs behind the adapters, each once however many paths lead to it, sorted by id. Never raises.

    Where no SCSIid is printed it is taken from the path, which udev makes of it.
    """
    reading = read_devices(text)
    luns: dict[object, Lun] = {}
    for at, device in enumerate(reading.items):
        lun = _lun(device)
        key = lun.scsi_id or at
        luns[key] = _together(luns[key], lun) if key in luns else lun
    ordered = sorted(luns.values(), key=lambda lun: (lun.lun_id is None, lun.lun_id or 0))
    return Reading(tuple(ordered), reading.complete)


def _lun(device: Device) -> Lun:
    named = _BY_ID.match(device.path or "")
    scsi_id = device.scsi_id or (named[1] if named else None)
    return Lun(device.lun, device.vendor, device.serial, device.size, scsi_id, device.paths)


def _together(lun: Lun, other: Lun) -> Lun:
    """Each entry of a list that counts no paths is one path."""
    return replace(lun, paths=(lun.paths or 1) + (other.paths or 1))
