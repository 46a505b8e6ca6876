"""What a text lists, as lines of a table in plain characters."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.request.grammar.slack_text import unprintable
from bot.storage.sizes import human_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.request.found import Portal, Target
    from bot.storage.explaining.explained import Lists

_ABSENT: Final = "-"
_MARK: Final = "…"
_WIDEST: Final = 48
# What is typed into the next probe stands there whole: an IQN has up to 223 characters (RFC 3720, section 3.2.6.1).
_WIDEST_BY_HEAD: Final = MappingProxyType({"IQN": 223, "SCSIID": 64, "VENDOR": 16, "SERIAL": 32})
_GAP: Final = "  "

_Row = tuple[str | None, ...]


def table(lists: Lists) -> tuple[str, ...]:
    """The head and the rows; nothing where nothing is listed. Long values lose their middle."""
    values = list(_rows(lists))
    if not values:
        return ()
    most = [_WIDEST_BY_HEAD.get(head or "", _WIDEST) for head in values[0]]
    rows = [tuple(map(_cell, row, most)) for row in values]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return tuple(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cell(value: str | None, most: int) -> str:
    text = _ABSENT if value is None else value
    return "".join(" " if c.isspace() else "\ufffd" if unprintable(c) else c for c in _shortened(text, most))


def _shortened(text: str, most: int) -> str:
    """Paths and serials differ at their ends."""
    if len(text) <= most:
        return text
    end = most // 2
    return text[: most - end - len(_MARK)] + _MARK + text[-end:]


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
