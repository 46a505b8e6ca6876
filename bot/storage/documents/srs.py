"""The SRs that a probe found (SM: drivers/lvutil.py, srlist_toxml; nfs.py, scan_srlist).

An empty SRlist says only that there is no XenServer SR: data of others isn't seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.storage.documents.readings import Reading, number, read, read_rows
from bot.storage.documents.scanning import SRS, documents

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element

_BESIDE = frozenset({"supportedversions"})


@dataclass(frozen=True, slots=True)
class FoundSr:
    """size in bytes; devices are paths in dom0; name and description only from probes that asked for metadata."""

    uuid: str
    size: int | None
    devices: tuple[str, ...]
    name_label: str | None
    name_description: str | None = None


def read_srs(text: str) -> Reading[FoundSr]:
    """The SRs found. Never raises.

    Only a complete reading without items means "no SR". Two lists that differ are never complete.
    """
    said: set[tuple[FoundSr, ...]] = set()

    def noted(document: Document) -> Reading[FoundSr]:
        reading = srs_in(document)
        said.add(reading.items)
        return reading

    reading = read(text, SRS, noted)
    return reading if len(said) <= 1 else replace(reading, complete=False)


def srs_in(document: Document) -> Reading[FoundSr]:
    return read_rows(document, "SR", _sr, _BESIDE)


def _sr(element: Element) -> FoundSr | None:
    uuid = element.value("UUID")
    if not uuid:
        return None
    paths = (path.strip() for path in (element.value("Devlist") or "").split(","))
    return FoundSr(
        uuid=uuid,
        size=number(element.value("size")),
        devices=tuple(path for path in paths if path),
        name_label=element.value("name_label"),
        name_description=element.value("name_description"),
    )


def read_nfs_versions(text: str) -> tuple[str, ...]:
    """The versions of NFS that the server speaks, where the probe asked for them. Never raises."""
    found = (row for document in documents(text) for row in document.element.rows("Version"))
    return tuple(dict.fromkeys(row.text for row in found if row.text))
