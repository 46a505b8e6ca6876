"""The targets that a discovery found (SM: drivers/BaseISCSI.py, print_entries)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.request.found import EVERY_TARGET, Portal, Target
from bot.storage.documents.readings import Reading, number, read, read_rows
from bot.storage.documents.scanning import TARGETS

if TYPE_CHECKING:
    from bot.storage.documents.scanning import Document, Element

ISCSI_PORT = 3260  # RFC 7143; SM writes no <Port> for it
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class _Row:
    iqn: str
    portal: Portal | None


def read_targets(text: str) -> Reading[Target]:
    """Each IQN once, in order of first appearance, with its portals; the `*` row is left out. Never raises."""
    return read(text, TARGETS, targets_in)


def targets_in(document: Document) -> Reading[Target]:
    reading = read_rows(document, "TGT", _row)
    # SM adds a row for "every target of this address", whose address is what was typed.
    rows = [row for row in reading.items if row.iqn != EVERY_TARGET]
    portals: dict[str, dict[Portal, None]] = {}
    for row in rows:
        known = portals.setdefault(row.iqn, {})
        if row.portal:
            known[row.portal] = None
    items = tuple(Target(iqn, tuple(found)) for iqn, found in portals.items())
    return Reading(items, complete=reading.complete and all(row.portal for row in rows))


def _row(element: Element) -> _Row | None:
    iqn = element.value("TargetIQN")
    return _Row(iqn, _portal(element)) if iqn else None


def _portal(element: Element) -> Portal | None:
    address = _unbracketed(element.value("IPAddress") or "")
    port = _port(element)
    return Portal(address, port) if address and port and 1 <= port <= _LAST_PORT else None


def _port(element: Element) -> int | None:
    is_given = any(child.name.lower() == "port" for child in element.children)
    return number(element.value("Port")) if is_given else ISCSI_PORT


def _unbracketed(address: str) -> str:
    # Discovery reports IPv6 in brackets; a probe of such an address fails with 140 (SM resolves it as a name).
    if address.startswith("[") and address.endswith("]"):
        return address[1:-1]
    return address
