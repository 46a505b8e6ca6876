"""What an NFS server exports (SM: drivers/nfs.py, scan_exports). Where showmount fails, SM prints nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage.documents.readings import Reading, read, read_rows
from bot.storage.documents.scanning import EXPORTS

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element


@dataclass(frozen=True, slots=True)
class Export:
    """`access` is the list of clients as showmount prints it, "*" for everybody; NFS 4 paths have no leading slash."""

    server: str | None
    path: str
    access: str | None


def read_exports(text: str) -> Reading[Export]:
    """The exports in the server's order. Never raises."""
    return read(text, EXPORTS, exports_in)


def exports_in(document: Document) -> Reading[Export]:
    return read_rows(document, "Export", _export)


def _export(element: Element) -> Export | None:
    path = element.value("Path")
    return Export(element.value("Target"), path, element.value("Accesslist")) if path else None
