"""Hands work to RQ inside the ledger's own transaction. Arguments are ids, the serializer is JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from redis import Redis
from redis.client import Pipeline
from rq import Queue, Retry
from rq.job import Job
from rq.serializers import JSONSerializer

from bot.ledger.effects import ENTRY_POINTS, WantedJob, queue_name

JOB_SECONDS: Final = 3600
"""A job waits for a few XenAPI tasks one after the other, each for ten minutes at most."""

RETRIES: Final = 3
RESULT_SECONDS: Final = 86_400
FAILURE_SECONDS: Final = 7 * 86_400
"""RQ keeps failures for a year by default; a week is enough to look at one."""


class OurJob(Job):
    """A job that runs nothing but our entry points: a JSON job could name any function, os.system too."""

    @property
    def func(self) -> Callable[..., None]:
        """The function to call, if it is one of ours; raises PermissionError."""
        if self.func_name not in ENTRY_POINTS or self.instance is not None:
            message = "this job names a function that is not srbot's"
            raise PermissionError(message)
        return cast("Callable[..., None]", super().func)


def queue_for(redis: Redis, pool: str) -> Queue:
    """The queue of one pool."""
    return Queue(queue_name(pool), connection=redis, job_class=OurJob, serializer=JSONSerializer)


def enqueue(redis: Redis, pipe: Pipeline, wanted: WantedJob) -> None:
    """Queue a job as part of a transaction that has begun."""
    queue = queue_for(redis, wanted.pool)
    queue.enqueue_call(
        wanted.function,
        args=(wanted.request, wanted.step),
        timeout=JOB_SECONDS,
        result_ttl=RESULT_SECONDS,
        failure_ttl=FAILURE_SECONDS,
        description=wanted.id,
        job_id=wanted.id,
        retry=Retry(max=RETRIES),
        pipeline=pipe,
    )
