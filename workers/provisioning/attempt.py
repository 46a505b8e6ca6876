"""One attempt at a plan: what is known about the pool, and whether everything still is as it was approved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final, Generic, TypeVar

from bot.request.plan import Plan, Purpose
from workers.inspection.sites import host_named
from workers.provisioning import ownership
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.errors import SessionLostError, XenError
from workers.xen.records import Contents, Host, Hosts, Sr, read_contents, read_hosts
from workers.xen.secrets import destroy_leaked
from workers.xen.session import PoolSession

Ready = TypeVar("Ready")

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


class Attempt(ABC, Generic[Ready]):
    """One attempt at a plan, in one session.

    `hosts` and `before` are the pool as it was last read before a change. What differs from one kind of storage to
    another is what it takes to get ready for it, what is looked at again, and how an SR is known to be really there.
    """

    def __init__(self, step: Step, plan: Plan, session: PoolSession) -> None:
        self.step = step
        self.plan = plan
        self.session = session
        self.master = step.workplace.master_of(session)
        self.looked_at = step.workplace.waiting.clock()
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
            # The master's PBD is plugged first, where all hosts have it: who it is is not taken from memory then.
            attaches = self.plan.purpose is Purpose.ATTACH
            hosts = read_hosts(self.session, None if attaches else self.master)
            self._read = (hosts, read_contents(self.session))
        return self._read

    @property
    def maker(self) -> Host:
        """The host that makes the SR: the only one that has the storage, or the master. Raises CannotDoError."""
        return host_named(self.hosts, self.plan.host) if self.plan.host else self.hosts.master

    def read_again(self) -> None:
        """Forget what was read: it may have changed."""
        self._read = None

    @abstractmethod
    def ready(self) -> AbstractContextManager[Ready]:
        """Make ready to use the storage, with its password as a XenAPI secret. Raises XenError, CannotDoError."""

    @abstractmethod
    def config(self, ready: Ready) -> dict[str, str]:
        """Give the device_config of the plan."""

    @abstractmethod
    def recheck(self, ready: Ready) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError, BegunError."""

    def recheck_records(self) -> None:
        """Compare what the pools say, where an earlier attempt holds the LUN open. Raises ChangedError, XenError."""

    @abstractmethod
    def is_there(self, ready: Ready, sr: Sr) -> bool:
        """Say whether an SR that the pool has a record of is really there. Raises XenError, CannotDoError."""

    def settle_in(self, reference: str) -> tuple[str, ...]:
        """Do what an SR of this kind wants once it is there; gives the names of the files on it, where it has some."""
        del reference
        return ()

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

    def begin(self, doing: str) -> None:
        """Say that the pool is changed from now on. Raises CannotDoError where the last look at the LUN is old."""
        self.step.start_changing(doing)
        if self.is_old():
            raise CannotDoError("looked_too_long_ago")

    def is_old(self) -> bool:
        """Say whether the last look was too long ago."""
        return self.step.workplace.waiting.clock() - self.looked_at > LONGEST_LOOK

    def tidy_secrets(self) -> None:
        """Destroy the copies that xapi made for PBDs that did not come about."""
        try:
            destroy_leaked(self.session, self.session.attempt)
        except XenError:
            self.session.leaves_behind = True

    def refuse_begun(self) -> None:
        """Raise BegunError where the pool holds what another attempt has begun."""
        request_id = self.step.request.id
        begun = ownership.finished(self.before, request_id) or ownership.begun(self.before, request_id)
        goes_on = self.step.changed_before and self.plan.purpose is Purpose.ATTACH
        if begun is not None and not goes_on:
            raise BegunError
