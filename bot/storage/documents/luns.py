"""The LUNs that a login showed (SM: drivers/LVHDoISCSISR.py, print_LUNs_XML). SM leaves out what is empty or 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.request.found import Lun
from bot.storage.documents.readings import Reading, number, read, read_rows
from bot.storage.documents.scanning import LUNS

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element


_NOTHING = Lun(None, None, None, None, None)


def read_luns(text: str) -> Reading[Lun]:
    """The LUNs sorted by id, those without one last. Never raises."""
    return read(text, LUNS, luns_in)


def luns_in(document: Document) -> Reading[Lun]:
    reading = read_rows(document, "LUN", _lun)
    ordered = sorted(reading.items, key=lambda lun: (lun.lun_id is None, lun.lun_id or 0))
    return Reading(tuple(ordered), reading.complete)


def _lun(element: Element) -> Lun | None:
    lun = Lun(
        lun_id=number(element.value("LUNid")),
        vendor=element.value("vendor"),
        serial=element.value("serial"),
        size=number(element.value("size")),
        scsi_id=element.value("SCSIid"),
    )
    return None if lun == _NOTHING else lun
