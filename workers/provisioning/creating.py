"""Creates the SR of an approved plan, once.

Everything is looked at again before the first changing call. From then on an accident never ends in a second create:
what came of the first is found out, or a person is asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final

from bot.request.model import Outcome, Plan
from workers.provisioning import ownership
from workers.provisioning.rechecking import content_changed, hosts_changed, luns_changed, use_changed
from workers.provisioning.verifying import Verifier
from workers.reach import prober
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import refuse_not_asked, used_in
from workers.xen.errors import RefusedError, TaskFailedError, TimedOutError, XenError
from workers.xen.probes import Prober
from workers.xen.records import Contents, Sr, read_contents, read_hosts
from workers.xen.secrets import TAG
from workers.xen.session import PoolSession
from workers.xen.tasks import run_task

ANY_SIZE: Final = "0"
"""physical_size means nothing to this type of SR; int64 travels as a text."""

DUPLICATE_KEY: Final = "MAP_DUPLICATE_KEY"


class UncertainError(Exception):
    """Whether the SR exists can't be told: a person decides."""

    def __init__(self, cause: XenError | CannotDoError, sr_uuid: str = "") -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause
        self.sr_uuid = sr_uuid


class ChangedError(Exception):
    """What was approved is no longer what is there; this attempt changed nothing."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__("; ".join(changes))
        self.changes = tuple(changes)


def run_plan(step: Step) -> Outcome:
    """Create the SR, or take over the one that an earlier attempt made, and check every host.

    Raises XenError, CannotDoError and ChangedError where there is no SR of ours, UncertainError where that can't be
    told, SupersededError.
    """
    plan = step.request.plan
    if plan is None or not step.changed_before:
        plan = approved_plan(step)
    step.progress("looking at the pool and the LUN once more")
    with contextlib.ExitStack() as stack:
        run, made = _begin(step, plan, stack)
        return run.finish(made or run.create())


def _begin(step: Step, plan: Plan, stack: contextlib.ExitStack) -> tuple[Run, str | None]:
    try:
        run = Run(step, plan, stack.enter_context(step.workplace.log_in(step.request.pool)))
        return run, run.made_before()
    except (XenError, CannotDoError) as error:
        if step.changed_before:
            raise UncertainError(error) from None
        raise


def approved_plan(step: Step) -> Plan:
    """Give the plan, if it may run now; raises CannotDoError."""
    return step.may_run(step.request)


class Run:
    """One attempt at a plan, in one session. References are xapi's, of the SR."""

    def __init__(self, step: Step, plan: Plan, session: PoolSession) -> None:
        self._step = step
        self._plan = plan
        self._session = session
        self._hosts = read_hosts(session)
        self._before = read_contents(session)

    def made_before(self) -> str | None:
        """Find what an earlier attempt made; None where it certainly made nothing. Raises UncertainError."""
        mine = ownership.finished(self._before, self._step.request.id)
        if mine is not None:
            return mine.ref
        if self._step.changed_before or ownership.begun(self._before, self._step.request.id):
            return self._found_out(None)
        return None

    def create(self) -> str:
        """Check the LUN again, then create."""
        approved_plan(self._step)  # an earlier attempt was let in to find out, not to create
        with self._probing() as probing:
            self._recheck(probing)
            self._step.start_changing("creating the SR")
            try:
                return self._send(probing)
            except XenError as error:
                cause = error
        found = self._found_out(cause)
        if found is not None:
            return found
        if cause.may_have_happened:
            # A slow xapi may have the request still before it.
            raise UncertainError(CannotDoError("outcome_unknown", detail=type(cause).__name__))
        raise cause

    def finish(self, reference: str) -> Outcome:
        """Move the tag, and check every host. Raises UncertainError: from here on there is an SR."""
        self._step.progress("checking every host", changing=True)
        plan = self._plan
        try:
            self._claim(reference, plan.description)
            contents = read_contents(self._session)
            sr = _sr_of(contents, reference)
        except (XenError, CannotDoError) as error:
            raise UncertainError(error) from None
        facts = {"sr_name": sr.name, "sr_uuid": sr.uuid, "address": plan.portal.address, "pool": plan.pool}
        facts["credential"] = plan.credential or ""
        waiting = self._step.workplace.waiting
        return Verifier(self._session, waiting, self._hosts, facts, self._step.reference).outcome(sr, contents)

    def _probing(self) -> AbstractContextManager[Prober]:
        return prober(self._step, self._session, self._hosts.master.ref, self._plan.portal)

    def _recheck(self, probing: Prober) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError."""
        plan = self._plan
        used = used_in(self._step.workplace, plan.pool, self._before)
        changes = [*hosts_changed(plan, self._hosts), *use_changed(plan, used)]
        if not changes:
            refuse_not_asked(used)
        changes = changes or luns_changed(plan, probing.luns(plan.iqn))
        changes = changes or content_changed(probing.content(plan.iqn, plan.lun.scsi_id or ""))
        if changes:
            raise ChangedError(changes)

    def _send(self, probing: Prober) -> str:
        plan = self._plan
        waiting = self._step.workplace.waiting
        config = probing.config(plan.iqn, plan.lun.scsi_id)
        tag = ownership.tag_of(self._step.request.id)
        labels = (plan.name, tag, plan.sr_type, plan.content_type)
        host = self._hosts.master.ref
        return run_task(self._session, waiting, ownership.CREATE, host, config, ANY_SIZE, *labels, plan.shared, {})

    def _found_out(self, cause: XenError | None) -> str | None:
        """Find what came of a create whose end was not seen; None: certainly nothing. Raises UncertainError."""
        plan, request_id = self._plan, self._step.request.id
        waiting = self._step.workplace.waiting
        if isinstance(cause, TimedOutError):
            waiting = replace(waiting, patience=0.0)
        uuid = ""
        try:
            if not isinstance(cause, TaskFailedError):  # our own task has ended: other creates are none of ours
                ownership.wait_for_creates(self._session, waiting)
            contents = read_contents(self._session)
            mine = ownership.finished(contents, request_id) or ownership.begun(contents, request_id)
            if mine is None:
                return None
            uuid = mine.uuid
            with self._probing() as probing:
                reading = probing.content(plan.iqn, plan.lun.scsi_id or "")
        except (XenError, CannotDoError) as error:
            raise UncertainError(cause or error, uuid) from None
        if reading is not None and reading.complete and [found.uuid for found in reading.items] == [uuid]:
            return mine.ref
        raise UncertainError(cause or CannotDoError("outcome_unknown"), uuid)

    def _claim(self, reference: str, description: str) -> None:
        try:
            self._session.call("SR.add_to_other_config", reference, TAG, self._step.request.id)
        except RefusedError as error:
            if error.code != DUPLICATE_KEY:
                raise
        self._session.call("SR.set_name_description", reference, description)


def _sr_of(contents: Contents, reference: str) -> Sr:
    found = next((sr for sr in contents.srs if sr.ref == reference), None)
    if found is None:
        raise CannotDoError("outcome_unknown")
    return found
