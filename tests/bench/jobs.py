"""From approve to job start: srbot's worker beside RQ's own, on the same server."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from redis import Redis
from rq import Queue

from bot import deciding
from bot.ledger.store import Ledger
from bot.request import events as e
from bot.request.lifecycle import begin
from bot.request.model import Request
from deploy.embedded import Server
from deploy.processes import command
from deploy.supervision import Child, Supervisor
from tests import stories
from tests.bench.figures import Row
from tests.bench.load import Timing

MEASURED = 40
STARTS_WITHIN = 30.0


def measure(folder: Path, ledger: Server, config: Path, environ: dict[str, str]) -> Row:
    """Measure both in one run."""
    with Redis.from_url(ledger.url) as redis:
        bare = _bare(folder / "bare", redis, ledger.url, environ)
        env = environ | {"SRBOT_CONFIG": str(config), "SRBOT_REDIS_URL": ledger.url}
        own = Child("worker", command("worker", "xenct", "--config", str(config)), env, ready_within=30.0)
        with Supervisor(folder / "own") as runs:
            runs.start(own)
            ours = Timing.of([_approve(Ledger(redis), number) for number in range(MEASURED)][5:])
    return Row("approve to job start", bare, ours)


def _bare(folder: Path, redis: Redis, url: str, environ: dict[str, str]) -> Timing:
    argv = (str(Path(sys.executable).parent / "rq"), "worker", "--url", url, "--quiet", "bare")
    queue = Queue("bare", connection=redis)
    with Supervisor(folder) as runs:
        runs.start(Child("rq", argv, environ))
        return Timing.of([_enqueue(queue) for _ in range(MEASURED)][5:])


def _enqueue(queue: Queue) -> float:
    start = time.time()
    job = queue.enqueue("time.time")
    result = job.latest_result(timeout=int(STARTS_WITHIN))
    return float(str(result.return_value)) - start if result is not None else STARTS_WITHIN


def _approve(ledger: Ledger, number: int) -> float:
    """Let a request that awaits approval be approved; gives the seconds until its worker has taken it up."""
    request = _awaiting(ledger, f"bench{number:04}")
    start = time.time()
    ledger.commit(request.id, lambda now: deciding.approve(now, stories.STANDING, stories.APPROVER, 1, start))
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        started = [event.at for event in ledger.trail(request.id) if isinstance(event, e.StepStarted)]
        if started:
            return started[-1] - start
        time.sleep(0.001)
    return STARTS_WITHIN


def _awaiting(ledger: Ledger, request_id: str) -> Request:
    """Write a story into the ledger as it would have happened, without its jobs."""
    now = time.time()
    story = stories.Story(events=[stories.asked(request=request_id, at=now)])
    story.request = begin(story.events[0])
    story.targets_are_found().target_is_picked().luns_are_found().lun_is_picked().plan_is_made()
    story.approval_is_requested()
    first, *rest = story.events
    request = ledger.open(first)
    for event in rest:
        request = ledger.commit(request.id, lambda _, happened=event: (happened,))  # type: ignore[misc]  # bound here
    ledger.redis.delete("rq:queue:srbot-xenct")
    return request
