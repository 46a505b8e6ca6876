"""The plan for storage that keys name: what it stands on, and what must hold before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.request import events as e
from bot.request.plan import Plan, Purpose
from workers.inspection.listed import lists_device
from workers.inspection.sites import host_of, is_on_device, known_pools, refuse_held, refuse_taken, srs_on, taken_by
from workers.steps import Step
from workers.usage import Others, Used, ask_others, refuse_not_asked, used_in
from workers.xen.records import Contents, Hosts, read_contents, read_hosts
from workers.xen.session import PoolSession


@dataclass(frozen=True, slots=True)
class Ground:
    """The pool as it was read, and who uses what; `others` are asked about devices, and about an SR that is there."""

    hosts: Hosts
    contents: Contents
    others: Others
    used: Used


def read_ground(step: Step, session: PoolSession, *, on_device: bool) -> Ground:
    """Read the pool, and for a device the others too: it may be a LUN that they see. Raises XenError.

    They are asked about an SR that is to be attached too: they may have it.
    """
    pool = step.request.pool
    hosts, contents = read_hosts(session, step.workplace.master_of(session)), read_contents(session)
    others = ask_others(step.workplace, pool) if on_device or step.request.purpose is Purpose.ATTACH else {}
    return Ground(hosts, contents, others, used_in(pool, contents, others))


def conclude(step: Step, session: PoolSession, ground: Ground, plan: Plan) -> None:
    """Make sure that nothing is on the storage, and commit the plan. Raises CannotDoError, XenError."""
    refuse_taken(taken_by(plan, ground.hosts, ground.used, known_pools(plan.pool, ground.contents, ground.others)))
    may = step.workplace.may_be_overridden(step.request)
    refuse_not_asked(ground.used, ground.used.not_asked if may else ())
    refuse_held(srs_on(session, step.workplace.waiting, plan, host_of(plan, ground.hosts)), plan)
    if is_on_device(plan) and plan.host:
        plan = replace(plan, listed=lists_device(session, step.workplace.waiting, (plan, ground.hosts)))
    rivals = step.workplace.ledger.rivals(replace(step.request, plan=plan))
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])
