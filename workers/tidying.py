"""Tidying up on a pool: what an attempt holds open there is noted, and goes with it, or with the next one.

A note is sealed: it holds the reference of a session, and whoever has that has the session. A note whose attempt has
ended without dropping it tells of a worker that was killed, or of a call whose end was not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, MutableSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from bot.ledger.pools import Pools
from workers.xen.errors import RefusedError, XenError
from workers.xen.sealing import Seal
from workers.xen.secrets import destroy_leaked
from workers.xen.session import PoolSession
from workers.xen.tasks import CREATE, pending

LOG = structlog.get_logger(__name__)

_MARK: Final = "~"
"""Stands between the parts of an attempt's id."""

_GONE: Final = frozenset({"SESSION_INVALID", "HANDLE_INVALID"})


def attempt_id(worker: str, job: str, mark: str) -> str:
    """Name an attempt: whoever sees a secret's tag or a note can tell which worker it was, and what it did."""
    return _MARK.join((worker, job, mark))


@dataclass(slots=True)
class Custody:
    """Keeps the note of one attempt on one pool.

    `running` are the attempts of this very process; a worker of others that is silent for `heartbeat` seconds, and
    for as long again, is dead.
    """

    pools: Pools
    pool: str
    attempt: str
    seal: Seal
    running: MutableSet[str]
    heartbeat: float
    session: PoolSession | None = None
    opened: list[str] = field(default_factory=list)
    unreadable: bool = False
    """A note told of a session that nobody could end: whoever opened it may still be heard."""

    def note(self, reference: str) -> None:
        """Write down a session, beside those that were opened before; raises LedgerUnavailable."""
        self.opened.append(reference)
        self.pools.hold(self.pool, self.attempt, self.seal.close(" ".join(self.opened)))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the note as long as the block lasts; and on, where something is left."""
        self.running.add(self.attempt)
        try:
            yield
        finally:
            self.running.discard(self.attempt)
            if self.session is not None and not self.session.leaves_behind:
                self.pools.let_go(self.pool, self.attempt)

    def settle(self) -> None:
        """Let the tasks and secrets go whose references never came."""
        session = self.session
        if session is None or not session.lost_an_answer:
            return
        try:
            for reference in self.opened:
                end_tasks(session, reference)
            if pending(session, CREATE):
                session.leaves_behind = True
            else:
                destroy_leaked(session, self.attempt)
        except XenError as error:
            session.leaves_behind = True
            LOG.warning("not_tidied", pool=self.pool, attempt=self.attempt, error=str(error))

    def tidy(self) -> None:
        """Tidy up after those who could not."""
        for attempt, note in self.pools.held(self.pool).items():
            if self.session is not None and self._has_ended(attempt):
                self._tidy_after(self.session, attempt, note)

    def outlives(self) -> bool:
        """Tidy up, and say whether every session that was opened here before has been ended."""
        self.tidy()
        return not self.unreadable and set(self.pools.held(self.pool)) <= {self.attempt}

    def _has_ended(self, attempt: str) -> bool:
        """A worker does one job at a time, and a job is given to another one only when the first is dead."""
        if attempt == self.attempt or attempt in self.running:
            return False
        (own_worker, own_job, _), (worker, job, _) = self.attempt.split(_MARK), attempt.split(_MARK)
        return worker == own_worker or own_job == job != "" or self.pools.is_gone(worker, self.heartbeat)

    def _tidy_after(self, session: PoolSession, attempt: str, note: bytes) -> None:
        """End what an attempt left. Trouble with that stops nobody: the note stays for the next one."""
        try:
            creating = pending(session, CREATE)  # copies of secrets may be left of it yet
            opened = self.seal.open(note)
            self.unreadable |= opened is None
            for other in (opened or "").split():
                end_session(session, other, creating)
            if not creating:
                destroy_leaked(session, attempt)
                self.pools.let_go(self.pool, attempt)
        except XenError as error:
            LOG.warning("not_tidied", pool=self.pool, attempt=attempt, error=str(error))
        else:
            LOG.info("tidied", pool=self.pool, attempt=attempt, creating=len(creating))


def end_session(session: PoolSession, other: str, creating: Collection[str]) -> None:
    """End another session and its tasks; what is gone already is fine. Raises XenError.

    Where it began a create that still runs, both stay until that has ended: it has to be seen that it runs.
    """
    tasks = _tasks_of(session, other)
    for task in tasks:
        if task not in creating:
            _ignore_gone(session, "task.destroy", task)
    if not any(task in creating for task in tasks):
        session.end_other(other)


def end_tasks(session: PoolSession, other: str) -> None:
    """Let the tasks go that a session began. Raises XenError."""
    for task in _tasks_of(session, other):
        _ignore_gone(session, "task.destroy", task)


def _tasks_of(session: PoolSession, other: str) -> list[str]:
    """Give the tasks that a session began; none where xapi has forgotten the session itself."""
    tasks: list[str] = _ignore_gone(session, "session.get_tasks", other) or []
    return tasks


def _ignore_gone(session: PoolSession, method: str, reference: str) -> Any:  # noqa: ANN401 - what the method gives
    try:
        return session.call(method, reference)
    except RefusedError as error:
        if error.code not in _GONE:
            raise
        return None
