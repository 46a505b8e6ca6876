"""The LUNs behind adapters: each once, however many paths lead to it and however many entries name it."""

from __future__ import annotations

import pytest

from bot.request.found import Lun
from bot.storage import Reading, read_adapter_luns, read_failure
from tests.unit.storage.texts import laid_out

ID = "360060e8007c3a0000030c3a0000010{}"
SIZE = 22548578304
OLD = [
    ("path", "/dev/disk/by-id/scsi-1HITACHI_730157980003"),
    ("vendor", "HITACHI"),
    ("serial", "730157980003"),
    ("size", str(SIZE)),
    ("adapter", "3"),
    ("channel", "0"),
    ("id", "1"),
    ("lun", "0"),
    ("hba", "qla2xxx"),
]
ADAPTER = [("host", "host4"), ("name", "qla2xxx"), ("manufacturer", "QLogic HBA Driver"), ("id", "4")]


def row(scsi_id: str, lun: int, paths: int | None = None) -> list[tuple[str, str]]:
    fields = [("path", f"/dev/disk/by-id/scsi-{scsi_id} [sdg]"), ("SCSIid", scsi_id), ("lun", str(lun))]
    return fields + ([] if paths is None else [("numpaths", str(paths))])


def devlist(*rows: list[tuple[str, str]], padded: bool = True) -> str:
    return laid_out("Devlist", "BlockDevice", list(rows), padded=padded)


def luns(*rows: list[tuple[str, str]]) -> list[Lun]:
    return list(read_adapter_luns(devlist(*rows)).items)


@pytest.mark.parametrize("padded", [True, False])
def test_an_old_release_names_the_lun_in_the_path_alone(*, padded: bool) -> None:
    """As the guide of XenCert prints it: github.com/xenserver/xencert, appendix B."""
    told = Lun(0, "HITACHI", "730157980003", SIZE, "1HITACHI_730157980003")
    assert read_adapter_luns(devlist(OLD, padded=padded)) == Reading((told,), complete=True)


def test_luns_are_sorted_by_their_ids() -> None:
    nameless = [("path", "/dev/sdx"), ("vendor", "X")]
    found = luns(nameless, row(ID.format(2), 2), row(ID.format(1), 1))
    assert [lun.lun_id for lun in found] == [1, 2, None]


def test_a_lun_of_several_entries_is_one_lun_with_all_their_paths() -> None:
    assert [lun.paths for lun in luns(row(ID.format(1), 1, 2), row(ID.format(1), 1, 2))] == [4]
    assert [lun.paths for lun in luns(*[row(ID.format(1), 1)] * 3)] == [3]
    assert [lun.paths for lun in luns(row(ID.format(1), 1))] == [None]


def test_entries_that_name_no_lun_are_never_taken_for_one() -> None:
    nameless = [("path", "/dev/sdx"), ("vendor", "X")]
    assert [lun.scsi_id for lun in luns(nameless, nameless)] == [None, None]


def test_a_list_of_adapters_alone_holds_no_lun() -> None:
    text = laid_out("Devlist", "Adapter", [ADAPTER], padded=True)
    assert read_adapter_luns(text) == Reading((), complete=True)
    failure = read_failure(["SR_BACKEND_FAILURE_90", "", "The request is missing the device parameter", text])
    assert read_adapter_luns(failure.document) == Reading((), complete=True)


def test_a_list_that_was_cut_is_not_complete() -> None:
    assert read_adapter_luns(devlist(row(ID.format(1), 1, 2), OLD)[:-60]).complete is False
