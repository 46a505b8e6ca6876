"""What follows from a step, derived from the request before and after it: pure, so that nothing is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.request.model import Request, State

JOBS: Final = {
    State.DISCOVERING_TARGETS: "workers.jobs.discover_targets",
    State.DISCOVERING_LUNS: "workers.jobs.discover_luns",
    State.DISCOVERING_PLACES: "workers.jobs.discover_places",
    State.INSPECTING: "workers.jobs.inspect",
    State.QUEUED: "workers.jobs.run_plan",
    State.REPAIRING: "workers.jobs.repair",
}
"""The RQ entry point for each state that a worker has to leave; a dotted name, never an import."""

ANSWER_JOB: Final = "workers.jobs.answer_question"

ENTRY_POINTS: Final = frozenset({*JOBS.values(), ANSWER_JOB})
"""The only functions that a job may name."""

MOST_PATIENCE: Final = 60.0
"""Seconds: how long a card that says since when it waits may stand still."""

EXPIRE: Final = "expire"
NOTICE: Final = "notice"
RELEASE: Final = "release"
CALL: Final = "call"


@dataclass(frozen=True, slots=True)
class WantedJob:
    """A step for a worker: `id` is unique per step, so that the same step is never queued twice."""

    id: str
    function: str
    pool: str
    request: str
    step: int


def queue_name(pool: str) -> str:
    """One queue per pool, and one queue per worker process."""
    return f"srbot-{pool}"


def wanted_job(before: Request | None, after: Request) -> WantedJob | None:
    """The job that this step hands to a worker, if it does."""
    if before is not None and before.work.step == after.work.step:
        return None
    step = after.work.step
    return WantedJob(f"{after.id}-{step}", JOBS[after.state], after.pool, after.id, step)


def wanted_lun(request: Request | None) -> str:
    """Give the LUN that a request is about by its SCSIid, or the SR by its UUID; empty before it is known which."""
    if request is None or request.ended:
        return ""
    if request.lun is not None:
        return request.lun.scsi_id or ""
    return request.plan.runs_on if request.plan is not None else ""


def run_luns(request: Request | None) -> frozenset[str]:
    """Give all that a request's plan runs on: LUNs and disks by their SCSIids, SRs by UUID; two never share any."""
    if request is None or request.state is not State.RUNNING:
        return frozenset()
    return (request.plan.occupies if request.plan else frozenset()) | frozenset(filter(None, [wanted_lun(request)]))


def due(request: Request) -> dict[str, float | None]:
    """When the request must be looked at again, by what for; None where it needn't."""
    held = request.held_until if request.state is State.QUEUED else None
    call = request.call_at if request.state is State.AWAITING_APPROVAL else None
    return {EXPIRE: request.expires_at, NOTICE: _next_notice(request), RELEASE: held, CALL: call}


def _next_notice(request: Request) -> float | None:
    """A waiting card says so after a while, then at doubling distances up to MOST_PATIENCE."""
    if not request.working or request.held_until is not None:
        return None
    since, patience = request.work.asked_at, request.times.notice
    if request.work.noticed_at is None:
        return max(since, request.work.moved_at or 0.0) + patience
    waited = request.work.noticed_at - since
    return request.work.noticed_at + min(max(waited, patience), MOST_PATIENCE)
