"""Carrying out an approved plan, whatever it is for, and checking every host afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from bot.request.model import Outcome
from bot.request.plan import Plan, Purpose
from workers.provisioning import ownership
from workers.provisioning.attaching import attached
from workers.provisioning.attempt import Attempt, UncertainError
from workers.provisioning.creating import made
from workers.provisioning.lun import LunAttempt
from workers.provisioning.share import FilesAttempt, LibraryAttempt
from workers.provisioning.sited import SitedAttempt
from workers.provisioning.verifying import Verifier, facts_of_sr
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.errors import XenError
from workers.xen.records import Contents, Hosts, Pbd, Sr, read_contents, read_hosts

LOG = structlog.get_logger(__name__)


def run_plan(step: Step) -> Outcome:
    """Carry the plan out, or take over what an earlier attempt did, and check every host.

    Raises XenError, CannotDoError and ChangedError where nothing of ours is left on the pool, UncertainError where
    that can't be told, SupersededError.
    """
    plan = step.request.plan
    if plan is None or not step.changed_before:
        plan = step.may_run(step.request)
    step.progress("looking at the pool and the LUN once more")
    with contextlib.ExitStack() as stack:
        attempt, reference = _done(step, plan, stack)
        return _finish(attempt, reference)


def _done(step: Step, plan: Plan, stack: contextlib.ExitStack) -> tuple[Attempt[Any], str]:
    carry_out = attached if plan.purpose is Purpose.ATTACH else made
    try:
        attempt = attempt_at(plan)(step, plan, stack.enter_context(step.workplace.log_in(step.request.pool)))
        return attempt, carry_out(attempt)
    except (XenError, CannotDoError) as error:
        if step.changed_before:
            raise UncertainError(error) from None
        raise


def attempt_at(plan: Plan) -> type[Attempt[Any]]:
    """Choose the attempt for a plan's kind of storage."""
    if not plan.config:
        return LunAttempt
    return SitedAttempt if plan.host else _ATTEMPTS.get(plan.sr_type, SitedAttempt)


_ATTEMPTS: Final[Mapping[str, type[Attempt[Any]]]] = {
    "iso": LibraryAttempt,
    "nfs": FilesAttempt,
    "smb": FilesAttempt,
}


def _finish(attempt: Attempt[Any], reference: str) -> Outcome:
    """Move the tag, and check every host. Raises UncertainError: from here on there is an SR."""
    attempt.step.progress("checking every host", changing=True)
    if not attempt.plan.known:
        _claim(attempt, reference)
    files = attempt.settle_in(reference)
    try:
        contents, hosts = _read(attempt, reference)
    except XenError as error:
        # It is there: for one accident more it is worth a second look.
        contents, hosts = _read_again(attempt, reference, error)
    try:
        sr = _sr_of(contents, reference)
    except CannotDoError as error:
        raise UncertainError(error) from None
    facts, step, concerned = facts_of_sr(attempt.plan, sr), attempt.step, hosts.only(attempt.plan.host)
    verifier = Verifier(attempt.session, step.workplace.waiting, concerned, facts, step.reference, attempt.refused)
    return replace(verifier.outcome(sr, contents), files=files)


def _read(attempt: Attempt[Any], reference: str) -> tuple[Contents, Hosts]:
    contents = read_contents(attempt.session)
    return contents, _hosts_of(attempt, [pbd for pbd in contents.pbds if pbd.sr == reference])


def _read_again(attempt: Attempt[Any], reference: str, cause: XenError) -> tuple[Contents, Hosts]:
    try:
        attempt.recover(cause)
        return _read(attempt, reference)
    except XenError as error:
        raise UncertainError(error) from None


def _hosts_of(attempt: Attempt[Any], pbds: Iterable[Pbd]) -> Hosts:
    """Give the pool's hosts, read anew where a PBD is of one that has joined since.

    A host that joined just now and has no PBD yet is not seen: xapi makes one when its toolstack starts.
    """
    known = {host.ref for host in attempt.hosts.all}
    return attempt.hosts if all(pbd.host in known for pbd in pbds) else read_hosts(attempt.session)


def _claim(attempt: Attempt[Any], reference: str) -> None:
    """Move the tag, twice where an accident comes between. Where that fails the SR stands all the same."""
    request_id, description = attempt.step.request.id, attempt.plan.description
    try:
        try:
            ownership.claim(attempt.session, reference, request_id, description)
        except XenError as error:
            attempt.recover(error)
            ownership.claim(attempt.session, reference, request_id, description)
    except XenError as error:
        LOG.warning("tag_not_moved", sr=reference, error=str(error), reference=attempt.step.reference)


def _sr_of(contents: Contents, reference: str) -> Sr:
    found = next((sr for sr in contents.srs if sr.ref == reference), None)
    if found is None:
        raise CannotDoError("outcome_unknown")
    return found
