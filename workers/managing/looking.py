"""What is to be done to an SR that the pool knows, and what that would take with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.request import events as e
from bot.request.devices import scsi_ids
from bot.request.found import HeldSr, Losses, Lun
from bot.request.plan import REMOVING, Plan, Purpose, Service, Way
from workers.inspection.planning import in_use
from workers.inspection.sites import refuse_places
from workers.managing.disks import read_losses
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, ask_others, refuse_not_asked, used_in
from workers.xen.records import Contents, Hosts, Sr, read_contents, read_hosts, read_services
from workers.xen.session import PoolSession

ISO: Final = "iso"
ONLY_FORGOTTEN: Final = frozenset({"iso", "udev"})
"""The types whose driver erases nothing: files that a server shares, drives of a host (SM: ISOSR.py, udevSR.py)."""
INDESTRUCTIBLE: Final = "indestructible"
"""The key of other_config by which xapi refuses to destroy an SR (xapi: xapi_sr.ml)."""


def inspect_sr(step: Step) -> None:
    """Look at the SR that a request names, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    step.progress("looking at the SR")
    with step.workplace.log_in(step.request.pool) as session:
        hosts = read_hosts(session, step.workplace.master_of(session))
        contents = read_contents(session)
        sr = find_sr(contents, step.request.sr)
        losses = losses_of(session, step.request.purpose, sr)
        serves = services_of(session, step.request.purpose, sr)
    plan = make_plan(step, hosts, contents, sr)
    not_asked = refuse_used(step, contents, sr) if concerns_others(plan) else ()
    refuse(plan, sr, losses)
    if plan.purpose is Purpose.REPAIR:
        refuse_elsewhere(step, contents, sr)
    plan = replace(plan, losses=losses, not_asked=not_asked, serves=serves)
    rivals = step.workplace.ledger.rivals_at(plan.runs_on, but=step.request.id)
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])


def concerns_others(plan: Plan) -> bool:
    """Say whether other pools are asked: what would be erased, and what no host has attached, may be theirs."""
    return plan.purpose is Purpose.DESTROY or (plan.purpose is Purpose.REPAIR and not plan.attached)


_LEADING: Final = frozenset({"target", "multihomelist", "server", "location", "masterhost", "device", "group-name"})
"""The keys of a device_config that say where a driver goes, in the network or on its host (SM: CONFIGURATION)."""


def refuse_elsewhere(step: Step, contents: Contents, sr: Sr) -> None:
    """Raise CannotDoError where a PBD that is to be plugged leads to an address or a path that is not allowed."""
    for pbd in contents.pbds_of(sr):
        leads = [(key, value) for key, value in pbd.device_config.items() if key in _LEADING]
        refuse_places(step.workplace.settings, leads)


def find_sr(contents: Contents, typed: str) -> Sr:
    """Find an SR by its UUID, or by a name that only one has. Raises CannotDoError."""
    found = [sr for sr in contents.srs if sr.uuid == typed.lower()] or [sr for sr in contents.srs if sr.name == typed]
    if not found:
        raise CannotDoError("sr_unknown", sr=typed)
    if len(found) > 1:
        raise CannotDoError("sr_ambiguous", sr=typed, sr_uuid=", ".join(sr.uuid for sr in found))
    return found[0]


def losses_of(session: PoolSession, purpose: Purpose, sr: Sr) -> Losses | None:
    """Read what would go with an SR; None where nothing does. Raises XenError."""
    return read_losses(session, sr) if purpose in REMOVING else None


def services_of(session: PoolSession, purpose: Purpose, sr: Sr) -> tuple[Service, ...]:
    """Read what the pool uses the SR for that would go with it. Raises XenError."""
    return read_services(session, sr.ref) if purpose in REMOVING else ()


def make_plan(step: Step, hosts: Hosts, contents: Contents, sr: Sr) -> Plan:
    """Write down what will be done, to which SR as it is now."""
    request = step.request
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=hosts.master.name,
        hosts=(),
        name=(request.name or sr.name) if request.purpose is Purpose.RENAME else sr.name,
        description=sr.description,
        sr_type=sr.type,
        content_type=sr.content_type,
        shared=sr.shared,
        credential=None,
        way=_way(contents, sr),
        purpose=request.purpose,
        held=HeldSr(sr.uuid, sr.name, sr.size),
        known=True,
        attached=attached_to(hosts, contents, sr),
        disks=_disks(contents, sr),
    )


def attached_to(hosts: Hosts, contents: Contents, sr: Sr) -> tuple[str, ...]:
    """Name the hosts on which an SR is plugged."""
    return tuple(sorted(hosts.name_of(pbd.host) for pbd in contents.pbds_of(sr) if pbd.attached))


def _way(contents: Contents, sr: Sr) -> Way | None:
    """The LUN that the SR is on: whoever wants that LUN must not get it meanwhile."""
    found = sorted({pbd.device_config.get("SCSIid", "") for pbd in contents.pbds_of(sr)} - {""})
    return Way(Lun(None, None, None, sr.size, found[0])) if found else None


def _disks(contents: Contents, sr: Sr) -> tuple[str, ...]:
    """The disks of its host that an SR is on: whoever wants one of them must not get it meanwhile."""
    devices = {pbd.device_config.get("device", "") for pbd in contents.pbds_of(sr)} - {""}
    return tuple(sorted(frozenset().union(*map(scsi_ids, devices))))


def refuse(plan: Plan, sr: Sr, losses: Losses | None) -> None:
    """Raise CannotDoError for what can't be done to this SR, or would take disks from VMs that have them open."""
    purpose = plan.purpose
    if sr.is_tools:
        raise CannotDoError("sr_is_tools", sr_name=sr.name)
    if purpose in {Purpose.SCAN, Purpose.DETACH} and not plan.attached:
        raise CannotDoError("sr_not_attached", sr_name=sr.name)
    if purpose is Purpose.DEFAULT and sr.content_type == ISO:
        raise CannotDoError("sr_holds_no_disks", sr_name=sr.name)
    _refuse_open(sr, losses)
    if purpose is Purpose.DESTROY:
        _refuse_lasting(plan, sr, losses)


def _refuse_lasting(plan: Plan, sr: Sr, losses: Losses | None) -> None:
    """Disks are destroyed by the host that has the SR attached."""
    if sr.other_config.get(INDESTRUCTIBLE) == "true":
        raise CannotDoError("sr_indestructible", sr_name=sr.name)
    if sr.type in ONLY_FORGOTTEN:
        raise CannotDoError("sr_only_forgotten", sr_name=sr.name)
    if losses is not None and losses.count and not plan.attached:
        raise CannotDoError("sr_not_attached", sr_name=sr.name)


def _refuse_open(sr: Sr, losses: Losses | None) -> None:
    vms = sorted({vm for disk in (losses.disks if losses else ()) if disk.attached for vm in disk.vms})
    if vms:
        raise CannotDoError("sr_in_use_by_vms", sr_name=sr.name, vms=", ".join(vms))


def refuse_used(step: Step, contents: Contents, sr: Sr) -> tuple[str, ...]:
    """Raise CannotDoError where another pool knows the SR or its LUN; gives the pools that could not be asked."""
    used = used_in(step.request.pool, contents, ask_others(step.workplace, step.request.pool))
    refuse_known(used, contents, sr)
    refuse_not_asked(used, used.not_asked if step.workplace.may_be_overridden(step.request) else ())
    return used.not_asked


def refuse_known(used: Used, contents: Contents, sr: Sr) -> None:
    """Raise CannotDoError where somebody else uses the SR or its LUN."""
    way = _way(contents, sr)
    for usage in [*used.sr(sr.uuid), *used.by(way.lun.scsi_id if way else None)]:
        if (usage.pool, usage.sr_uuid) != (used.own, sr.uuid):
            raise in_use(usage)
