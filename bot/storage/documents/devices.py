"""The disks that the host's Fibre Channel and SAS adapters show (SM: drivers/devscan.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage.documents.readings import Reading, number, read, read_rows
from bot.storage.documents.scanning import DEVICES

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element

# The adapters themselves are listed behind the disks.
_BESIDE = frozenset({"adapter"})


@dataclass(frozen=True, slots=True)
class Device:
    """path is one in dom0, size in bytes; releases before 7 print no SCSIid."""

    path: str | None
    vendor: str | None
    serial: str | None
    size: int | None
    scsi_id: str | None


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
    )
    return None if device == _NOTHING else device
