"""What changed between the approval and the run, in words. Empty means: as approved."""

from __future__ import annotations

from collections.abc import Iterator

from bot.request.found import HostSight, Lun, Usage
from bot.request.plan import Plan, Purpose
from bot.storage import FoundSr, Reading, human_size
from workers.inspection.planning import may_be_attached
from workers.troubles import CannotDoError
from workers.usage import Used
from workers.xen.records import Host, Hosts

GONE = "the LUN can't be seen any more"


def hosts_changed(plan: Plan, hosts: Hosts) -> list[str]:
    """Compare the pool's hosts: the plan names each that gets a PBD, and how it reaches the LUN."""
    before = {sight.uuid: sight for sight in plan.hosts}
    now = {host.uuid: host for host in hosts.all}
    if set(before) == set(now):
        return [change for uuid, sight in before.items() for change in _host_changes(sight, now[uuid])]
    left = [sight.host for uuid, sight in before.items() if uuid not in now]
    joined = [host.name for uuid, host in now.items() if uuid not in before]
    return [f"{name} left the pool" for name in left] + [f"{name} joined the pool" for name in joined]


def _host_changes(sight: HostSight, host: Host) -> Iterator[str]:
    if sight.host != host.name:
        yield f"{sight.host} is called {host.name} now"
    if sight.iqn and sight.iqn != host.iqn:  # adapters go by other names
        yield f"{host.name}'s initiator IQN was {sight.iqn} and is {host.iqn or 'not set'} now"
    if sight.multipathing != host.multipathing:
        yield f"{host.name}'s multipathing was {_switch(sight.multipathing)} and is {_switch(host.multipathing)} now"
    if sight.sees and not host.enabled:
        yield f"{host.name} saw the LUN and is in maintenance now"


def _switch(on: bool) -> str:  # noqa: FBT001 - the one thing that it puts into words
    return "on" if on else "off"


def use_changed(plan: Plan, used: Used) -> list[str]:
    """Say which SR the LUN serves now, or who knows the SR that is on it."""
    found = [*used.by(plan.scsi_id), *(used.sr(plan.held.uuid) if plan.held else ())]
    usage = next((one for one in found if not _was_known(plan, one)), None)
    if usage is not None:
        return [_serves(usage)]
    return list(_forgotten(plan, used))


def used_elsewhere(plan: Plan, used: Used) -> list[str]:
    """Say which other pool the LUN or its SR serves now."""
    found = [*used.by(plan.scsi_id), *(used.sr(plan.held.uuid) if plan.held else ())]
    return [_serves(usage) for usage in found if usage.pool != plan.pool][:1]


def _serves(usage: Usage) -> str:
    return f'the LUN now serves the SR "{usage.sr_name}" of {usage.pool} ({usage.sr_uuid})'


def _forgotten(plan: Plan, used: Used) -> Iterator[str]:
    """The plan says that the pool has a record of the SR: without it another SR would be attached, by name at least."""
    uuid = plan.held.uuid if plan.held else ""
    if plan.known and not any(usage.pool == plan.pool for usage in used.srs.get(uuid, [])):
        yield f"{plan.pool} no longer has a record of the SR {uuid}"


def _was_known(plan: Plan, usage: Usage) -> bool:
    """The plan itself says that its pool knows the SR which it attaches."""
    same = plan.held is not None and usage.sr_uuid == plan.held.uuid
    return plan.known and same and may_be_attached(plan.purpose, usage, plan.pool)


def luns_changed(plan: Plan, reading: Reading[Lun]) -> list[str]:
    """Compare the LUN itself; raises CannotDoError where the answer can't be read."""
    found = next((lun for lun in reading.items if lun.scsi_id == plan.scsi_id), None)
    if found is not None and plan.lun is not None:
        return _differences(plan.lun, found)
    if not reading.complete:
        raise CannotDoError("unreadable")
    return [GONE]


def content_changed(plan: Plan, reading: Reading[FoundSr] | None) -> list[str]:
    """Compare what is on the LUN; raises CannotDoError where that can't be read."""
    if reading is None:
        return [GONE]
    if not reading.complete:
        raise CannotDoError("unreadable")
    approved = set() if plan.purpose is Purpose.CREATE or plan.held is None else {plan.held.uuid}
    now = {found.uuid for found in reading.items}
    appeared = [f"the LUN now holds an SR ({uuid})" for uuid in sorted(now - approved)]
    return appeared + [f"the LUN no longer holds the SR {uuid}" for uuid in sorted(approved - now)]


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
