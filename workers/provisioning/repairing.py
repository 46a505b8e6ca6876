"""Trying the hosts again that don't see an SR: a PBD is made where there is none, and each is plugged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import structlog

from bot.request.model import Outcome
from bot.request.plan import MANAGING, Plan, Way
from workers.inspection.leading import leading_elsewhere
from workers.inspection.looking import refuse_hosts
from workers.inspection.shares import usable_credential
from workers.inspection.sites import refuse_out_of_bounds
from workers.managing.looking import refuse_elsewhere
from workers.provisioning import ownership
from workers.provisioning.verifying import Verifier, facts_of_sr, told_by
from workers.reach import check
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.errors import XenError
from workers.xen.records import Contents, Hosts, Pbd, Sr, read_contents, read_hosts
from workers.xen.session import PoolSession

LOG = structlog.get_logger(__name__)


def repair(step: Step) -> Outcome:
    """Plug what is not plugged, and say what stands on the pool. Raises XenError, CannotDoError, SupersededError.

    Where hosts may log in is asked anew: the approval may be long ago, and hosts may have joined since.
    """
    plan, before = step.request.plan, step.request.outcome
    if plan is None or before is None:
        raise CannotDoError("not_approved")
    step.progress("trying the hosts again")
    if plan.way is not None and plan.way.portal is not None:
        check(step.workplace.settings, step.request, plan.way.portal)
    if step.request.share is not None:
        usable_credential(step, step.request.share)
    elif plan.config and plan.purpose not in MANAGING:
        refuse_out_of_bounds(step.workplace.settings, plan.config)
    with step.workplace.log_in(step.request.pool) as session:
        hosts, contents = read_hosts(session).only(plan.host), read_contents(session)
        sr = next((sr for sr in contents.srs if sr.uuid == before.sr.uuid), None)
        if sr is None:
            raise CannotDoError("object_gone")
        _recheck(step, plan, (hosts, contents), sr)
        sr = _claimed(step, plan, session, sr)
        refused = make_missing(session, hosts, sr, contents.pbds_of(sr))
        if refused is not None:
            contents = read_contents(session)
        facts = facts_of_sr(plan, sr)
        verifier = Verifier(session, step.workplace.waiting, hosts, facts, step.reference, refused or {})
        return verifier.outcome(sr, contents)


def _claimed(step: Step, plan: Plan, session: PoolSession, sr: Sr) -> Sr:
    """Move the tag where the run could not; people would read it in the description. Trouble with it stops nothing."""
    if sr.description != ownership.tag_of(step.request.id):
        return sr
    try:
        ownership.claim(session, sr.ref, step.request.id, plan.description)
    except XenError as error:
        LOG.warning("tag_not_moved", sr=sr.ref, error=str(error), reference=step.reference)
        return sr
    return replace(sr, description=plan.description)


def _recheck(step: Step, plan: Plan, pool: tuple[Hosts, Contents], sr: Sr) -> None:
    """An SR that was there before is plugged where its PBDs may lead; one that we made where we would make it now."""
    hosts, contents = pool
    if plan.purpose in MANAGING:
        refuse_elsewhere(step, contents, sr)
        return
    if plan.way is None:
        return
    refuse_hosts(step, plan.way, hosts)
    _refuse_elsewhere(plan.way, hosts, contents, sr)


def _refuse_elsewhere(way: Way, hosts: Hosts, contents: Contents, sr: Sr) -> None:
    """Raise CannotDoError where a PBD leads to another LUN by now: it would be plugged there."""
    elsewhere = leading_elsewhere(contents, hosts, sr.uuid, way)
    if elsewhere:
        raise CannotDoError("leads_elsewhere", sr_uuid=sr.uuid, what=", ".join(elsewhere))


def make_missing(session: PoolSession, hosts: Hosts, sr: Sr, pbds: Iterable[Pbd]) -> dict[str, XenError] | None:
    """Make a PBD for each host that has none, from the master's as xapi does (xapi: create_storage.ml).

    Gives what was refused, by host: that is its own trouble; None where there was nothing to make.
    """
    by_host = {pbd.host: pbd for pbd in pbds}
    model = by_host.get(hosts.master.ref)
    missing = [host for host in hosts.all if host.ref not in by_host]
    if model is None or not missing or not sr.shared:
        return None
    refused: dict[str, XenError] = {}
    for host in missing:
        record = {"host": host.ref, "SR": sr.ref, "device_config": dict(model.device_config), "other_config": {}}
        with told_by(host, refused):
            session.call("PBD.create", record)
    return refused
