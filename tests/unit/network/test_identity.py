from __future__ import annotations

import struct

import pytest

from deploy.sandbox.pool.network.iscsi.identity import scsi_id
from deploy.sandbox.pool.network.iscsi.scsi import Standard

BINARY, ASCII = 1, 2
VENDOR_SPECIFIC, T10, EUI, NAA = 0, 1, 2, 3
OF_A_PORT = 0x10
UNIT = Standard(True, b"ACME    ", b"BIG DISK        ")  # noqa: FBT003 - a field
EXTENDED = bytes.fromhex("600a098038304558" + "6b2b4a4a00000001")
REGISTERED = bytes.fromhex("5000c50012345678")
LOCAL = bytes.fromhex("3000000100000001")


def designator(code_set: int, kind: int, value: bytes) -> bytes:
    return struct.pack(">BBxB", code_set, kind, len(value)) + value


@pytest.mark.parametrize(
    ("page", "serial", "expected"),
    [
        (designator(BINARY, NAA, EXTENDED), b"", "3600a0980383045586b2b4a4a00000001"),
        (designator(BINARY, EUI, bytes.fromhex("0011223344556677")), b"", "20011223344556677"),
        (designator(ASCII, T10, b"VATES   my lun 1  "), b"", "1VATES_my_lun_1"),
        (designator(ASCII, T10, b"IET     00010001\0\0\0"), b"", "1IET_00010001"),
        (designator(BINARY, T10, b"IET     00010001"), b"", "149455420202020203030303130303031"),
        (designator(ASCII, VENDOR_SPECIFIC, b"x7"), b"", "0ACME_BIG_DISK_x7"),
        (designator(BINARY, NAA, REGISTERED) + designator(BINARY, NAA, EXTENDED), b"", "3" + EXTENDED.hex()),
        (designator(BINARY, NAA, LOCAL) + designator(BINARY, NAA, REGISTERED), b"", "3" + REGISTERED.hex()),
        (designator(ASCII, T10, b"one") + designator(BINARY, NAA, LOCAL), b"", "3" + LOCAL.hex()),
        (designator(ASCII, T10, b"one") + designator(BINARY, EUI, LOCAL), b"", "2" + LOCAL.hex()),
        (designator(BINARY, NAA | OF_A_PORT, EXTENDED) + designator(ASCII, T10, b"one"), b"", "1one"),
        (designator(3, NAA, EXTENDED), b"SN 1", "SACME_BIG_DISK_SN_1"),
        (designator(BINARY, NAA, EXTENDED)[:-1], b"SN1", "SACME_BIG_DISK_SN1"),
        (designator(BINARY, NAA, b""), b"  ", ""),
        (designator(ASCII, T10, b"a\x01\xffb<&>"), b"", "1a__b___"),
        (b"", b"", ""),
    ],
)
def test_a_scsi_id_is_what_udev_makes_of_it(page: bytes, serial: bytes, expected: str) -> None:
    assert scsi_id(UNIT, page, serial) == expected
