"""What is on the picked LUN, as every host sees it, and the plan that follows."""

from __future__ import annotations

from bot.deciding import may_be_formatted_over
from bot.request import events as e
from bot.request.model import Kind
from bot.request.plan import Purpose, Way
from workers.discovery.arrays import picked_target
from workers.discovery.every import refuse_every, refuse_others
from workers.inspection.hosts import Look, Looking, refuse_initiators
from workers.inspection.planning import Ground, make_plan, picked_lun, refuse_used
from workers.reach import is_mutual, lun_prober, out_of_bounds, portal_for
from workers.steps import Step
from workers.troubles import CannotDoError, facts_of
from workers.usage import Used, ask_others, refuse_not_asked, used_in
from workers.xen.records import Contents, Hosts, read_contents, read_hosts
from workers.xen.session import PoolSession


def inspect_lun(step: Step) -> None:
    """Look at the picked LUN and make the plan. Raises XenError, CannotDoError, SupersededError."""
    way = _way(step)
    step.progress("inspecting the LUN on every host")
    with step.workplace.log_in(step.request.pool) as session:
        hosts = read_hosts(session, step.workplace.master_of(session))
        contents = read_contents(session)
        refuse_hosts(step, way, hosts)
        used = used_in(step.request.pool, contents, ask_others(step.workplace, step.request.pool))
        refuse_used(step, used, picked_lun(step)[1])
        _refuse_hidden(way, contents)
        _refuse_silent(step, used)
        look = _look(step, session, hosts, way)
    _conclude(step, Ground(hosts, contents, used, way, look))


def _way(step: Step) -> Way:
    """Give the way to the picked LUN; raises CannotDoError where there is none that we may go."""
    lun, _ = picked_lun(step)
    if step.request.kind is Kind.HBA:
        return Way(lun)
    settings, target = step.workplace.settings, picked_target(step)
    portal, mutual = portal_for(settings, step.request, target), is_mutual(settings, step.request)
    refuse_every(step, target)
    return Way(lun, portal, target.iqn, step.request.multihomed, mutual, target.all_of)


def refuse_hosts(step: Step, way: Way, hosts: Hosts) -> None:
    """Raise CannotDoError where the hosts could not log in at the array as they should."""
    if way.portal is not None:
        refuse_initiators(hosts)
    refuse_multihomed(step, way, hosts)


def _refuse_hidden(way: Way, contents: Contents) -> None:
    """Raise CannotDoError for a LUN that a PBD of the pool names: adapters don't list it (SM: devscan.py)."""
    if way.portal is not None:
        return
    for sr in contents.srs:
        if any(pbd.device_config.get("SCSIid") == way.lun.scsi_id for pbd in contents.pbds_of(sr)):
            raise CannotDoError("lun_known_here", sr_name=sr.name, sr_uuid=sr.uuid)


def refuse_multihomed(step: Step, way: Way, hosts: Hosts) -> None:
    """Raise CannotDoError where a host would log in at portals where it may not, told to or by multipathing."""
    if way.targets:
        refuse_every(step, picked_target(step))
    if way.portal is None or way.multihomed is False or way.targets:
        return
    elsewhere = out_of_bounds(step.workplace.settings, step.request, picked_target(step))
    if elsewhere and way.multihomed:
        raise CannotDoError("multihomed_not_allowed", count=str(elsewhere))
    many = [host.name for host in hosts.all if host.multipathing]
    if elsewhere and many:
        raise CannotDoError("multihomed_elsewhere", hosts=", ".join(many), count=str(elsewhere))


def _refuse_silent(step: Step, used: Used) -> None:
    """A pool that can't be asked counts as "in use", unless there is somebody who may take that on."""
    refuse_not_asked(used, used.not_asked if step.workplace.may_be_overridden(step.request) else ())


def _look(step: Step, session: PoolSession, hosts: Hosts, way: Way) -> Look:
    with lun_prober(step, session, hosts.master.ref, way) as probing:
        refuse_others(hosts, way, probing)
        return Looking(probing, hosts, picked_lun(step)[1], facts_of(step.request), step.reference).look()


def _conclude(step: Step, ground: Ground) -> None:
    plan = make_plan(step, ground)
    unasked = plan.purpose is Purpose.ATTACH and step.request.purpose is Purpose.CREATE
    rivals = step.workplace.ledger.rivals(step.request)
    if not unasked:
        step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])
        return
    may = may_be_formatted_over(step.request, step.workplace.standing(), step.now)
    step.commit([e.SrFound(at=step.now, step=step.number, plan=plan, rivals=rivals, may_override=may)])
