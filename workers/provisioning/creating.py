"""Making an SR: looked at first, sent once, and found again where the answer was lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, BegunError, Ready, UncertainError
from workers.troubles import CannotDoError
from workers.xen.errors import TaskFailedError, TimedOutError, XenError
from workers.xen.records import read_contents
from workers.xen.tasks import CREATE, run_task

ANY_SIZE: Final = "0"
"""physical_size means nothing to these types of SR; int64 travels as a text."""


def made(attempt: Attempt[Any]) -> str:
    """Give the SR that an earlier attempt made, or make it.

    Raises XenError, CannotDoError and ChangedError where there is no SR of ours, UncertainError.
    """
    before = _made_before(attempt) if attempt.step.changed_before else None
    return before or _create(attempt)


def _made_before(attempt: Attempt[Any]) -> str | None:
    """Find what an earlier attempt made; None where it certainly made nothing. Raises UncertainError."""
    mine = ownership.finished(attempt.before, attempt.step.request.id)
    return mine.ref if mine is not None else _found_out(attempt, None)


def _create(attempt: Attempt[Any]) -> str:
    """Check the storage again, then create."""
    attempt.approve()  # an earlier attempt was let in to find out, not to create
    with attempt.ready() as ready:
        try:
            attempt.recheck(ready)
        except BegunError:
            return _taken_over(attempt)
        attempt.begin("creating the SR")
        try:
            return _send(attempt, ready)
        except XenError as error:
            cause = error
    found = _found_out(attempt, cause)
    if found is not None:
        return found
    if cause.may_have_happened:
        # A slow xapi may have the request still before it.
        raise _uncertain(attempt, CannotDoError("outcome_unknown", detail=type(cause).__name__))
    attempt.tidy_secrets()
    return _refused(attempt, cause)


def _refused(attempt: Attempt[Any], cause: XenError) -> str:
    """Raise why nothing was made, and UncertainError where an earlier attempt may still have its create before it.

    With its session ended, xapi takes up no call of it any more: what is there after that is all there is.
    """
    if not attempt.step.changed_before:
        raise cause
    if not attempt.session.outlives():
        raise UncertainError(cause)
    found = _found_out(attempt, None)
    if found is not None:
        return found
    attempt.step.changed_before = False
    raise cause


def _taken_over(attempt: Attempt[Any]) -> str:
    """Go on from a create that somebody else of us has begun. Raises UncertainError."""
    found = _made_before(attempt)
    if found is None:
        raise UncertainError(CannotDoError("outcome_unknown"))
    return found


def _uncertain(attempt: Attempt[Any], cause: XenError | CannotDoError, sr_uuid: str = "") -> UncertainError:
    """What a create that may still run leaves behind is for the next attempt on the pool."""
    attempt.session.leaves_behind = True
    return UncertainError(cause, sr_uuid)


def _send(attempt: Attempt[Ready], ready: Ready) -> str:
    plan, waiting = attempt.plan, attempt.step.workplace.waiting
    labels = (plan.name, ownership.tag_of(attempt.step.request.id), plan.sr_type, plan.content_type)
    config, host = attempt.config(ready), attempt.maker.ref
    return run_task(attempt.session, waiting, CREATE, host, config, ANY_SIZE, *labels, plan.shared, {})


def _found_out(attempt: Attempt[Any], cause: XenError | None) -> str | None:
    """Find what came of a create whose end was not seen; None: certainly nothing. Raises UncertainError."""
    request_id = attempt.step.request.id
    waiting = attempt.step.workplace.waiting
    if isinstance(cause, TimedOutError):
        waiting = replace(waiting, patience=0.0)
    uuid = ""
    try:
        attempt.recover(cause)
        if not isinstance(cause, TaskFailedError):  # our own task has ended: other creates are none of ours
            ownership.wait_for_others(attempt.session, waiting, CREATE)
        contents = read_contents(attempt.session)
        mine = ownership.finished(contents, request_id) or ownership.begun(contents, request_id)
        if mine is None:
            return None
        uuid = mine.uuid
        with attempt.ready() as ready:
            there = attempt.is_there(ready, mine)
    except (XenError, CannotDoError) as error:
        raise _uncertain(attempt, cause or error, uuid) from None
    if there:
        return mine.ref
    raise _uncertain(attempt, cause or CannotDoError("outcome_unknown"), uuid)
