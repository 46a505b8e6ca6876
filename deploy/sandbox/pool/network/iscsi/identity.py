"""The SCSIid of a LUN, as udev's scsi_id makes it from a LUN's own designators.

Source: systemd: src/udev/scsi_id/scsi_serial.c (id_search_list, check_fill_0x83_page, append_vendor_model), SPC-4
7.8.6. The form of page 0x83 from before SPC-3 isn't read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.sandbox.pool.network.iscsi.scsi import Standard

_VENDOR_SPECIFIC, _T10, _EUI64, _NAA = 0, 1, 2, 3
_EXTENDED, _REGISTERED = 6, 5
_BINARY, _ASCII = 1, 2
_DIGITS = "0123456789abcdef"
_HEAD = 4
# What may stand in a name of udev's. Source: systemd: src/shared/udev-util.c udev_replace_chars, ALLOWED_CHARS.
_ALLOWED = frozenset("#+-.:=@_/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
# Which designator counts: its type, and for NAA of which sort; the first that is there.
_SEARCH = ((_NAA, _EXTENDED), (_NAA, _REGISTERED), (_NAA, None), (_EUI64, None), (_T10, None), (_VENDOR_SPECIFIC, None))


@dataclass(frozen=True, slots=True)
class Designator:
    kind: int
    code_set: int
    value: bytes

    def is_wanted(self, kind: int, sort: int | None) -> bool:
        return self.kind == kind and (sort is None or self.value[0] >> 4 == sort)


def designators(page: bytes) -> Iterator[Designator]:
    """Those of the unit itself, not of its port or target; what is cut off at the end is left out."""
    at = 0
    while at + _HEAD <= len(page):
        code_set, kind, length = page[at] & 0x0F, page[at + 1], page[at + 3]
        value = page[at + _HEAD : at + _HEAD + length]
        if value and len(value) == length and not kind & 0x30 and code_set in {_BINARY, _ASCII}:
            yield Designator(kind & 0x0F, code_set, value)
        at += _HEAD + length


def scsi_id(unit: Standard, identification: bytes, serial: bytes) -> str:
    """From the bodies of the pages 0x83 and 0x80, either of which may be empty; empty where neither says anything."""
    found = list(designators(identification))
    for kind, sort in _SEARCH:
        for code_set in (_BINARY, _ASCII):
            for one in found:
                if one.code_set == code_set and one.is_wanted(kind, sort):
                    return _named(unit, one)
    return _clean(b"S" + unit.vendor + unit.model + serial) if serial.strip() else ""


def _named(unit: Standard, one: Designator) -> str:
    body = one.value.split(b"\0")[0] if one.code_set == _ASCII else one.value.hex().encode()
    before = unit.vendor + unit.model if one.kind == _VENDOR_SPECIFIC else b""
    return _clean(_DIGITS[one.kind].encode() + before + body)


def _clean(raw: bytes) -> str:
    """Runs of blanks become one underscore, those at the ends nothing, and what is no name's an underscore each."""
    text = "_".join(raw.decode("latin-1").split())
    return "".join(letter if letter in _ALLOWED else "_" for letter in text)
