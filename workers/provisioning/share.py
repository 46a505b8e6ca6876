"""An attempt at a plan for what a server shares: an ISO library, or an SR of files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.request.plan import Plan, Purpose
from bot.settings import Credential
from workers.inspection.files import srs_on
from workers.inspection.libraries import already_known
from workers.inspection.shares import leading_elsewhere, share_of, sr_changed, usable_credential
from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, ChangedError
from workers.provisioning.listing import listed_files
from workers.steps import Step
from workers.usage import Others, Used, ask_others, refuse_not_asked, used_in
from workers.xen.probes.files import FileProber
from workers.xen.records import Sr
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession

PASSWORD_KEYS: Final[Mapping[str, str]] = {"iso": "cifspassword_secret", "smb": "password_secret"}
Config = dict[str, str]


class ShareAttempt(Attempt[Config]):
    """One attempt at a plan for a share; raises CannotDoError for any other plan."""

    def __init__(self, step: Step, plan: Plan, session: PoolSession) -> None:
        super().__init__(step, plan, session)
        self.share = share_of(step)

    @contextlib.contextmanager
    def ready(self) -> Iterator[Config]:
        """Give the device_config, with the password as a XenAPI secret that lasts as long as the block."""
        found = usable_credential(self.step, self.share)
        with contextlib.ExitStack() as stack:
            yield {**dict(self.plan.config), **self._password(found, stack)}

    def _password(self, found: Credential | None, stack: contextlib.ExitStack) -> Config:
        if found is None:
            return {}
        password = self.step.workplace.chap_password(found.name)
        return {PASSWORD_KEYS[self.plan.sr_type]: stack.enter_context(stored_secret(self.session, password))}

    def config(self, ready: Config) -> Config:
        return ready

    def recheck(self, ready: Config) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError, BegunError.

        The pools are read last, this one at the very end: no probe shows that a pool attached the SR.
        """
        seen = self.looked(ready)
        others = self._others()
        if self.is_old():
            seen = self.looked(ready)
        used = self._used(others)
        self.refuse_begun()
        changes = [*self._taken(used), *self.placed(), *seen]
        if changes:
            raise ChangedError(changes)
        if self.plan.purpose is Purpose.ATTACH:
            refuse_not_asked(used, self.plan.not_asked)

    def recheck_records(self) -> None:
        """Compare what the pools say, where an earlier attempt has plugged it. Raises ChangedError, XenError."""
        used = self._used(self._others())
        uuid = self.plan.held.uuid if self.plan.held else ""
        elsewhere = [usage for usage in used.sr(uuid) if usage.pool != self.plan.pool]
        changes = [f'the SR {uuid} is now the SR "{usage.sr_name}" of {usage.pool}' for usage in elsewhere[:1]]
        if changes:
            raise ChangedError(changes)

    def _others(self) -> Others:
        """A new SR is nobody else's business."""
        return ask_others(self.step.workplace, self.plan.pool) if self.plan.purpose is Purpose.ATTACH else {}

    def _used(self, others: Others) -> Used:
        self.read_again()
        return used_in(self.plan.pool, ownership.of_others(self.before, self.step.request.id), others)

    def _taken(self, used: Used) -> Sequence[str]:
        if self.plan.purpose is not Purpose.ATTACH or self.plan.held is None:
            return []
        pool = (self.hosts, self.before)
        elsewhere = leading_elsewhere(pool, self.plan.held.uuid, self.plan.sr_type, dict(self.plan.config))
        return [*(f"{what} leads to another share now" for what in elsewhere), *sr_changed(self.plan, used)]

    def looked(self, ready: Config) -> Sequence[str]:
        """Say what is different on the share from what was approved. Raises CannotDoError, XenError."""
        del ready
        self.looked_at = self.step.workplace.waiting.clock()
        return []

    def placed(self) -> Sequence[str]:
        """Say what the pool has at the same place now, where only one SR can be."""
        return []


class FilesAttempt(ShareAttempt):
    """An SR of files on an NFS export or an SMB share, in a folder that is named by its UUID."""

    def looked(self, ready: Config) -> Sequence[str]:
        approved = {usage.sr_uuid for usage in self.plan.beside}
        approved |= {self.plan.held.uuid} if self.plan.held else set()
        now = set(self._found(ready))
        super().looked(ready)
        appeared = [f"the share now holds the SR {uuid} too" for uuid in sorted(now - approved)]
        return appeared + [f"the share no longer holds the SR {uuid}" for uuid in sorted(approved - now)]

    def is_there(self, ready: Config, sr: Sr) -> bool:
        return sr.uuid in self._found(ready)

    def _found(self, ready: Config) -> Sequence[str]:
        waiting = self.step.workplace.waiting
        return srs_on(FileProber(self.session, waiting, self.master, self.plan.sr_type, ready).look())


class LibraryAttempt(ShareAttempt):
    """An ISO library."""

    def placed(self) -> Sequence[str]:
        held = self.plan.held.uuid if self.plan.held else ""
        known = already_known(self.before, self.plan.config, but=held)
        return [] if known is None else [f'the share now serves the SR "{known.name}" ({known.uuid})']

    def is_there(self, ready: Config, sr: Sr) -> bool:
        """Nothing on a share tells whose SR it is: it is there where the master has it mounted."""
        del ready
        self.read_again()
        pbds = self.before.pbds_of(sr)
        return any(pbd.attached and pbd.host == self.hosts.master.ref for pbd in pbds)

    def settle_in(self, reference: str) -> tuple[str, ...]:
        return listed_files(self, reference)
