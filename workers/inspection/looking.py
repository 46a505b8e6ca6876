"""What is on the picked LUN, and the plan that follows when it is free."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.request import events as e
from bot.request.model import Lun, Plan, Portal
from bot.storage import FoundSr, Reading
from workers.discovery import picked_target
from workers.reach import portal_for, prober
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, refuse_not_asked, used_in
from workers.xen.probes import SR_TYPE
from workers.xen.records import Contents, Hosts, read_contents, read_hosts

DEFAULT_NAME: Final = "iSCSI virtual disk storage"
CONTENT_TYPE: Final = "user"


def inspect_lun(step: Step) -> None:
    """Look at the picked LUN and make the plan. Raises XenError, CannotDoError, SupersededError."""
    _, scsi_id = picked_lun(step)
    target = picked_target(step)
    portal = portal_for(step.workplace.settings, step.request, target)
    step.progress("inspecting the LUN")
    with step.workplace.log_in(step.request.pool) as session:
        hosts = read_hosts(session)
        contents = read_contents(session)
        used = used_in(step.workplace, step.request.pool, contents)
        refuse_used(used, scsi_id)
        refuse_not_asked(used)
        with prober(step, session, hosts.master.ref, portal) as probing:
            refuse_content(probing.content(target.iqn, scsi_id), used)
    plan = make_plan(step, hosts, contents, portal)
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan)])


def picked_lun(step: Step) -> tuple[Lun, str]:
    """Give the picked LUN and its SCSIid; a request at this step has both."""
    lun = step.request.lun
    if lun is None or not lun.scsi_id:
        raise CannotDoError("lun_gone")
    return lun, lun.scsi_id


def refuse_used(used: Used, scsi_id: str) -> None:
    """Raise CannotDoError for a LUN that serves an SR."""
    usage = used.by(scsi_id)
    if usage is not None:
        raise CannotDoError("lun_in_use", sr_name=usage.sr_name, sr_uuid=usage.sr_uuid, pool=usage.pool)


def refuse_content(reading: Reading[FoundSr] | None, used: Used) -> None:
    """Raise CannotDoError unless the probe was readable and found nothing. What can't be read is never free."""
    if reading is None:
        raise CannotDoError("lun_gone")
    for found in reading.items:
        usage = used.srs.get(found.uuid)
        if usage is not None:
            raise CannotDoError("lun_in_use", sr_name=usage.sr_name, sr_uuid=usage.sr_uuid, pool=usage.pool)
    if reading.items:
        names = ", ".join(found.name_label for found in reading.items if found.name_label)
        raise CannotDoError("holds_sr", sr_uuid=", ".join(found.uuid for found in reading.items), sr_name=names)
    if not reading.complete:
        raise CannotDoError("unreadable")


def make_plan(step: Step, hosts: Hosts, contents: Contents, portal: Portal) -> Plan:
    """Write down exactly what will be done."""
    request = step.request
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=hosts.master.name,
        hosts=tuple(host.name for host in hosts.all),
        name=unique_name(request.name or DEFAULT_NAME, {sr.name for sr in contents.srs}),
        description="",
        sr_type=SR_TYPE,
        content_type=CONTENT_TYPE,
        shared=True,
        portal=portal,
        iqn=picked_target(step).iqn,
        lun=picked_lun(step)[0],
        credential=request.credential,
    )


def unique_name(wanted: str, taken: Collection[str]) -> str:
    """Give the name, or where it is taken the first free one of "name 2", "name 3" and so on."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name
