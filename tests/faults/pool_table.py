"""The table of failures: which job is hit by what, at which call, and how its request stands then.

As long as nothing was changed a request pauses; what has certainly failed is FAILED, what may have happened UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from bot.request.model import State
from tests.faults.pool_jobs import CALL, LOOK, Job

PAUSED, PARTIAL, FAILED, UNKNOWN, SUCCEEDED = (
    State.PAUSED,
    State.PARTIAL,
    State.FAILED,
    State.UNKNOWN,
    State.SUCCEEDED,
)
Stands: TypeAlias = tuple[State, str]
"""A state, and why."""

FINE: Final = {
    Job.TARGETS: State.DISCOVERING_LUNS,
    Job.LUNS: State.CHOOSING_LUN,
    Job.INSPECTION: State.CONFIRMING,
    Job.CREATE: SUCCEEDED,
    Job.ATTACH: SUCCEEDED,
    Job.REPAIR: SUCCEEDED,
}
"""Where a job leads that nothing keeps from its end."""

LOST_SESSION: Final = {"sessions": 1}
"""Its reference was in the answer that got lost, so nobody can end it. XenServer ends idle sessions by itself (xapi:
xapi_session.ml)."""


@dataclass(frozen=True, slots=True)
class Row:
    accident: str
    job: Job
    call: str
    state: State
    reason: str = ""
    left: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.accident}-{self.job}-{self.call}"


def _everywhere(accident: str, reason: str, left: Mapping[str, int] | None = None) -> Iterator[Row]:
    """Nobody can work there at all."""
    for job in Job:
        yield Row(accident, job, CALL[job], PARTIAL if job is Job.REPAIR else PAUSED, reason, left or {})


def _looking(accident: str, reason: str) -> Iterator[Row]:
    """It strikes while nothing is changed yet: in what only looks, and in what is looked at again before a change."""
    for job in Job:
        if job is not Job.REPAIR:
            yield Row(accident, job, LOOK, PAUSED, reason)


def _changing(accident: str, create: Stands, attach: Stands, repair: Stands) -> Iterator[Row]:
    """It strikes at the very call that changes the pool."""
    for job, (state, reason) in {Job.CREATE: create, Job.ATTACH: attach, Job.REPAIR: repair}.items():
        yield Row(accident, job, CALL[job], state, reason)


def _fine(accident: str, but: Mapping[Job, Stands]) -> Iterator[Row]:
    for job in Job:
        yield Row(accident, job, CALL[job], *but.get(job, (FINE[job], "")))


def _rows() -> Iterator[Row]:
    yield from _everywhere("master silent", "connection_lost")
    yield from _everywhere("master unreachable", "host_unreachable")
    yield from _everywhere("booting", "host_starting")
    yield from _everywhere("read-only user", "permission_missing")
    yield from _everywhere("other certificate", "tls_mismatch")
    yield from _everywhere("answer to login lost", "connection_lost", LOST_SESSION)
    yield from _looking("answer to secret lost", "connection_lost")
    yield from _fine("master changed", {})
    behind = (PARTIAL, "host_unreachable")
    yield from _fine("slave down", {Job.CREATE: behind, Job.ATTACH: behind, Job.REPAIR: behind})
    for accident, reason in REFUSED.items():
        yield from _looking(accident, reason)
        mended = (FINE[Job.REPAIR], "") if accident in RENEWED else (PARTIAL, reason)
        yield from _changing(accident, (FAILED, reason), (FAILED, reason), mended)
    yield from _without_an_answer()
    yield from _silent()
    for fate in ("failed", "lost"):
        yield Row(f"restart after the wipe, tasks {fate}", Job.CREATE, CALL[Job.CREATE], SUCCEEDED)


def _without_an_answer() -> Iterator[Row]:
    """It may have happened all the same. A create can be found again by its tag, and is where it did happen."""
    late = "xen_timeout"
    yield from _looking("call hung", late)
    yield from _changing("call hung", (UNKNOWN, "outcome_unknown"), (UNKNOWN, late), (PARTIAL, late))
    yield from _looking("task hung", late)
    yield from _changing("task hung", (UNKNOWN, late), (UNKNOWN, late), (PARTIAL, late))
    cut = "connection_lost"
    yield from _looking("request cut", cut)
    yield from _changing("request cut", (UNKNOWN, "outcome_unknown"), (UNKNOWN, cut), (PARTIAL, cut))
    for accident, reason in DAMAGED.items():
        yield from _looking(accident, reason)
        yield from _changing(accident, (SUCCEEDED, ""), (UNKNOWN, reason), (PARTIAL, reason))


def _silent() -> Iterator[Row]:
    accident = "master falls silent"
    for row in _looking(accident, "xen_timeout"):
        # The other hosts' probes are to follow, and these can't even be asked for.
        yield replace(row, reason="connection_lost") if row.job is Job.INSPECTION else row
    yield from _changing(accident, (UNKNOWN, "xen_timeout"), (UNKNOWN, "left_behind"), (PARTIAL, "xen_timeout"))


DAMAGED: Final = {
    "answer lost": "connection_lost",
    "answer cut": "unreadable_answer",
    "junk": "unreadable_answer",
}
"""The call is carried out, and what should tell of it comes not or not whole."""

REFUSED: Final = {
    "session ended": "session_lost",
    "upgrade": "pool_upgrading",
    "booting at the call": "host_starting",
    "call forbidden": "permission_missing",
    "master changes, tasks failed": "xapi_failed",
    "master changes, tasks lost": "xapi_failed",
    "toolstack restarts, tasks failed": "xapi_failed",
    "toolstack restarts, tasks lost": "xapi_failed",
}
"""What XenServer says no to, or lets end with its own end, and what that is called."""

RENEWED: Final = frozenset({"session ended"})
"""A host whose plug meets it is tried once more in a new session."""

ROWS: Final = tuple(_rows())
