"""The SR that a device or a folder of one host holds already: which it is, and the plan that attaches it.

A look at a device tells the SR's UUID and which driver made it. Nothing in a folder of ISOs tells whose it is: there
the UUID that was typed is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from bot.request import events as e
from bot.request.devices import scsi_ids
from bot.request.found import HeldSr
from bot.request.plan import Plan, Purpose
from workers.inspection.shares import record_of, refuse_silent, refuse_used
from workers.inspection.sited import Ground
from workers.inspection.sites import (
    DEVICE,
    Seen,
    found_on,
    host_of,
    is_on_device,
    known_pools,
    place_of,
    refuse_taken,
    taken_by,
)
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.records import Contents, Hosts, Pbd, Sr
from workers.xen.session import PoolSession

_FAMILY: Final[Mapping[str, str]] = {"xfs": "ext", "lvhd": "lvm"}
"""Types whose SRs look the same to a probe as those of another (XCP-ng: XFSSR.py, EXT_PREFIX; SM: LVHDSR.py)."""


def conclude_attaching(step: Step, session: PoolSession, ground: Ground, plan: Plan) -> None:
    """Make sure that the storage holds the SR and that nobody uses it, and commit the plan.

    Raises CannotDoError where it can't be attached, XenError.
    """
    pools = known_pools(plan.pool, ground.contents, ground.others)
    seen = found_on(session, step.workplace.waiting, plan, host_of(plan, ground.hosts))
    if plan.looked and not seen:
        refuse_taken(taken_by(plan, ground.hosts, ground.used, pools))
        raise CannotDoError("no_sr_on_device")
    uuid = _only(seen) if plan.looked else step.request.wanted
    refuse_used(ground.used, uuid, plan.pool)
    refuse_silent(step, ground.used)
    plan = _attaching(step, ground, plan, uuid, seen)
    refuse_taken(taken_by(plan, ground.hosts, ground.used, pools))
    elsewhere = leading_elsewhere((ground.hosts, ground.contents), plan)
    if elsewhere:
        raise CannotDoError("device_leads_elsewhere", sr_uuid=uuid, what=", ".join(elsewhere))
    rivals = step.workplace.ledger.rivals(replace(step.request, plan=plan))
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])


def leading_elsewhere(pool: tuple[Hosts, Contents], plan: Plan) -> list[str]:
    """Name what of the pool's records of a plan's SR leads to another host, or to another device or folder of it."""
    hosts, contents = pool
    record = record_of(contents, plan.held.uuid if plan.held else "")
    if record is None:
        return []
    if record.shared or _family(record.type) != _family(plan.sr_type):
        return ["the SR's own record"]
    here = host_of(plan, hosts).ref
    wrong = [pbd for pbd in contents.pbds_of(record) if pbd.host != here or not _same_place(plan, pbd)]
    return [f"the PBD of {hosts.name_of(pbd.host)}" for pbd in wrong]


def _only(seen: Collection[str]) -> str:
    """Give the only SR on a device; raises CannotDoError where there are several."""
    if len(seen) > 1:
        raise CannotDoError("several_srs_on_device", sr_uuid=", ".join(sorted(seen)))
    return next(iter(seen))


def _attaching(step: Step, ground: Ground, plan: Plan, uuid: str, seen: Mapping[str, Seen]) -> Plan:
    """Write down what the pool calls the SR, or what it was asked to be called."""
    known, record = next(iter(ground.used.sr(uuid)), None), record_of(ground.contents, uuid)
    found = seen.get(uuid, Seen((plan.sr_type,), None))
    return replace(
        plan,
        purpose=Purpose.ATTACH,
        held=HeldSr(uuid, known.sr_name if known else "", found.size),
        sr_type=_type(step.request.sr_type, uuid, found, record),
        known=record is not None,
        name=plan.name if record is None else record.name,
    )


def _type(wanted: str, uuid: str, found: Seen, record: Sr | None) -> str:
    """Give the type that the pool's record has, or that was asked for, or whose probe found the SR."""
    if wanted and wanted not in found.types:
        raise CannotDoError("sr_of_other_type", sr_uuid=uuid, type=", ".join(found.types))
    if record is not None and _family(record.type) in map(_family, found.types):
        return record.type
    return wanted or found.types[0]


def _family(sr_type: str) -> str:
    return _FAMILY.get(sr_type, sr_type)


def _same_place(plan: Plan, pbd: Pbd) -> bool:
    """A disk has several names in dom0."""
    config = dict(plan.config)
    if is_on_device(plan):
        return scsi_ids(config[DEVICE]) == scsi_ids(pbd.device_config.get(DEVICE, "/"))
    return place_of(config) == place_of(pbd.device_config)
