"""An attempt at a plan for a LUN: probed on the master, and compared with what was approved."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager

from bot.request.plan import Plan, Way
from workers.discovery.every import targets_changed
from workers.inspection.leading import leading_elsewhere
from workers.inspection.looking import refuse_multihomed
from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, ChangedError
from workers.provisioning.rechecking import content_changed, hosts_changed, luns_changed, use_changed, used_elsewhere
from workers.reach import is_mutual, lun_prober
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import ask_others, refuse_not_asked, used_in
from workers.xen.errors import XenError
from workers.xen.probes.iscsi import IscsiProber
from workers.xen.probes.probing import LunProber
from workers.xen.records import Sr
from workers.xen.secrets import TAG
from workers.xen.session import PoolSession


def way_of(plan: Plan) -> Way:
    """Give the way to the plan's LUN; raises CannotDoError for a plan that is about none."""
    if plan.way is None or not plan.scsi_id:
        raise CannotDoError("not_approved")
    return plan.way


class LunAttempt(Attempt[LunProber]):
    """One attempt at a plan for a LUN; raises CannotDoError for any other plan."""

    def __init__(self, step: Step, plan: Plan, session: PoolSession) -> None:
        super().__init__(step, plan, session)
        self.way = way_of(plan)

    def ready(self) -> AbstractContextManager[LunProber]:
        """Make ready to probe on the master."""
        return lun_prober(self.step, self.session, self.master, self.way)

    def config(self, ready: LunProber) -> dict[str, str]:
        """Give the device_config of the plan."""
        return ready.config(self.plan.scsi_id)

    def is_there(self, ready: LunProber, sr: Sr) -> bool:
        """Look whether the LUN holds this SR and nothing else. Raises XenError."""
        reading = ready.content(self.plan.scsi_id)
        return reading is not None and reading.complete and [found.uuid for found in reading.items] == [sr.uuid]

    def recheck(self, ready: LunProber) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError, BegunError.

        The pools are read last, this one at the very end: the probes take their time, and don't show that a pool
        attached the SR.
        """
        plan, request_id = self.plan, self.step.request.id
        seen = self._looked(ready)
        others = ask_others(self.step.workplace, plan.pool)
        if self.is_old():
            seen = self._looked(ready)
        self.read_again()
        self.refuse_begun()
        refuse_multihomed(self.step, self.way, self.hosts)
        used = used_in(plan.pool, ownership.of_others(self.before, request_id), others)
        # Who uses the LUN now tells more than that something is on it.
        changes = [
            *self._mutual_changed(),
            *hosts_changed(plan, self.hosts),
            *self._leads_elsewhere(),
            *(use_changed(plan, used) or seen),
        ]
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

    def _looked(self, ready: LunProber) -> list[str]:
        plan = self.plan
        try:
            changes = self._targets_changed(ready)
            changes = changes or ([] if self._hides_it() else luns_changed(plan, ready.luns()))
            changes = changes or content_changed(plan, ready.content(plan.scsi_id))
        except (XenError, CannotDoError):
            # A LUN that an attempt of ours holds open can't be looked at.
            with contextlib.suppress(XenError):
                self.read_again()
                self.refuse_begun()
            raise
        self.looked_at = self.step.workplace.waiting.clock()
        return changes

    def _targets_changed(self, ready: LunProber) -> list[str]:
        if self.way.targets and isinstance(ready, IscsiProber):
            return targets_changed(self.hosts, self.way, ready)
        return []

    def _mutual_changed(self) -> list[str]:
        mutual = is_mutual(self.step.workplace.settings, self.step.request)
        if self.way.portal is None or mutual == self.way.mutual:
            return []
        return [f"CHAP with that credential is {'mutual now' if mutual else 'not mutual any more'}"]

    def _hides_it(self) -> bool:
        """Adapters don't list a LUN that a PBD names, be it one of an earlier attempt of ours (SM: devscan.py)."""
        if self.way.portal is not None:
            return False
        ours = [pbd for pbd in self.before.pbds if pbd.other_config.get(TAG) == self.step.request.id]
        return any(pbd.device_config.get("SCSIid") == self.plan.scsi_id for pbd in ours)

    def _leads_elsewhere(self) -> list[str]:
        plan = self.plan
        if plan.held is None:
            return []
        elsewhere = leading_elsewhere(self.before, self.hosts, plan.held.uuid, self.way)
        return [f"{what} names another LUN or portal now" for what in elsewhere]
