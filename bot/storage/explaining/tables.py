"""What a text lists, as lines of a table in plain characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.request.grammar.slack_text import unprintable
from bot.storage.sizes import human_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.request.model import Portal, Target
    from bot.storage.explaining.explained import Lists

_ABSENT: Final = "-"
# An IQN has up to 223 characters (RFC 3720, section 3.2.6.1); what is longer came from somewhere else.
_WIDEST: Final = 256
_GAP: Final = "  "

_Row = tuple[str | None, ...]


def table(lists: Lists) -> tuple[str, ...]:
    """The head and the rows; nothing where nothing is listed."""
    rows = [tuple(_cell(value) for value in row) for row in _rows(lists)]
    if not rows:
        return ()
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return tuple(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cell(value: str | None) -> str:
    text = _ABSENT if value is None else value
    shown = "".join(" " if c.isspace() else "\ufffd" if unprintable(c) else c for c in text[:_WIDEST])
    return shown if len(text) <= _WIDEST else shown[:-1] + "…"


def _rows(lists: Lists) -> Iterator[_Row]:
    if lists.targets:
        yield "IQN", "PORTAL"
        for target in lists.targets:
            yield from _target(target)
    if lists.luns:
        yield "LUN", "SIZE", "VENDOR", "SERIAL", "SCSIID"
        for lun in lists.luns:
            lun_id = None if lun.lun_id is None else str(lun.lun_id)
            yield lun_id, human_size(lun.size), lun.vendor, lun.serial, lun.scsi_id
    if lists.srs:
        yield "UUID", "SIZE", "NAME-LABEL"
        yield from ((sr.uuid, human_size(sr.size), sr.name_label) for sr in lists.srs)
    if lists.exports:
        yield "SERVER", "PATH", "ACCESS"
        yield from ((export.server, export.path, export.access) for export in lists.exports)
    if lists.devices:
        yield "PATH", "SIZE", "VENDOR", "SERIAL", "SCSIID"
        yield from ((d.path, human_size(d.size), d.vendor, d.serial, d.scsi_id) for d in lists.devices)


def _target(target: Target) -> Iterator[_Row]:
    """One line a portal, so that no line grows with their number."""
    for at, portal in enumerate(target.portals or (None,)):
        yield "" if at else target.iqn, _portal(portal)


def _portal(portal: Portal | None) -> str | None:
    if portal is None:
        return None
    address = f"[{portal.address}]" if ":" in portal.address else portal.address
    return f"{address}:{portal.port}"
