"""The two probes of an SR on a LUN of a Fibre Channel or SAS adapter: which LUNs, what is on a LUN.

The first answers by failing, 107 (90 in old releases) with the disks behind the host's adapters. Left out are those
that dom0 is on and those that a PBD of the pool names. The second answers with an empty list for a LUN that the host
does not see at all: whether it does, only the first one tells (SM: drivers/LVHDoHBASR.py, devscan.py, lvutil.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final

from bot.request.found import Lun
from bot.storage import FoundSr, Reading, read_adapter_luns, read_srs
from workers.xen.probes.probing import NAMES_TOO, Begun, LunProber
from workers.xen.tasks import wait_for

SR_TYPE: Final = "lvmohba"

_DISKS_FOLLOW: Final = frozenset({107, 90})


@dataclass(frozen=True, slots=True)
class AdapterProber(LunProber):
    """Probes at whatever the host's adapters show."""

    sr_type: ClassVar[str] = SR_TYPE

    def config(self, scsi_id: str = "") -> dict[str, str]:
        """Give the device_config: the LUN is all there is to say."""
        return {"SCSIid": scsi_id} if scsi_id else {}

    def luns(self) -> Reading[Lun]:
        """Ask which LUNs the host's adapters show. Raises XenError."""
        with self.probing({}) as task:
            return self.listed(task)

    def content(self, scsi_id: str, *, names: bool = False) -> Reading[FoundSr] | None:
        with self.probing(self.config(scsi_id), NAMES_TOO if names else None) as task:
            return read_srs(wait_for(self.session, self.waiting, task))

    @contextmanager
    def looking(self, scsi_id: str, *, names: bool = False) -> Iterator[Begun]:
        with self.probing({}) as listing, self.probing(self.config(scsi_id), NAMES_TOO if names else None) as look:
            yield Begun(scsi_id, look, listing)

    def seen(self, begun: Begun) -> Reading[FoundSr] | None:
        listed = self.listed(begun.listing)
        if begun.scsi_id in {lun.scsi_id for lun in listed.items}:
            return read_srs(wait_for(self.session, self.waiting, begun.look))
        return None if listed.complete else Reading((), complete=False)

    def listed(self, task: str) -> Reading[Lun]:
        """Wait for a probe of no LUN that was begun, and give the LUNs. Raises XenError."""
        return read_adapter_luns(self.failure(task, _DISKS_FOLLOW).document)
