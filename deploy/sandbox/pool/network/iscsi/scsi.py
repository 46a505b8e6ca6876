"""What a logical unit says of itself, read from its answers.

Source: SPC-4 (6.6, 6.33, 7.8), SBC-3 (5.15, 5.16), SAM-5 (4.7: logical unit numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy.sandbox.pool.network.troubles import ProtocolError

SUPPORTED_PAGES, SERIAL_PAGE, IDENTIFICATION_PAGE = 0x00, 0x80, 0x83
_MOST_LUNS = 1024
_LUN = 8
_STANDARD = 36
# Peripheral device types that become disks: direct access, optical, simplified, host managed zones.
# Source: linux: drivers/scsi/sd.c sd_probe.
_DISKS = frozenset({0x00, 0x07, 0x0E, 0x14})
_FIXED_SENSE, _DESCRIPTOR_SENSE = frozenset({0x70, 0x71}), frozenset({0x72, 0x73})
_WELL_KNOWN = 0xC1


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard inquiry data."""

    disk: bool
    """Whether a host would make a disk of the unit."""
    vendor: bytes
    model: bytes


@dataclass(frozen=True, slots=True)
class Sense:
    key: int


def luns(data: bytes) -> list[bytes]:
    """The units of a REPORT LUNS, 8 bytes each, as many as came; well known units are none."""
    if len(data) < _LUN:
        message = "the target's list of LUNs is too short"
        raise ProtocolError(message)
    listed = min(int.from_bytes(data[:4], "big") // _LUN, _MOST_LUNS)
    entries = (data[_LUN * at : _LUN * (at + 1)] for at in range(1, listed + 1))
    return list(dict.fromkeys(one for one in entries if len(one) == _LUN and one[0] != _WELL_KNOWN))


def lun_number(lun: bytes) -> int:
    """The number by which Linux calls the unit. Source: linux: drivers/scsi/scsi_common.c scsilun_to_int."""
    return sum(int.from_bytes(lun[at : at + 2], "big") << (at * 8) for at in range(0, _LUN, 2))


def standard(data: bytes) -> Standard:
    if len(data) < _STANDARD:
        message = "the inquiry data of a LUN is too short"
        raise ProtocolError(message)
    qualifier, kind = data[0] >> 5, data[0] & 0x1F
    return Standard(qualifier == 0 and kind in _DISKS, data[8:16], data[16:32])


def page(data: bytes, wanted: int) -> bytes:
    """The body of a page of vital product data; ProtocolError where it is another page, or cut off in its head."""
    head = 4
    if len(data) < head or data[1] != wanted:
        message = "a LUN answered with another page than was asked for"
        raise ProtocolError(message)
    length = int.from_bytes(data[2:4], "big")
    return data[head : head + length]


def capacity_16(data: bytes) -> int:
    """In bytes."""
    return _bytes(data, 8)


def capacity_10(data: bytes) -> int:
    """In bytes; a unit that is larger than it can say counts as one of unknown size."""
    size = _bytes(data, 4)
    return 0 if data[:4] == b"\xff" * 4 else size


def sense(data: bytes) -> Sense:
    """Key 0 for what isn't sense data. Source: SPC-4, 4.5."""
    code = data[0] & 0x7F if data else 0
    if code in _DESCRIPTOR_SENSE and len(data) > 1:
        return Sense(data[1] & 0x0F)
    shortest = 3
    if code in _FIXED_SENSE and len(data) >= shortest:
        return Sense(data[2] & 0x0F)
    return Sense(0)


def printable(raw: bytes) -> str:
    """Without blanks and without what isn't printable ASCII. Source: sm: scsiutil.py getmanufacturer, getserial."""
    return "".join(chr(byte) for byte in raw if 0x20 < byte < 0x7F)  # noqa: PLR2004 - the bounds of ASCII


def _bytes(data: bytes, width: int) -> int:
    """The number of the last block, then the size of one in 4 bytes."""
    if len(data) < width + 4:
        message = "the capacity of a LUN is too short"
        raise ProtocolError(message)
    last, size = int.from_bytes(data[:width], "big"), int.from_bytes(data[width : width + 4], "big")
    return (last + 1) * size
