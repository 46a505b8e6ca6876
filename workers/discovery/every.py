"""All the targets of an array at once, as `*` in place of an IQN: each host logs in to whatever its array offers it.

So the array has to offer just those that were found and approved, to every host, at portals that are all allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from bot.request.found import EVERY_TARGET, Portal, Target
from bot.request.plan import Way
from bot.settings import Settings, allowed
from bot.storage import Reading
from workers.reach import out_of_bounds
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.errors import RefusedError, StillRunsError
from workers.xen.probes.iscsi import IscsiProber
from workers.xen.probes.probing import LunProber
from workers.xen.records import Hosts

MOST_TARGETS: Final = 8
"""An array with several controllers has a few; one with a target for each LUN has thousands."""

_MOST_TOLD: Final = 3

Offer = tuple[str, Portal]


def every_target(settings: Settings, reading: Reading[Target]) -> Target:
    """Give the one target that stands for all that were found; raises CannotDoError where that can't be."""
    targets, portals = reading.items, _portals(reading.items)
    if not reading.complete:
        raise CannotDoError("unreadable_answer")
    if len(targets) > MOST_TARGETS:
        raise CannotDoError("too_many_targets", count=f"{len(targets):,}")
    hidden = [portal for portal in portals if not allowed(settings.targets, portal.address)]
    if hidden:
        raise CannotDoError("all_targets_not_allowed", count=str(len(hidden)))
    return Target(EVERY_TARGET, portals, all_of=targets)


def refuse_every(step: Step, target: Target) -> None:
    """Raise CannotDoError where all targets are wanted, and one leads where nobody may go with the credential."""
    beyond = out_of_bounds(step.workplace.settings, step.request, target) if target.all_of else 0
    if beyond:
        raise CannotDoError("all_targets_not_allowed", count=str(beyond))


def refuse_others(hosts: Hosts, way: Way, probing: LunProber) -> None:
    """Raise CannotDoError where the array offers a host other targets than those of the way."""
    different = targets_changed(hosts, way, probing) if way.targets and isinstance(probing, IscsiProber) else []
    if different:
        raise CannotDoError("targets_differ", what="; ".join(different))


def targets_changed(hosts: Hosts, way: Way, probing: IscsiProber) -> list[str]:
    """Say what the array offers beside the targets of the way, and what it no longer does, before any login there.

    Raises XenError and CannotDoError where it can't be asked by the master. A host that can't ask it logs in nowhere.
    """
    wanted, changes = _offers(way.targets), list[str]()
    for host in (host for host in hosts.all if host.enabled or host == hosts.master):
        try:
            offered = _offered(replace(probing, host=host.ref))
        except (RefusedError, StillRunsError):
            if host == hosts.master:
                raise
            continue
        changes += [f"{host.name} is offered {one}" for one in _told(offered - wanted)]
        changes += [f"{host.name} is not offered {one}" for one in _told(wanted - offered) if host == hosts.master]
    return changes


def _offered(probing: IscsiProber) -> frozenset[Offer]:
    reading = probing.targets()
    if not reading.complete:
        raise CannotDoError("unreadable_answer")
    return _offers(reading.items)


def _offers(targets: Sequence[Target]) -> frozenset[Offer]:
    return frozenset((target.iqn, portal) for target in targets for portal in target.portals)


def _told(offers: Collection[Offer]) -> list[str]:
    rows = sorted(f"{iqn} at {portal.address}:{portal.port}" for iqn, portal in offers)
    return rows[:_MOST_TOLD]


def _portals(targets: Sequence[Target]) -> tuple[Portal, ...]:
    return tuple(dict.fromkeys(portal for target in targets for portal in target.portals))
