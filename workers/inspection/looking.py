"""What is on the picked LUN, as every host sees it, and the plan that follows."""

from __future__ import annotations

from bot.request import events as e
from bot.request.found import Portal
from bot.request.plan import Purpose
from bot.request.policy import may_be_overridden
from workers.discovery import picked_target
from workers.inspection.hosts import Look, Looking, refuse_initiators
from workers.inspection.planning import Ground, make_plan, picked_lun, refuse_used
from workers.reach import out_of_bounds, portal_for, prober
from workers.steps import Step
from workers.troubles import CannotDoError, facts_of
from workers.usage import Used, ask_others, refuse_not_asked, used_in
from workers.xen.records import Hosts, read_contents, read_hosts
from workers.xen.session import PoolSession


def inspect_lun(step: Step) -> None:
    """Look at the picked LUN and make the plan. Raises XenError, CannotDoError, SupersededError."""
    _, scsi_id = picked_lun(step)
    portal = portal_for(step.workplace.settings, step.request, picked_target(step))
    step.progress("inspecting the LUN on every host")
    with step.workplace.log_in(step.request.pool) as session:
        hosts = read_hosts(session, step.workplace.master_of(session))
        contents = read_contents(session)
        refuse_initiators(hosts)
        refuse_multihomed(step, hosts)
        used = used_in(step.request.pool, contents, ask_others(step.workplace, step.request.pool))
        refuse_used(step, used, scsi_id)
        _refuse_silent(step, used)
        look = _look(step, session, hosts, portal)
    _conclude(step, Ground(hosts, contents, used, portal, look))


def refuse_multihomed(step: Step, hosts: Hosts) -> None:
    """Raise CannotDoError where a host with multipathing would log in at portals where it may not."""
    elsewhere = out_of_bounds(step.workplace.settings, step.request, picked_target(step))
    many = [host.name for host in hosts.all if host.multipathing]
    if elsewhere and many:
        raise CannotDoError("multihomed_elsewhere", hosts=", ".join(many), count=str(elsewhere))


def _refuse_silent(step: Step, used: Used) -> None:
    """A pool that can't be asked counts as "in use", unless there is somebody who may take that on."""
    policy = step.workplace.policy(step.request.channel)
    refuse_not_asked(used, used.not_asked if may_be_overridden(policy, step.request.requester) else ())


def _look(step: Step, session: PoolSession, hosts: Hosts, portal: Portal) -> Look:
    _, scsi_id = picked_lun(step)
    with prober(step, session, hosts.master.ref, portal) as probing:
        facts = facts_of(step.request)
        return Looking(probing, hosts, picked_target(step).iqn, scsi_id, facts, step.reference).look()


def _conclude(step: Step, ground: Ground) -> None:
    plan = make_plan(step, ground)
    unasked = plan.purpose is Purpose.ATTACH and step.request.purpose is Purpose.CREATE
    kind = e.SrFound if unasked else e.PlanMade
    rivals = step.workplace.ledger.rivals(step.request)
    step.commit([kind(at=step.now, step=step.number, plan=plan, rivals=rivals)])
