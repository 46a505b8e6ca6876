from __future__ import annotations

import json

import pytest

from bot.request.found import Lun, Portal, Target
from bot.request.model import SrEntry
from bot.storage import FoundSr, Reading, read_failure, read_luns, read_srs, read_targets, task_value, xe_sr_list
from bot.storage.documents.scanning import DEVICES, EXPORTS, documents
from tests.unit.storage.texts import SAMPLES, laid_out, sample

UUID = "00000000-aaaa-bbbb-cccc-000000000001"
SUN = "iqn.1986-03.com.sun:02:00000000-1111-2222-3333-444444444444"
LIO = "iqn.2003-01.org.linux-iscsi.example.x8664:sn.0000abcd"
HUAWEI = "iqn.2006-08.com.huawei:oceanstor:210000000000ddd6::1022009:192.0.2.9"

TARGETS = {
    "targets-failure-text-padded.txt": [
        Target("iqn.1997-10.com.example:filer1:iscsi0", (Portal("192.0.2.90", 3260),)),
        Target("iqn.1997-10.com.example:filer1:iscsi1", (Portal("192.0.2.90", 3260),)),
    ],
    "targets-two-portals-padded.xml": [
        Target(SUN, (Portal("192.0.2.100", 3260), Portal("198.51.100.10", 3260))),
    ],
    "targets-duplicate-portal.xml": [
        Target("iqn.2005-10.org.freenas.ctl:pool1", (Portal("192.0.2.7", 3260),)),
    ],
    "targets-ipv6.xml": [Target(LIO, (Portal("2001:db8:0:2::20", 3260), Portal("fe80::1", 3260)))],
    "targets-padded.xml": [Target(HUAWEI, (Portal("192.0.2.9", 3260),))],
    "targets-none.xml": [],
}

LUNS = {
    "luns-one-padded.xml": [Lun(0, "NEXENTA", "S0000001", 2199023255552, "3600144f0000000000000523192cf0002")],
    "luns-serial-like-a-number.xml": [
        Lun(55, "TrueNAS", "9e00394581f4003", 10995116277760, "36589cfc0000000000000000140d9b9da"),
        Lun(56, "TrueNAS", "9e00394581f4004", 10995116277761, "36589cfc0000000000000000140d9b9df"),
    ],
    "luns-trailing-space.xml": [Lun(0, "VATES", None, 2147483648, "1VATES_example-0000000000000000000000000000000a")],
    "luns-missing-fields.xml": [
        Lun(0, None, None, 5368709120, "1494554000000000000000001000000000000000000000000"),
        Lun(3, "LIO-ORG", None, None, "36001405000000000000000000000eee0"),
        Lun(4, "IET", "00000000", 1, None),
        Lun(5, "EMPTY", "x", None, None),
    ],
    "luns-padded.xml": [Lun(0, "EQLOGIC", "64A6E800000001", 536881397760, "364a6e800000000000000000000000001")],
}

DEVICE = "3600a09800000000000000000000000002"
DESCRIPTION = "iSCSI SR [192.0.2.1 (iqn.y; LUN 0: SN: 1 TB (DELL))]"
NAMED = FoundSr(UUID, 1099507433472, (f"/dev/mapper/{DEVICE}",), "Example iSCSI", DESCRIPTION)
SRS = {
    "srs-none.xml": [],
    "srs-none-from-nfs.xml": [],
    "srs-one.xml": [FoundSr(UUID, 1099507433472, (f"/dev/disk/by-id/scsi-{DEVICE}",), None)],
    "srs-one-metadata.xml": [NAMED],
    "srs-one-padded.xml": [FoundSr(UUID, 1099507433472, ("/dev/disk/by-id/scsi-3600a0981",), None)],
    "task-result.txt": [FoundSr(UUID, None, (), None)],
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_discovery_is_read_as_its_targets(name: str) -> None:
    assert read_targets(sample(name)) == Reading(tuple(TARGETS[name]), complete=True)


def test_forty_targets_of_one_array_are_forty_targets() -> None:
    reading = read_targets(sample("targets-forty.xml"))

    assert reading.complete
    assert len({target.iqn for target in reading.items}) == len(reading.items) == 40


@pytest.mark.parametrize("name", LUNS)
def test_a_login_is_read_as_its_luns(name: str) -> None:
    assert read_luns(sample(name)) == Reading(tuple(LUNS[name]), complete=True)


@pytest.mark.parametrize("name", SRS)
def test_an_inspection_is_read_as_its_srs(name: str) -> None:
    assert read_srs(sample(name)) == Reading(tuple(SRS[name]), complete=True)


def test_a_tasks_result_holds_the_document() -> None:
    document = task_value(sample("task-result.txt"))

    assert document.startswith('<?xml version="1.0" ?>\n<SRlist>\n\t<SR>')
    assert read_srs(document) == read_srs(sample("task-result.txt"))


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("exports-failure-text-padded.txt", EXPORTS),
        ("devices-adapters-only-padded.txt", DEVICES),
        ("devices-one-padded.txt", DEVICES),
    ],
)
def test_documents_of_other_kinds_are_told_apart(name: str, root: str) -> None:
    (document,) = documents(sample(name))

    assert (document.root, document.whole) == (root, True)
    assert read_targets(sample(name)) == Reading((), complete=False)


@pytest.mark.parametrize(
    ("name", "number", "root", "symbol"),
    [
        ("failure-68-old.json", 68, 68, "ISCSILogin"),
        ("failure-68.json", 68, 68, "ISCSILogin"),
        ("failure-47-login.json", 47, 68, "SRUnavailable"),
        ("failure-47-unknown-key.json", 47, 47, "SRUnavailable"),
        ("failure-108.json", 108, 108, "NFSTarget"),
        ("failure-141.json", 141, 141, "ISCSITarget"),
        ("failure-222.json", 222, 222, "ISOMountFailure"),
    ],
)
def test_a_failure_is_read_to_its_root(name: str, number: int, root: int, symbol: str) -> None:
    failure = read_failure(json.loads(sample(name)))

    assert (failure.number, failure.root, failure.symbol) == (number, root, symbol)
    assert failure.document == ""


def test_a_record_of_sr_list_is_laid_out_to_the_letter() -> None:
    record = SrEntry("00000000-aaaa-bbbb-cccc-000000000040", "ExampleDisks", "", "host1", "lvm", "user")

    assert xe_sr_list([record]) == sample("xe-sr-list.txt")


@pytest.mark.parametrize(("key", "identifier"), json.loads(sample("identifiers.json")).items())
@pytest.mark.parametrize("padded", [True, False])
def test_identifiers_of_every_vendor_pass_unchanged(key: str, identifier: str, *, padded: bool) -> None:
    if key.endswith("_SCSIid"):
        luns = laid_out("iscsi-target", "LUN", [[("SCSIid", identifier)]], padded=padded)
        assert [lun.scsi_id for lun in read_luns(luns).items] == [identifier]
    else:
        row = [("Index", "0"), ("IPAddress", "192.0.2.7"), ("TargetIQN", identifier)]
        targets = laid_out("iscsi-target-iqns", "TGT", [row], padded=padded)
        assert [target.iqn for target in read_targets(targets).items] == [identifier]


def test_every_sample_is_used() -> None:
    text = SAMPLES.parent.joinpath("test_samples.py").read_text()

    assert [path.name for path in SAMPLES.iterdir() if f'"{path.name}"' not in text] == []
