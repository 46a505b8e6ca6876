from __future__ import annotations

import pytest

from bot.request.devices import is_by_id, scsi_ids

BY_ID = "/dev/disk/by-id"


@pytest.mark.parametrize(
    ("device", "ids"),
    [
        (f"{BY_ID}/scsi-3600a", {"3600a"}),
        (f"{BY_ID}/scsi-3600a-part12", {"3600a"}),
        (f"{BY_ID}/wwn-0x600a", {"3600a"}),
        (f"{BY_ID}/dm-uuid-mpath-3600a", {"3600a"}),
        (f"{BY_ID}/dm-name-3600a", {"3600a"}),
        (f"{BY_ID}/ata-DISK_1", {"ata-DISK_1"}),
        (f"{BY_ID}/scsi-3600a,{BY_ID}/scsi-3600b", {"3600a", "3600b"}),
        ("/dev/mapper/3600a", {"3600a"}),
    ],
)
def test_a_disk_has_one_id_by_whatever_name(device: str, ids: set[str]) -> None:
    assert scsi_ids(device) == ids


@pytest.mark.parametrize(
    ("device", "is_one"),
    [
        (f"{BY_ID}/scsi-3600a", True),
        (f"{BY_ID}/nvme-eui.0025:1_A", True),
        (f"{BY_ID}/a,{BY_ID}/b", True),
        (f"{BY_ID}/a,/dev/sdb", False),
        (f"{BY_ID}/", False),
        (f"{BY_ID}/../../sda", False),
        (f"{BY_ID}/a b", False),
        ("/dev/sdb", False),
        ("", False),
    ],
)
def test_a_name_that_a_restart_keeps_is_known_by_its_folder(device: str, *, is_one: bool) -> None:
    assert is_by_id(device) is is_one
