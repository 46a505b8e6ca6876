"""The worker process: one queue, jobs in children that die with it, and a dead worker's job taken up within seconds.

What RQ does by itself was found wanting: a killed worker's job is noticed after minutes and then counts as failed,
and two queues on one worker lose jobs (github.com/rq/rq: issues 1716, 2079).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

import structlog
from redis import Redis
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now

from bot.ledger.connection import for_work
from bot.ledger.queueing import OurJob, queue_for
from bot.ledger.store import new_id
from bot.settings import SettingsError, load, redis_url
from workers import (
    jobs,  # noqa: F401 - each job's child would read all of it anew
    logs,
)
from workers.reaper import reap
from workers.workplace import NO_REDIS

LOG = structlog.get_logger(__name__)

FORBIDDEN: Final = "SRBOT_SLACK_"
STOPPED_BY_ACCIDENT: Final = 1
WRONG_SETTINGS: Final = 2
"""The exit code that tells a supervisor that another try won't help."""

IDLE_SECONDS: Final = 2
"""How long an idle worker waits for a job before it looks after the dead."""

BEATS: Final = 3
"""A live worker reports this often within the time after which it counts as dead; RQ counts in whole seconds."""

_RQ_RESERVE: Final = 15
"""RQ waits for a job that much shorter than its worker_ttl (rq: worker/base.py, dequeue_timeout)."""

_PR_SET_PDEATHSIG: Final = 1
"""linux/prctl.h"""


class PoolWorker(Worker):
    """Serves the queue of one pool."""

    def __init__(self, redis: Redis, pool: str, heartbeat: float) -> None:
        super().__init__(
            [queue_for(redis, pool)],
            name=f"{pool}.{socket.gethostname()}.{os.getpid()}-{new_id()}",
            connection=redis,
            job_class=OurJob,
            serializer=JSONSerializer,
            log_job_description=False,
            maintenance_interval=IDLE_SECONDS,
            worker_ttl=IDLE_SECONDS + _RQ_RESERVE,
            job_monitoring_interval=max(int(heartbeat) // BEATS, 1),
        )
        self._heartbeat = max(int(heartbeat), BEATS)
        self._parent = os.getpid()

    @property
    def was_told_to_stop(self) -> bool:
        """Whether a signal ended the work, and not an accident, which RQ only logs."""
        return self._shutdown_requested_date is not None

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Give the seconds after which a silent worker counts as dead."""
        del job, working_time
        return self._heartbeat

    def clean_registries(self) -> None:
        """Take up what dead workers left."""
        for queue in self.queues:
            reap(self.connection, queue, self._heartbeat)
        self.last_cleaned_at = now()  # type: ignore[assignment]  # rq leaves it without a type

    def clean_group_registries(self) -> None:
        """There are no groups."""

    def setup_work_horse_signals(self) -> None:
        """A job must not outlive its worker: another one would run it beside."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]  # rq leaves it without types
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self._parent:
            os._exit(1)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ANN401 - RQ hands over sys.exc_info()
        """Log what RQ logs, without the arguments and the error's text."""
        LOG.error("job_failed", job=job.id, exc_info=exc_info)

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Report that the job lives, and look after others meanwhile."""
        super().maintain_heartbeats(job, execution)
        self.clean_registries()


def main(pool: str, environ: Mapping[str, str] = os.environ, say_ready: Callable[[], None] = lambda: None) -> int:
    """Serve a pool's queue until SIGTERM; the job at hand is finished first. Gives the exit code."""
    logs.configure()
    try:
        worker = ready(pool, environ)
    except SettingsError as error:
        LOG.error("worker_cannot_start", mistakes=error.mistakes)  # noqa: TRY400 - the mistakes say it all
        return WRONG_SETTINGS
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # until RQ listens to them itself
    LOG.info("worker_ready", pool=pool, worker=worker.name)
    say_ready()
    worker.work()
    return 0 if worker.was_told_to_stop else STOPPED_BY_ACCIDENT


def _leave(_number: int, _frame: object) -> NoReturn:
    """End a worker that has not begun to work."""
    sys.exit(0)


def ready(pool: str, environ: Mapping[str, str]) -> PoolWorker:
    """Check the environment and the settings; raises SettingsError with all mistakes."""
    mistakes = [f"{name}: belongs to the bot, not here" for name in environ if name.startswith(FORBIDDEN)]
    url = redis_url(environ)
    if url is None:
        mistakes.append(NO_REDIS)
    settings = load(None, environ)
    if pool not in settings.pools:
        mistakes.append(f"pools.{pool}: is not configured")
    if mistakes or url is None:
        raise SettingsError(tuple(mistakes))
    redis = for_work(url.url.reveal(), f"srbot-worker-{pool}")
    return PoolWorker(redis, pool, settings.times.heartbeat.total_seconds())
