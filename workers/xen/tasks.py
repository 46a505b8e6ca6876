"""Long calls as tasks: `Async.X` answers at once with a task, which is asked until it has ended.

The plain call would hold one HTTP answer for minutes, and could not be told apart from a hang.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.storage import task_value
from workers.xen.errors import (
    CutOffError,
    SessionLostError,
    StillRunsError,
    TaskFailedError,
    TimedOutError,
    UnreachableError,
    XenError,
)
from workers.xen.session import PoolSession

Pause = Callable[[float], None]

CREATE: Final = "SR.create"
PLUG: Final = "PBD.plug"
UNPLUG: Final = "PBD.unplug"
"""The calls that change a pool and may take minutes."""

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 1.0
CANCELLED: Final = "TASK_CANCELLED"
"""What xapi calls a call whose task was cancelled (xapi: api_errors.ml)."""

LOST_TASK: Final = ("HANDLE_INVALID", "task")
"""Nobody destroys a task of ours but we: it went with a toolstack that restarted."""

_RUNS: Final = frozenset({"pending", "cancelling"})

AWAY: Final = (UnreachableError, CutOffError, TimedOutError)
"""What a pool looks like whose toolstack restarts."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for a task, and for a pool that does not answer meanwhile, in seconds."""

    patience: float
    outage: float = 120.0
    pause: Pause = time.sleep
    clock: Callable[[], float] = time.monotonic


def run_task(session: PoolSession, waiting: Waiting, method: str, *args: object) -> str:
    """Do an asynchronous call and give its result as a text. Raises XenError; the task is destroyed in any case."""
    with started_task(session, method, *args) as task:
        return wait_for(session, waiting, task)


@contextlib.contextmanager
def started_task(session: PoolSession, method: str, *args: object) -> Iterator[str]:
    """Send `Async.<method>` and give the task's reference; the task is destroyed at the end."""
    task = str(session.call(f"Async.{method}", *args))
    try:
        yield task
    finally:
        destroy(session, task)


def pending(session: PoolSession, method: str) -> frozenset[str]:
    """Give the tasks of a method that still run on the pool, whoever began them. Raises XenError.

    A task names its call, "Async.SR.create" (xapi: server_helpers.ml).
    """
    tasks: dict[str, dict[str, Any]] = session.call("task.get_all_records")
    return frozenset(ref for ref, task in tasks.items() if task["status"] in _RUNS and method in task["name_label"])


def destroy(session: PoolSession, task: str) -> None:
    """Let xapi forget a task; it does so by itself after a while (xapi: db_gc.ml)."""
    with contextlib.suppress(XenError):
        session.call("task.destroy", task)


def wait_for(session: PoolSession, waiting: Waiting, task: str) -> str:
    """Ask a task until it has ended, through outages of the pool. Raises XenError.

    TaskFailedError says that it has ended without success, StillRunsError that it goes on; TimedOutError and
    HANDLE_INVALID say that nobody can tell what came of it.
    """
    deadline = waiting.clock() + waiting.patience
    answered = waiting.clock()
    pause = FIRST_PAUSE
    while True:
        record = _asked(session, task, patient=waiting.clock() - answered < waiting.outage)
        if record is not None:
            answered = waiting.clock()
            if record["status"] not in _RUNS:
                return _result(session, record)
        if waiting.clock() >= deadline:
            raise StillRunsError(session.host, "task")
        waiting.pause(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _asked(session: PoolSession, task: str, *, patient: bool) -> dict[str, Any] | None:
    """Read a task; None while the pool does not answer. The session is renewed where it was lost."""
    try:
        record: dict[str, Any] = session.call("task.get_record", task)
    except SessionLostError:
        _renewed(session, patient=patient)
        return None
    except AWAY:
        if not patient:
            raise
        return None
    return record


def _renewed(session: PoolSession, *, patient: bool) -> None:
    with contextlib.suppress(*AWAY if patient else ()):
        session.renew()


def _result(session: PoolSession, record: dict[str, Any]) -> str:
    status = record["status"]
    if status == "success":
        return task_value(str(record["result"]))
    raise TaskFailedError(session.host, session.masked(record["error_info"]) if status == "failure" else (CANCELLED,))
