"""The plan that follows from what is on a LUN and what its requester wants."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.request.found import HeldSr, Lun, Usage
from bot.request.plan import Plan, Purpose, Way
from bot.storage import FoundSr
from workers.inspection.hosts import Look
from workers.inspection.leading import leading_elsewhere, type_of
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used
from workers.xen.probes import adapters, iscsi
from workers.xen.records import Contents, Hosts

DEFAULT_NAMES: Final = {
    iscsi.SR_TYPE: "iSCSI virtual disk storage",
    adapters.SR_TYPE: "Hardware HBA virtual disk storage",
}
"""As XenCenter names them."""

CONTENT_TYPE: Final = "user"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan stands on: the pool as it was read, who uses what, and what is on the LUN."""

    hosts: Hosts
    contents: Contents
    used: Used
    way: Way
    look: Look


def picked_lun(step: Step) -> tuple[Lun, str]:
    """Give the picked LUN and its SCSIid; a request at this step has both."""
    lun = step.request.lun
    if lun is None or not lun.scsi_id:
        raise CannotDoError("lun_gone")
    return lun, lun.scsi_id


def refuse_used(step: Step, used: Used, scsi_id: str) -> None:
    """Raise CannotDoError for a LUN that serves an SR; one that no host has attached may be attached."""
    for usage in used.by(scsi_id):
        _refuse(step, usage)


def held_sr(step: Step, ground: Ground) -> FoundSr | None:
    """Give the SR on the LUN, None where there certainly is none. Raises CannotDoError; unreadable is never free."""
    content = ground.look.content
    there = {found.uuid for found in content.items}
    for usage in ground.used.by(picked_lun(step)[1]):
        if usage.sr_uuid not in there:  # whatever else is on it: somebody's record says that it is theirs
            raise in_use(usage)
    for usage in (usage for found in content.items for usage in ground.used.sr(found.uuid)):
        _refuse(step, usage)
    if not content.complete:
        raise CannotDoError("unreadable")
    if len(content.items) > 1:
        raise CannotDoError("several_srs", sr_uuid=", ".join(found.uuid for found in content.items))
    return content.items[0] if content.items else None


def _refuse_elsewhere(ground: Ground, found: FoundSr) -> None:
    """Raise CannotDoError where the pool's record of the SR leads to another LUN than the one that was picked."""
    elsewhere = leading_elsewhere(ground.contents, ground.hosts, found.uuid, ground.way)
    if elsewhere:
        raise CannotDoError("leads_elsewhere", sr_uuid=found.uuid, what=", ".join(elsewhere))


def purpose_of(step: Step, found: FoundSr | None) -> Purpose:
    """Say what can become of the LUN; raises CannotDoError where that is not what the requester wants."""
    wanted = step.request.purpose
    if wanted is Purpose.FORMAT:
        dies = step.request.dies
        if found is None or dies is None or found.uuid != dies.uuid:
            raise CannotDoError("sr_gone", sr_uuid=dies.uuid if dies else "")
        return Purpose.FORMAT
    if found is not None:
        return Purpose.ATTACH
    if wanted is Purpose.ATTACH:
        raise CannotDoError("no_sr_on_lun")
    return Purpose.CREATE


def make_plan(step: Step, ground: Ground) -> Plan:
    """Write down exactly what will be done. Raises CannotDoError where that can't be what the requester wants."""
    request, found, sr_type = step.request, held_sr(step, ground), type_of(ground.way)
    if found is not None:
        _refuse_elsewhere(ground, found)
    purpose = purpose_of(step, found)
    srs = ground.contents.srs
    known = next((sr.name for sr in srs if found is not None and sr.uuid == found.uuid), None)
    kept = found if purpose is Purpose.ATTACH else None
    wanted = request.name or (kept.name_label if kept else None) or DEFAULT_NAMES[sr_type]
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=ground.hosts.master.name,
        hosts=ground.look.sights,
        name=known or unique_name(wanted, {sr.name for sr in srs}),
        description=(kept.name_description if kept else None) or "",
        sr_type=sr_type,
        content_type=CONTENT_TYPE,
        shared=True,
        credential=request.credential,
        way=ground.way,
        purpose=purpose,
        held=None if found is None else HeldSr(found.uuid, found.name_label or known or "", found.size),
        known=known is not None,
        not_asked=ground.used.not_asked,
    )


def unique_name(wanted: str, taken: Collection[str]) -> str:
    """Give the name, or where it is taken the first free one of "name 2", "name 3" and so on."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


def _refuse(step: Step, usage: Usage) -> None:
    if not may_be_attached(step.request.purpose, usage, step.request.pool):
        raise in_use(usage)


def in_use(usage: Usage) -> CannotDoError:
    """Say which SR of which pool a LUN serves."""
    return CannotDoError("lun_in_use", sr_name=usage.sr_name, sr_uuid=usage.sr_uuid, pool=usage.pool)


def may_be_attached(purpose: Purpose, usage: Usage, pool: str) -> bool:
    """Say whether an SR that is known may be attached: its own pool knows it, and no host has it attached."""
    return purpose is Purpose.ATTACH and usage.pool == pool and not usage.attached
