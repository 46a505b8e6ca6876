from __future__ import annotations

import pytest

from bot.request.found import Lun, Portal, Target
from bot.storage import Device, Export, FoundSr, as_json, explain_text, table
from bot.storage.explaining.explained import Lists
from tests.unit.storage.texts import sample


def test_nothing_listed_is_no_table() -> None:
    assert table(Lists()) == ()


def test_each_portal_of_a_target_has_its_line() -> None:
    target = Target("iqn.a", (Portal("192.0.2.7", 3260), Portal("2001:db8::1", 3261)))

    assert table(Lists(targets=(target, Target("iqn.longer", ())))) == (
        "IQN         PORTAL",
        "iqn.a       192.0.2.7:3260",
        "            [2001:db8::1]:3261",
        "iqn.longer  -",
    )


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "luns-missing-fields.xml",
            (
                "LUN  SIZE          VENDOR   SERIAL    SCSIID",
                "0    5.0 GiB       -        -         1494554000000000000000001000000000000000000000000",
                "3    unknown size  LIO-ORG  -         36001405000000000000000000000eee0",
                "4    1 B           IET      00000000  -",
                "5    unknown size  EMPTY    x         -",
            ),
        ),
        (
            "srs-one-metadata.xml",
            (
                "UUID                                  SIZE     NAME-LABEL",
                "00000000-aaaa-bbbb-cccc-000000000001  1.0 TiB  Example iSCSI",
            ),
        ),
        (
            "exports-failure-text-padded.txt",
            ("SERVER      PATH     ACCESS", "192.0.2.90  /disk1   *", "192.0.2.90  /guests  *"),
        ),
        (
            "devices-one-padded.txt",
            (
                "PATH                                        SIZE      VENDOR   SERIAL        SCSIID",
                "/dev/disk/by-id/scsi-1HITACHI_900000000001  20.0 GiB  HITACHI  900000000001  -",
            ),
        ),
    ],
)
def test_what_a_text_lists_is_laid_out_in_columns(name: str, lines: tuple[str, ...]) -> None:
    assert table(explain_text(sample(name)).lists) == lines


def test_a_value_can_neither_add_lines_nor_turn_the_text() -> None:
    _, row = table(Lists(luns=(Lun(None, "a\nb\x9b\u202e", "x", None, None),)))

    assert row == "-    unknown size  a b\ufffd\ufffd   x       -"


LONG = "".join(f"{n:03}" for n in range(100))


def test_long_values_lose_their_middle_and_no_column_grows_without_end() -> None:
    told = (
        Lists(luns=(Lun(1, LONG, LONG, 1, LONG),)),
        Lists(srs=(FoundSr(LONG, 1, (), LONG),)),
        Lists(exports=(Export(LONG, LONG, LONG),)),
        Lists(devices=(Device(LONG, LONG, LONG, 1, LONG),)),
    )

    assert [len(table(lists)[1]) for lists in told] == [127, 104, 148, 172]
    assert "0000010…97098099" in table(told[0])[1].split()
    assert all(text.split()[-1].endswith("098099") for lists in told for text in table(lists)[1:])


def test_what_the_next_probe_needs_stands_there_whole() -> None:
    iqn, scsi_id = "iqn.2001-05.com.example:" + "x" * 199, "3" * 64

    assert table(Lists(targets=(Target(iqn, (Portal("192.0.2.7", 3260),)),)))[1] == f"{iqn}  192.0.2.7:3260"
    assert table(Lists(luns=(Lun(1, None, None, 1, scsi_id),)))[1].endswith(scsi_id)
    told = explain_text(f"<iscsi-target><LUN><serial>{LONG}</serial></LUN></iscsi-target>")
    assert LONG in str(as_json(told))
