from __future__ import annotations

import struct

import pytest

from deploy.sandbox.pool.network.iscsi import cdb, scsi


@pytest.mark.parametrize(
    ("lun", "number"),
    [("0001", 1), ("00ff", 255), ("4100", 16640), ("0000000100000000", 65536)],
)
def test_a_lun_has_the_number_that_linux_gives_it(lun: str, number: int) -> None:
    assert scsi.lun_number(bytes.fromhex(lun).ljust(8, b"\0")) == number


def test_a_list_of_luns_has_each_once_and_no_well_known_unit() -> None:
    entries = b"".join(bytes(one).ljust(8, b"\0") for one in ((0, 1), (0, 1), (0xC1, 1), (0, 2)))
    listed = scsi.luns(struct.pack(">II", len(entries), 0) + entries + b"cut")
    assert [scsi.lun_number(lun) for lun in listed] == [1, 2]


def test_a_list_that_promises_more_than_it_has_is_read_as_far_as_it_goes() -> None:
    assert len(scsi.luns(b"\xff\xff\xff\xff" + bytes(4) + bytes((0, 5)).ljust(8, b"\0") + b"cut")) == 1


@pytest.mark.parametrize(("first", "disk"), [(0x00, True), (0x0E, True), (0x0C, False), (0x20, False), (0x05, False)])
def test_only_what_linux_makes_a_disk_of_is_one(first: int, disk: bool) -> None:  # noqa: FBT001 - the expected value
    assert scsi.standard(bytes((first,)).ljust(36, b" ")).disk is disk


def test_a_disk_too_large_for_the_old_command_is_of_unknown_size() -> None:
    assert scsi.capacity_10(b"\xff" * 4 + struct.pack(">I", 512)) == 0
    assert scsi.capacity_16(struct.pack(">QI", 2**33 - 1, 4096)) == 2**45


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\x70\x00\x06", 6),
        (b"\xf1\x00\x45", 5),
        (b"\x72\x06", 6),
        (b"\x72", 0),
        (b"\x70\x00", 0),
        (b"", 0),
        (b"??", 0),
    ],
)
def test_sense_data_of_both_forms_is_read(data: bytes, key: int) -> None:
    assert scsi.sense(data).key == key


def test_texts_lose_their_blanks_and_what_can_not_be_printed() -> None:
    assert scsi.printable(b" a b\x00\x01\xff<c ") == "ab<c"


def test_every_command_has_sixteen_bytes_and_asks_for_what_it_reads() -> None:
    commands = [cdb.inquiry(), cdb.inquiry(0x83), cdb.test_unit_ready(), cdb.report_luns()]
    commands += [cdb.read_capacity_16(), cdb.read_capacity_10()]
    assert {len(one.raw) for one in commands} == {16}
    assert commands[0].raw[:6] == bytes((0x12, 0, 0, 0, 255, 0))
    assert commands[1].raw[:6] == bytes((0x12, 1, 0x83, 0, 255, 0))
    assert commands[3].raw[:12] == bytes((0xA0, 0, 0, 0, 0, 0)) + struct.pack(">I", commands[3].wanted) + bytes(2)
    assert commands[4].raw[:16] == bytes((0x9E, 0x10)) + bytes(8) + struct.pack(">I", 32) + bytes(2)
    assert [one.wanted for one in commands] == [255, 255, 0, 8200, 32, 8]
