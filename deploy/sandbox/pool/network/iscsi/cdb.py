"""The five commands that look, and no other: nothing here can write, reserve, or read a block.

Source: SPC-4 6.6 (INQUIRY), 6.33 (REPORT LUNS), 6.47 (TEST UNIT READY); SBC-3 5.15 and 5.16 (READ CAPACITY).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_INQUIRY = 0x12
_TEST_UNIT_READY = 0x00
_READ_CAPACITY_10 = 0x25
_SERVICE_ACTION_IN_16 = 0x9E
_READ_CAPACITY_16 = 0x10
_REPORT_LUNS = 0xA0
_INQUIRY_LENGTH = 255
_MOST_LUNS = 1024
_LUN_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Cdb:
    raw: bytes
    """16 bytes; a shorter command is padded. Source: RFC 7143, 11.3.5."""
    wanted: int = 0
    """How many bytes may come."""


def inquiry(page: int | None = None) -> Cdb:
    """The standard data, or a page of vital product data."""
    fields = struct.pack(">BBBHB", _INQUIRY, page is not None, page or 0, _INQUIRY_LENGTH, 0)
    return _command(fields, _INQUIRY_LENGTH)


def test_unit_ready() -> Cdb:
    return _command(bytes((_TEST_UNIT_READY,)))


def report_luns() -> Cdb:
    length = _LUN_LENGTH * (_MOST_LUNS + 1)
    return _command(struct.pack(">BxBxxxIxx", _REPORT_LUNS, 0, length), length)


def read_capacity_16() -> Cdb:
    length = 32
    return _command(struct.pack(">BBQIxx", _SERVICE_ACTION_IN_16, _READ_CAPACITY_16, 0, length), length)


def read_capacity_10() -> Cdb:
    return _command(bytes((_READ_CAPACITY_10,)), 8)


def _command(fields: bytes, wanted: int = 0) -> Cdb:
    return Cdb(fields.ljust(16, b"\0"), wanted)
