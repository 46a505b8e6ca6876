"""The virtual disks that lie on an SR's storage, and the images in a library, as a scan finds them.

They stay when a pool forgets the SR, and come back with it. Source: sm: LVHDSR.py, FileSR.py and ISOSR.py scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredVdi:
    uuid: str
    """Empty for an image, which gets one from each pool that finds it."""
    name: str
    size: int
    """In bytes."""
    used: int = 0
    description: str = ""
    type: str = "user"
    managed: bool = True
    """False for the common parent of a disk and its snapshot, which nobody can use by itself."""
    snapshot_of: str = ""
    """The UUID of the disk that it is a snapshot of."""
    read_only: bool = False

    @property
    def location(self) -> str:
        """What the pool tells the disks of an SR apart by."""
        return self.uuid or self.name


def stored_from_json(vdis: Iterable[dict[str, Any]]) -> tuple[StoredVdi, ...]:
    return tuple(StoredVdi(**vdi) for vdi in vdis)
