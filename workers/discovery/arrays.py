"""What an array offers: its targets, then the LUNs of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.ledger.store import NewFinding, new_id
from bot.request import events as e
from bot.request.found import Finding, Lun, OfferedLun, Target
from bot.settings import Settings
from bot.storage import Reading
from workers.discovery.every import every_target, refuse_every
from workers.reach import allowed_portals, portal_for, prober, typed_portal
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, ask_others, used_in
from workers.xen.records import Contents, read_contents

UNREADABLE: Final = "unreadable_answer"


def discover_targets(step: Step) -> None:
    """Find the targets at the address that was typed. Raises XenError, CannotDoError, SupersededError."""
    settings = step.workplace.settings
    portal = typed_portal(settings, step.request)
    step.progress("looking for targets")
    with (
        step.workplace.log_in(step.request.pool) as session,
        prober(step, session, step.workplace.master_of(session), portal) as probing,
    ):
        reading = probing.targets()
    every = every_target(settings, reading) if step.request.all_targets else None
    shown = shown_targets(settings, reading)
    finding = Finding(new_id(), len(shown), len(reading.items) - len(shown), reading.complete)
    step.commit(_targets_found(step, finding, shown, every), NewFinding(finding, shown))


def shown_targets(settings: Settings, reading: Reading[Target]) -> tuple[Target, ...]:
    """Keep the targets with an allowed portal, and of those the allowed portals; raises CannotDoError for none."""
    narrowed = [allowed_portals(settings, target) for target in reading.items]
    shown = tuple(target for target in narrowed if target.portals)
    if not shown:
        hidden = len(reading.items)
        reason = "no_targets" if reading.complete or hidden else UNREADABLE
        raise CannotDoError(reason, hidden=str(hidden) if hidden else "")
    return shown


def _targets_found(step: Step, finding: Finding, shown: Sequence[Target], every: Target | None) -> Sequence[e.Event]:
    found = e.TargetsFound(at=step.now, step=step.number, finding=finding)
    if every is not None:
        return (found, e.TargetPicked(at=step.now, target=every))
    if len(shown) > 1:
        return (found,)
    return (found, e.TargetPicked(at=step.now, target=shown[0], only_one=True))


def discover_luns(step: Step) -> None:
    """Find the LUNs of the picked target. Raises XenError, CannotDoError, SupersededError."""
    target = picked_target(step)
    portal = portal_for(step.workplace.settings, step.request, target)
    refuse_every(step, target)
    step.progress("logging in to the target and looking for LUNs")
    with step.workplace.log_in(step.request.pool) as session:
        contents = read_contents(session)
        with prober(step, session, step.workplace.master_of(session), portal, target.iqn) as probing:
            reading = probing.luns()
    if not reading.items:
        raise CannotDoError("no_luns" if reading.complete else UNREADABLE)
    offer_luns(step, contents, reading)


def offer_luns(step: Step, contents: Contents, reading: Reading[Lun]) -> None:
    """Have one of the LUNs picked. Raises SupersededError."""
    others = ask_others(step.workplace, step.request.pool)
    offered = offered_luns(reading, used_in(step.request.pool, contents, others))
    finding = Finding(new_id(), len(offered), complete=reading.complete)
    found = e.LunsFound(at=step.now, step=step.number, finding=finding)
    step.commit([found], NewFinding(finding, offered))


def offered_luns(reading: Reading[Lun], used: Used) -> tuple[OfferedLun, ...]:
    """Mark the LUNs that serve an SR already."""
    return tuple(OfferedLun(lun, next(iter(used.by(lun.scsi_id)), None)) for lun in reading.items)


def picked_target(step: Step) -> Target:
    """Give the picked target; a request at this step has one."""
    if step.request.target is None:
        raise CannotDoError("iqn_missing")
    return step.request.target
