"""Carrying out what was approved for an SR that the pool knows: looked at once more, then done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.request.found import Losses
from bot.request.model import HostPbd, Outcome, SrEntry
from bot.request.plan import Plan, Purpose
from bot.storage import xe_host
from workers.managing.disks import read_disks
from workers.managing.looking import (
    attached_to,
    concerns_others,
    losses_of,
    refuse_elsewhere,
    refuse_known,
    services_of,
)
from workers.provisioning.attempt import ChangedError, UncertainError
from workers.provisioning.repairing import make_missing
from workers.provisioning.verifying import Verifier, facts_of_sr
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import ask_others, refuse_not_asked, used_in
from workers.xen.errors import RefusedError, XenError
from workers.xen.records import Contents, Hosts, Pbd, Sr, concerned, read_contents, read_hosts
from workers.xen.session import PoolSession
from workers.xen.tasks import PLUG, UNPLUG, run_task

SCAN: Final = "SR.scan"
NOT_EMPTY: Final = "SR_NOT_EMPTY"
"""xapi refuses to destroy an SR with disks that it has records of, and the storage manager one with any."""

GONE: Final = "the pool has no record of the SR any more"
DOING: Final[Mapping[Purpose, str]] = {
    Purpose.SCAN: "scanning the SR",
    Purpose.REPAIR: "plugging every host's PBD",
    Purpose.RENAME: "renaming the SR",
    Purpose.DEFAULT: "making the SR the pool's default",
    Purpose.DETACH: "detaching the SR",
    Purpose.FORGET: "forgetting the SR",
    Purpose.DESTROY: "destroying the SR",
}


def manage(step: Step) -> Outcome:
    """Do what the plan says, and say what stands on the pool afterwards.

    Raises XenError, CannotDoError and ChangedError where the SR is as it was, UncertainError, SupersededError.
    """
    try:
        return _managed(step)
    except (XenError, CannotDoError) as error:
        if not step.changed_before:
            raise
        held = step.request.plan.held if step.request.plan else None
        raise UncertainError(error, held.uuid if held else "") from None


def _managed(step: Step) -> Outcome:
    plan = step.may_run(step.request)
    step.progress("looking at the SR once more")
    with step.workplace.log_in(step.request.pool) as session:
        chore = Chore(step, plan, session, read_hosts(session, step.workplace.master_of(session)))
        contents = read_contents(session)
        sr = next((sr for sr in contents.srs if plan.held is not None and sr.uuid == plan.held.uuid), None)
        if sr is None:
            return chore.gone()
        chore.recheck(contents, sr)
        step.start_changing(DOING[plan.purpose])
        try:
            return _ACTIONS[plan.purpose](chore, contents, sr)
        except XenError as error:
            if error.may_have_happened:
                raise UncertainError(error, sr.uuid) from None
            raise


@dataclass(frozen=True, slots=True)
class Chore:
    """One attempt at a plan for an SR, in one session."""

    step: Step
    plan: Plan
    session: PoolSession
    hosts: Hosts

    def gone(self) -> Outcome:
        """Say what it means that the SR is gone: an earlier attempt may have done that."""
        if not self.step.changed_before:
            raise ChangedError([GONE])
        if self.plan.purpose is not Purpose.FORGET:
            raise UncertainError(CannotDoError("outcome_unknown", detail=GONE))
        return self.removed()

    def recheck(self, contents: Contents, sr: Sr) -> None:
        """Compare the SR with what was approved. Raises ChangedError, CannotDoError, XenError.

        An earlier attempt may have changed its name, and where it is attached.
        """
        if self.plan.purpose is Purpose.DESTROY and any(pbd.attached for pbd in contents.pbds_of(sr)):
            self.run(SCAN, sr.ref)  # what another pool has put there would be lost too
        if concerns_others(self.plan):
            own = self.step.request.pool
            used = used_in(own, contents, ask_others(self.step.workplace, own))
            refuse_known(used, contents, sr)
            refuse_not_asked(used, self.plan.not_asked)
        if self.plan.purpose is Purpose.REPAIR:
            refuse_elsewhere(self.step, contents, sr)
        changes = [
            *self._changes(contents, sr),
            *self._other_services(sr),
            *self._other_disks(sr),
        ]  # last: asking others may take long
        if changes:
            raise ChangedError(changes)

    def _changes(self, contents: Contents, sr: Sr) -> Iterator[str]:
        if self.step.changed_before:
            return
        now = attached_to(self.hosts, contents, sr)
        if now != self.plan.attached:
            yield f"the SR was attached to {_listed(self.plan.attached)} and is to {_listed(now)} now"
        if self.plan.held is not None and sr.name != self.plan.held.name:
            yield f'the SR was called "{self.plan.held.name}" and is called "{sr.name}" now'

    def _other_services(self, sr: Sr) -> Iterator[str]:
        """An earlier attempt takes none away: xapi forgets them with the SR itself."""
        for service in services_of(self.session, self.plan.purpose, sr):
            if service not in self.plan.serves:
                yield f"the pool uses the SR for {service} now"

    def _other_disks(self, sr: Sr) -> Iterator[str]:
        now, before = losses_of(self.session, self.plan.purpose, sr), self.plan.losses
        if now is None or before is None or now.fingerprint == before.fingerprint:
            return
        begun = self.step.changed_before and self.plan.purpose is Purpose.DESTROY
        unused = not any(disk.attached for disk in now.disks)
        if not (begun and set(now.uuids) <= set(before.uuids) and unused):
            yield f"the SR held {_counted(before)} and holds {_counted(now)} now, or other VMs use them"

    def run(self, method: str, *args: object) -> None:
        """Do one long call. Raises XenError."""
        run_task(self.session, self.step.workplace.waiting, method, *args)

    def unplug(self, contents: Contents, sr: Sr) -> None:
        """Unplug everywhere, the master last; what is refused is taken back. Raises XenError, UncertainError."""
        master = self.hosts.master.ref
        plugged = sorted((pbd for pbd in contents.pbds_of(sr) if pbd.attached), key=lambda pbd: pbd.host == master)
        done: list[Pbd] = []
        for pbd in plugged:
            try:
                self.run(UNPLUG, pbd.ref)
            except XenError as error:
                self.plug_again(done, error)
                raise
            done.append(pbd)

    def plug_again(self, pbds: list[Pbd], cause: XenError) -> None:
        """Leave the SR attached as it was; raises UncertainError where that fails."""
        try:
            for pbd in reversed(pbds):
                self.run(PLUG, pbd.ref)
        except XenError:
            uuid = self.plan.held.uuid if self.plan.held else ""
            raise UncertainError(CannotDoError("left_behind", sr_uuid=uuid), uuid) from cause

    def outcome(self, sr: Sr) -> Outcome:
        """Read what stands on the pool now. Raises UncertainError: it was done."""
        try:
            contents = read_contents(self.session)
        except XenError as error:
            raise UncertainError(error, sr.uuid) from None
        now = next((found for found in contents.srs if found.uuid == sr.uuid), sr)
        pbds = {pbd.host: pbd.attached for pbd in contents.pbds_of(now)}
        of_it = concerned(self.hosts.all, now, contents.pbds_of(now))
        hosts = tuple(HostPbd(host.name, pbds.get(host.ref, False), host.iqn) for host in of_it)
        column = xe_host([self.hosts.name_of(host) for host in pbds])
        return Outcome(SrEntry(now.uuid, now.name, now.description, column, now.type, now.content_type), hosts)

    def removed(self) -> Outcome:
        """Say that the pool has no record of the SR any more."""
        plan, held = self.plan, self.plan.held
        uuid = held.uuid if held else ""
        return Outcome(SrEntry(uuid, plan.name, plan.description, "", plan.sr_type, plan.content_type), ())


Action = Callable[[Chore, Contents, Sr], Outcome]


def _scan(chore: Chore, _contents: Contents, sr: Sr) -> Outcome:
    chore.run(SCAN, sr.ref)
    return chore.outcome(sr)


def _repair(chore: Chore, contents: Contents, sr: Sr) -> Outcome:
    refused = make_missing(chore.session, chore.hosts, sr, contents.pbds_of(sr))
    if refused is not None:
        contents = read_contents(chore.session)
    facts, step = facts_of_sr(chore.plan, sr), chore.step
    verifier = Verifier(chore.session, step.workplace.waiting, chore.hosts, facts, step.reference, refused or {})
    return verifier.outcome(sr, contents)


def _rename(chore: Chore, _contents: Contents, sr: Sr) -> Outcome:
    chore.session.call("SR.set_name_label", sr.ref, chore.plan.name)
    return chore.outcome(sr)


def _default(chore: Chore, _contents: Contents, sr: Sr) -> Outcome:
    pools: Mapping[str, Any] = chore.session.call("pool.get_all_records")
    for pool in pools:
        chore.session.call("pool.set_default_SR", pool, sr.ref)
    return chore.outcome(sr)


def _detach(chore: Chore, contents: Contents, sr: Sr) -> Outcome:
    chore.unplug(contents, sr)
    return chore.outcome(sr)


def _forget(chore: Chore, contents: Contents, sr: Sr) -> Outcome:
    chore.unplug(contents, sr)
    try:
        chore.run("SR.forget", sr.ref)
    except XenError as error:
        if not error.may_have_happened:
            chore.plug_again([pbd for pbd in contents.pbds_of(sr) if pbd.attached], error)
        raise
    return chore.removed()


def _destroy(chore: Chore, contents: Contents, sr: Sr) -> Outcome:
    """Destroy the disks, then the SR. What was begun and refused may have erased something: it stays unplugged."""
    erased = _erase(chore, sr)
    try:
        chore.unplug(contents, sr)
        chore.run("SR.destroy", sr.ref)
    except RefusedError as error:
        if error.code == NOT_EMPTY and not erased and not chore.step.changed_before:
            chore.plug_again([pbd for pbd in contents.pbds_of(sr) if pbd.attached], error)
            raise
        raise UncertainError(error, sr.uuid) from None
    except XenError as error:
        raise UncertainError(error, sr.uuid) from None
    return chore.removed()


def _erase(chore: Chore, sr: Sr) -> int:
    """Destroy the disks that the plan names, and say how many. Raises ChangedError, XenError, UncertainError.

    xapi destroys no SR that has some. One that came meanwhile keeps all of them.
    """
    disks = read_disks(chore.session, sr)
    named = chore.plan.losses.uuids if chore.plan.losses is not None else ()
    others = sorted(disk.name for disk in disks.values() if disk.uuid not in named)
    if others:
        raise ChangedError([f"the SR holds {', '.join(others)} now, which the plan does not name"])
    erased = 0
    for ref in disks:
        try:
            chore.run("VDI.destroy", ref)
        except XenError as error:
            if erased or chore.step.changed_before:
                raise UncertainError(error, sr.uuid) from None
            raise
        erased += 1
    return erased


_ACTIONS: Final[Mapping[Purpose, Action]] = {
    Purpose.SCAN: _scan,
    Purpose.REPAIR: _repair,
    Purpose.RENAME: _rename,
    Purpose.DEFAULT: _default,
    Purpose.DETACH: _detach,
    Purpose.FORGET: _forget,
    Purpose.DESTROY: _destroy,
}


def _listed(hosts: tuple[str, ...]) -> str:
    return ", ".join(hosts) or "no host"


def _counted(losses: Losses) -> str:
    return f"{losses.count} disk{'' if losses.count == 1 else 's'}"
