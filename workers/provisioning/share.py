"""An attempt at a plan for files that a server shares: an ISO library."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import structlog

from bot.request.plan import Plan
from bot.settings import Credential
from workers.inspection.shares import already_known, share_of, usable_credential
from workers.provisioning.attempt import Attempt, ChangedError
from workers.steps import Step
from workers.xen.errors import RefusedError, XenError
from workers.xen.records import Sr
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession
from workers.xen.tasks import run_task

LOG = structlog.get_logger(__name__)

PASSWORD_KEY: Final = "cifspassword_secret"  # noqa: S105 - the name of a key that leads to one
AUTO_SCAN: Final = "auto-scan"
"""The key of other_config that has an SR scanned every now and then, as ISO libraries want it (XenCenter)."""

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
        return {PASSWORD_KEY: stack.enter_context(stored_secret(self.session, password))}

    def config(self, ready: Config) -> Config:
        return ready

    def recheck(self, ready: Config) -> None:
        """Make sure that no SR of the pool is on the share already. Raises ChangedError, XenError, BegunError."""
        del ready
        self.read_again()
        self.refuse_begun()
        known = already_known(self.before, self.plan.config)
        if known is not None:
            raise ChangedError([f'the share now serves the SR "{known.name}" ({known.uuid})'])

    def is_there(self, ready: Config, sr: Sr) -> bool:
        """Nothing on a share tells whose SR it is: it is there where the master has it mounted."""
        del ready
        self.read_again()
        pbds = self.before.pbds_of(sr)
        return any(pbd.attached and pbd.host == self.hosts.master.ref for pbd in pbds)

    def settle_in(self, reference: str) -> tuple[str, ...]:
        """Have the library scanned now and from now on, and give the names of its files. Trouble stops nobody."""
        try:
            self._scan_always(reference)
            run_task(self.session, self.step.workplace.waiting, "SR.scan", reference)
            vdis: dict[str, Any] = self.session.call("VDI.get_all_records_where", f'field "SR" = "{reference}"')
        except XenError as error:
            LOG.warning("not_scanned", sr=reference, error=str(error), reference=self.step.reference)
            return ()
        return tuple(sorted(vdi["name_label"] for vdi in vdis.values()))

    def _scan_always(self, reference: str) -> None:
        try:
            self.session.call("SR.add_to_other_config", reference, AUTO_SCAN, "true")
        except RefusedError as error:
            if error.code != "MAP_DUPLICATE_KEY":
                raise
