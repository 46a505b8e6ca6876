"""One attempt at a plan: what is known about the pool, and whether everything still is as it was approved."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from bot.request.plan import Plan, Purpose
from workers.inspection.leading import leading_elsewhere
from workers.inspection.looking import refuse_multihomed
from workers.provisioning import ownership
from workers.provisioning.rechecking import content_changed, hosts_changed, luns_changed, use_changed, used_elsewhere
from workers.reach import prober
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import ask_others, refuse_not_asked, used_in
from workers.xen.errors import SessionLostError, XenError
from workers.xen.probes import Prober
from workers.xen.records import Contents, Hosts, Sr, read_contents, read_hosts
from workers.xen.secrets import destroy_leaked
from workers.xen.session import PoolSession

LONGEST_LOOK: Final = 5.0
"""Seconds from the last look at the LUN to the call that changes it: what slow pools and a slow ledger may take."""


class UncertainError(Exception):
    """What stands on the pool can't be told: a person decides."""

    def __init__(self, cause: XenError | CannotDoError, sr_uuid: str = "") -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause
        self.sr_uuid = sr_uuid


class ChangedError(Exception):
    """What was approved is no longer what is there; this attempt changed nothing."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__("; ".join(changes))
        self.changes = tuple(changes)


class BegunError(Exception):
    """Another attempt has begun this already: one that the ledger forgot, or a call that xapi took up late."""


class Attempt:
    """One attempt at a plan, in one session; `hosts` and `before` are the pool as it was last read before a change."""

    def __init__(self, step: Step, plan: Plan, session: PoolSession) -> None:
        self.step = step
        self.plan = plan
        self.session = session
        self._master = step.workplace.master_of(session)
        self._looked_at = step.workplace.waiting.clock()
        self._read: tuple[Hosts, Contents] | None = None
        self.refused: dict[str, XenError] = {}
        """What a host said no to that is its own trouble, by the host's reference."""

    @property
    def hosts(self) -> Hosts:
        return self._pool()[0]

    @property
    def before(self) -> Contents:
        return self._pool()[1]

    def _pool(self) -> tuple[Hosts, Contents]:
        if self._read is None:
            # The master's PBD is the first to be plugged: who it is is not taken from memory then.
            attaches = self.plan.purpose is Purpose.ATTACH
            hosts = read_hosts(self.session, None if attaches else self._master)
            self._read = (hosts, read_contents(self.session))
        return self._read

    def read_again(self) -> None:
        """Forget what was read: it may have changed."""
        self._read = None

    def probing(self) -> AbstractContextManager[Prober]:
        """Make ready to probe on the master."""
        return prober(self.step, self.session, self._master, self.plan.portal)

    def config(self, probing: Prober) -> dict[str, str]:
        """Give the device_config of the plan."""
        return probing.config(self.plan.iqn, self.plan.lun.scsi_id)

    def known(self) -> Sr | None:
        """Give the pool's own record of the SR that is to be attached."""
        held = self.plan.held
        return next((sr for sr in self.before.srs if held is not None and sr.uuid == held.uuid), None)

    def recover(self, cause: XenError | None) -> None:
        """Log in again where the session was lost: what stands on the pool now has to be read. Raises XenError."""
        if isinstance(cause, SessionLostError):
            self.session.renew()

    def approve(self) -> None:
        """Make sure that the plan may run now; raises CannotDoError."""
        self.step.may_run(self.step.request)

    def recheck(self, probing: Prober) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError, BegunError.

        The pools are read last, this one at the very end: the probes take their time, and don't show that a pool
        attached the SR.
        """
        plan, request_id = self.plan, self.step.request.id
        seen = self._looked(probing)
        others = ask_others(self.step.workplace, plan.pool)
        if self._is_old():
            seen = self._looked(probing)
        self.read_again()
        self._refuse_begun()
        refuse_multihomed(self.step, self.hosts)
        used = used_in(plan.pool, ownership.of_others(self.before, request_id), others)
        # Who uses the LUN now tells more than that something is on it.
        changes = [*hosts_changed(plan, self.hosts), *self._leads_elsewhere(), *(use_changed(plan, used) or seen)]
        if changes:
            raise ChangedError(changes)
        refuse_not_asked(used, plan.not_asked)

    def recheck_records(self) -> None:
        """Compare what the pools say, where an earlier attempt holds the LUN open. Raises ChangedError, XenError."""
        others = ask_others(self.step.workplace, self.plan.pool)
        self.read_again()
        used = used_in(self.plan.pool, ownership.of_others(self.before, self.step.request.id), others)
        changes = [*self._leads_elsewhere(), *used_elsewhere(self.plan, used)]
        if changes:
            raise ChangedError(changes)

    def begin(self, doing: str) -> None:
        """Say that the pool is changed from now on. Raises CannotDoError where the last look at the LUN is old."""
        self.step.start_changing(doing)
        if self._is_old():
            raise CannotDoError("looked_too_long_ago")

    def _is_old(self) -> bool:
        return self.step.workplace.waiting.clock() - self._looked_at > LONGEST_LOOK

    def tidy_secrets(self) -> None:
        """Destroy the copies that xapi made for PBDs that did not come about."""
        try:
            destroy_leaked(self.session, self.session.attempt)
        except XenError:
            self.session.leaves_behind = True

    def _looked(self, probing: Prober) -> list[str]:
        plan = self.plan
        try:
            changes = luns_changed(plan, probing.luns(plan.iqn))
            changes = changes or content_changed(plan, probing.content(plan.iqn, plan.lun.scsi_id or ""))
        except (XenError, CannotDoError):
            # A LUN that an attempt of ours holds open can't be looked at.
            with contextlib.suppress(XenError):
                self.read_again()
                self._refuse_begun()
            raise
        self._looked_at = self.step.workplace.waiting.clock()
        return changes

    def _refuse_begun(self) -> None:
        request_id = self.step.request.id
        begun = ownership.finished(self.before, request_id) or ownership.begun(self.before, request_id)
        goes_on = self.step.changed_before and self.plan.purpose is Purpose.ATTACH
        if begun is not None and not goes_on:
            raise BegunError

    def _leads_elsewhere(self) -> list[str]:
        plan = self.plan
        if plan.held is None:
            return []
        way = (plan.portal, plan.iqn, plan.lun.scsi_id or "")
        elsewhere = leading_elsewhere(self.before, self.hosts, plan.held.uuid, way)
        return [f"{what} leads to another LUN now" for what in elsewhere]
