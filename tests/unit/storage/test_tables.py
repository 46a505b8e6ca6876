from __future__ import annotations

import pytest

from bot.request.model import Lun, Portal, Target
from bot.storage import explain_text, table
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


def test_a_value_can_neither_add_lines_nor_turn_the_text_nor_grow_without_end() -> None:
    lun = Lun(None, "a\nb\x9b\u202e", "x" * 300, None, None)

    head, row = table(Lists(luns=(lun,)))

    assert row.startswith("-    unknown size  a b\ufffd\ufffd   xxx")
    assert f"{'x' * 255}…  -" in row
    assert max(len(head), len(row)) < 400
