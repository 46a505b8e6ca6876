"""Finds the jobs of workers that died, and gives them to the next one.

RQ does this by itself only every ten minutes, and gives up a job that was caught between the queue and its start
after a minute at the earliest (rq: worker/base.py, maintenance_interval; intermediate_queue.py).
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from redis import Redis
from rq import Queue

from bot.ledger.silence import has_just_come_back, lasts, milliseconds

LOG = structlog.get_logger(__name__)

LOCK: Final = "srbot:reaper:{queue}"
SEEN: Final = "srbot:reaper:{queue}:seen:{job}"

_PUT_BACK: Final = """
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then
    redis.call('LPUSH', KEYS[2], ARGV[1])
    return 1
end
return 0
"""
"""Only who takes it out may put it back: two reapers can't double a job."""


def reap(redis: Redis, queue: Queue, heartbeat: float) -> None:
    """Look once, unless another worker has just done so. `heartbeat` in seconds: who is silent longer is dead."""
    if not redis.set(LOCK.format(queue=queue.name), "1", nx=True, px=milliseconds(heartbeat / 5)):
        return
    if has_just_come_back(redis, heartbeat):
        return
    queue.started_job_registry.cleanup()
    _sweep_intermediate(redis, queue, heartbeat)


def _sweep_intermediate(redis: Redis, queue: Queue, heartbeat: float) -> None:
    """Put back what a worker took from the queue and never began."""
    waiting: Any = redis.lrange(queue.intermediate_queue_key, 0, -1)
    started = set(queue.started_job_registry.get_job_ids(cleanup=False)) if waiting else set()
    for job_id in (raw.decode() for raw in waiting):
        if job_id not in started and lasts(redis, SEEN.format(queue=queue.name, job=job_id), heartbeat):
            _put_back(redis, queue, job_id)


def _put_back(redis: Redis, queue: Queue, job_id: str) -> None:
    redis.delete(SEEN.format(queue=queue.name, job=job_id))
    moved: Any = redis.eval(_PUT_BACK, 2, queue.intermediate_queue_key, queue.key, job_id)
    if moved:
        LOG.warning("job_put_back", job=job_id, queue=queue.name)
