"""Disks of a host as udev names them in dom0: names in /dev/disk/by-id stay when a host restarts, /dev/sdb may not."""

from __future__ import annotations

import re
from typing import Final

BY_ID: Final = "/dev/disk/by-id/"

_HARDWARE: Final = r"(?:scsi|wwn|ata|nvme|virtio|usb|ieee1394|mmc|cciss|ccw|memstick|pmem|nd)-[\w.:-]+"
_MULTIPATH: Final = r"dm-(?:uuid-mpath|name)-[0-9a-fA-F]{16,33}"
_NAME: Final = re.compile(rf"{re.escape(BY_ID)}(?:{_HARDWARE}|{_MULTIPATH})", re.ASCII)
"""How udev names whole disks, their partitions, and what multipathd puts together; what else is there are volumes on a
disk, such as those of VMs (systemd: 60-persistent-storage.rules; lvm2: 13-dm-disk.rules).
"""

_PARTITION: Final = re.compile(r"-part[0-9]+\Z")
_OF_PARTITION: Final = re.compile(r"\Adm-uuid-part[0-9]+-mpath-")
_MAPPED: Final = re.compile(r"\A(?:dm-name-)?(3[0-9a-f]{16}|3[0-9a-f]{32})(?:p[0-9]+|-part[0-9]+)?\Z")
"""What device mapper calls a multipathed LUN or its partition (multipath-tools: kpartx)."""

_SAME: Final = (("scsi-", ""), ("dm-uuid-mpath-", ""), ("dm-name-", ""), ("wwn-0x", "3"))
"""How udev puts a disk's SCSIid into its names; a WWN is the SCSIid without the 3 that says so (scsi_id, page 0x83)."""


def is_by_id(device: str) -> bool:
    """Say whether a device, or each of a list of them, is named by its id."""
    return all(_NAME.fullmatch(path) for path in device.split(","))


def scsi_ids(device: str) -> frozenset[str]:
    """Give the SCSIids of a device or a list of them, a partition counting as its disk; else the last of the path."""
    return frozenset(_scsi_id(path) for path in device.split(","))


def _scsi_id(path: str) -> str:
    name = _PARTITION.sub("", path.strip().rpartition("/")[2])
    mapped = _MAPPED.match(name)
    if mapped:
        return mapped[1]
    name = _OF_PARTITION.sub("dm-uuid-mpath-", name)
    for begins, meant in _SAME:
        if name.startswith(begins):
            return meant + name.removeprefix(begins)
    return name
