"""What comes of time alone: requests expire, cards say what they wait for. Any bot takes what is due.

The time is compared again in the commit, so that two bots do it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from bot import deciding
from bot.ledger.codec import Unreadable
from bot.ledger.effects import CALL, EXPIRE, NOTICE, RELEASE, due
from bot.ledger.questions import KIND, Questions
from bot.ledger.queueing import OurJob, queue_for
from bot.ledger.store import Ledger, LedgerUnavailable, UnknownRequest
from bot.request import acting
from bot.request import events as e
from bot.request.lifecycle import Impossible
from bot.request.model import Request
from bot.slack.rules import Rules

LOG = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 0.5

SILENT_AFTER: Final = timedelta(seconds=20)
"""A worker speaks every few seconds, idle or not."""

NO_WORKER: Final = "no_worker"
WORKER_BUSY: Final = "worker_busy"
POOL_SLOW: Final = "pool_slow"


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """`clock` gives seconds since the epoch."""

    ledger: Ledger
    questions: Questions
    rules: Rules
    clock: Callable[[], float]

    def run(self, stop: Event) -> None:
        """Do what is due until told to stop."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.turn()
            except (LedgerUnavailable, RedisError) as error:
                LOG.warning("ledger_unavailable", error=type(error).__name__)

    def turn(self) -> None:
        """Do what is due now, and keep in mind which policy is in force."""
        self.rules.policies.in_force()
        for what, subject in self.ledger.due(self.clock()):
            try:
                self._do(what, subject)
            except (UnknownRequest, Unreadable, Impossible) as error:
                LOG.warning("due_entry_dropped", what=what, subject=subject, error=type(error).__name__)
                self.ledger.forget_due(what, subject)

    def _do(self, what: str, subject: str) -> None:
        if what == EXPIRE:
            self._expire(subject)
        elif what == NOTICE:
            self.ledger.commit(subject, self._notice)
        elif what == RELEASE:
            self._look_at_held(subject)
        elif what == CALL:
            self._call(subject)
        elif what == KIND:
            self.questions.notice(subject, self.clock())
        else:
            LOG.warning("due_entry_unknown", what=what, subject=subject)
            self.ledger.forget_due(what, subject)

    def _expire(self, request_id: str) -> None:
        after = self.ledger.commit(request_id, lambda request: acting.expire(request, self.clock()))
        if after.ended:
            LOG.info("expired", request=request_id)
        elif after.work.changing:
            # A run that changes the pool already is never ended by time; its own end comes.
            self.ledger.forget_due(EXPIRE, request_id)

    def _call(self, request_id: str) -> None:
        """Call those who are missing; where there is nobody to call, look again when it is time for the next."""
        members = self.rules.members()
        version = self.ledger.commit(
            request_id, lambda request: deciding.call_again(request, self.rules.standing(members), self.clock())
        )
        if version.call_at is not None and version.call_at <= self.clock():
            later = deciding.next_call(version, self.rules.standing(members), self.clock())
            if later is None:
                self.ledger.forget_due(CALL, request_id)
            else:
                self.ledger.put_off(CALL, request_id, later)

    def _look_at_held(self, request_id: str) -> None:
        after = self.ledger.commit(request_id, self._release)
        if after.held_until is not None:
            again = max(after.held_until, self.clock() + deciding.LOOK_AGAIN_SECONDS)
            self.ledger.put_off(RELEASE, request_id, again)

    def _release(self, request: Request) -> Sequence[e.Event]:
        return deciding.release(request, self.rules.standing(), self.clock())

    def _notice(self, request: Request) -> Sequence[e.Event]:
        now, at = self.clock(), due(request)[NOTICE]
        if at is None or at > now:
            return ()
        return (e.Noticed(at=now, step=request.work.step, why=self._why(request)),)

    def _why(self, request: Request) -> str:
        if not workers(self.ledger.redis, request.pool):
            return NO_WORKER
        if request.work.started_at is None:
            return WORKER_BUSY
        return f"{POOL_SLOW}:{request.work.doing}" if request.work.doing else POOL_SLOW


def workers(redis: Redis, pool: str) -> int:
    """Count the workers that have lately said that they serve a pool; RQ itself lists one long after it fell silent."""
    queue = queue_for(redis, pool)
    known = Worker.all(queue=queue, job_class=OurJob, serializer=JSONSerializer)
    oldest = datetime.now(UTC) - SILENT_AFTER
    return sum(worker.last_heartbeat is not None and worker.last_heartbeat >= oldest for worker in known)
