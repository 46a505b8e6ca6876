"""What changed between the approval and the run, in words. Empty means: as approved."""

from __future__ import annotations

from bot.request.model import Lun, Plan
from bot.storage import FoundSr, Reading, human_size
from workers.troubles import CannotDoError
from workers.usage import Used
from workers.xen.records import Hosts

GONE = "the LUN can't be seen any more"


def hosts_changed(plan: Plan, hosts: Hosts) -> list[str]:
    """Compare the pool's hosts: the plan names each that gets a PBD."""
    now = tuple(host.name for host in hosts.all)
    if set(now) == set(plan.hosts):
        return []
    return [f"the pool's hosts were {', '.join(plan.hosts)} and are {', '.join(now)} now"]


def use_changed(plan: Plan, used: Used) -> list[str]:
    """Say whether the LUN serves an SR now."""
    usage = used.by(plan.lun.scsi_id)
    return [] if usage is None else [f'the LUN now serves the SR "{usage.sr_name}" of {usage.pool} ({usage.sr_uuid})']


def luns_changed(plan: Plan, reading: Reading[Lun]) -> list[str]:
    """Compare the LUN itself; raises CannotDoError where the answer can't be read."""
    found = next((lun for lun in reading.items if lun.scsi_id == plan.lun.scsi_id), None)
    if found is not None:
        return _differences(plan.lun, found)
    if not reading.complete:
        raise CannotDoError("unreadable")
    return [GONE]


def content_changed(reading: Reading[FoundSr] | None) -> list[str]:
    """Say what is on the LUN that was free; raises CannotDoError where that can't be read."""
    if reading is None:
        return [GONE]
    if not reading.complete:
        raise CannotDoError("unreadable")
    return [f"the LUN now holds an SR ({found.uuid})" for found in reading.items]


def _differences(before: Lun, now: Lun) -> list[str]:
    changes = []
    if before.size != now.size:
        changes.append(f"the LUN's size was {_size(before)} and is {_size(now)} now")
    if before.serial != now.serial:
        changes.append(f"the LUN's serial was {before.serial or 'not given'} and is {now.serial or 'not given'} now")
    return changes


def _size(lun: Lun) -> str:
    exact = "" if lun.size is None else f" ({lun.size} bytes)"
    return f"{human_size(lun.size)}{exact}"
