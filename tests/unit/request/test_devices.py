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
        (f"{BY_ID}/dm-uuid-part1-mpath-3600a", {"3600a"}),
        (f"{BY_ID}/dm-name-36090a028b04a9a0def60353420006046p1", {"36090a028b04a9a0def60353420006046"}),
        ("/dev/mapper/36090a028b04a9a0def60353420006046-part2", {"36090a028b04a9a0def60353420006046"}),
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
        (f"{BY_ID}/scsi-3600a-part1", True),
        (f"{BY_ID}/scsi-3600a,{BY_ID}/ata-DISK_1", True),
        (f"{BY_ID}/scsi-3600a,/dev/sdb", False),
        (f"{BY_ID}/dm-uuid-mpath-36090a028b04a9a0def60353420006046", True),
        (f"{BY_ID}/dm-name-36090a028b04a9a0def60353420006046", True),
        (f"{BY_ID}/dm-name-36090a028b04a9a0def60353420006046p1", False),
        (f"{BY_ID}/dm-uuid-part1-mpath-36090a028b04a9a0def60353420006046", False),
        (f"{BY_ID}/dm-name-VG_XenStorage--7a2f0c44-VHD--91d3", False),
        (f"{BY_ID}/dm-uuid-LVM-abc", False),
        (f"{BY_ID}/lvm-pv-uuid-abc", False),
        (f"{BY_ID}/md-uuid-abc", False),
        (f"{BY_ID}/a", False),
        (f"{BY_ID}/", False),
        (f"{BY_ID}/../../sda", False),
        (f"{BY_ID}/a b", False),
        ("/dev/sdb", False),
        ("", False),
    ],
)
def test_only_names_that_a_restart_keeps_and_that_are_of_hardware_are_taken(device: str, *, is_one: bool) -> None:
    assert is_by_id(device) is is_one
