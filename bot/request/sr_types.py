"""What is known about types of SR (SM: drivers, XCP-ng too). XenAPI does not tell who shares one, or what is erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMMANDS: Final[Mapping[str, str]] = {
    "lvmoiscsi": "add iscsi",
    "lvhdoiscsi": "add iscsi",
    "lvmohba": "add hba",
    "lvhdohba": "add hba",
    "nfs": "add nfs",
    "smb": "add smb",
    "cifs": "add smb",
    "iso": "add iso",
    "lvm": "add local",
    "lvhd": "add local",
    "ext": "add local",
}
"""The command that adds SRs of a type: the storage is looked at before, as that type has it."""

EXTRA: Final = ("zfs", "xfs", "largeblock", "cephfs", "glusterfs", "moosefs")
"""Those that XCP-ng has beside XenServer's; they have no command of their own."""

ON_DEVICES: Final = ("ext", "lvm", "xfs", "largeblock")
"""Those that a host's own device can hold, and whose drivers can tell which SR it holds."""

_SHARED: Final = frozenset({"cephfs", "glusterfs", "moosefs", "linstor"})
_KEEPING: Final = frozenset({"cephfs", "glusterfs", "moosefs", "linstor", "zfs", "file", "iso", "nfs", "smb"})


def is_shared(sr_type: str) -> bool:
    """Say whether all hosts of a pool share an SR of a type; one that is not known counts as that of one host."""
    return sr_type in _SHARED


def erases(sr_type: str) -> bool:
    """Say whether a create erases what is on the storage; one that is not known counts as if it did."""
    return sr_type not in _KEEPING
