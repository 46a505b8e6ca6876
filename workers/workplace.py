"""Where a worker does its work: the settings, the ledger, its clock, and the pools that it can log in to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, MutableSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.deciding import Standing, may_be_overridden
from bot.ledger.connection import for_work
from bot.ledger.freezes import Freezes
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.pools import Pools
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger, new_id
from bot.request.model import Request
from bot.settings import Pool, Settings, SettingsError, load, redis_url
from bot.settings.model import PasswordSource
from bot.settings.secrets import Secret, SecretError, open_password
from workers.tidying import Custody, attempt_id
from workers.troubles import CannotDoError
from workers.xen.errors import XenError
from workers.xen.records import read_master
from workers.xen.sealing import Seal
from workers.xen.session import Login, PoolSession, open_pool
from workers.xen.tasks import Pause, Waiting
from workers.xen.transport import Patience, Trust

LOG = structlog.get_logger(__name__)

COMMIT_SECONDS: Final = 60.0
"""A worker has more patience with its ledger than a person: what it found would be lost otherwise."""

TASK_SECONDS: Final = 600.0
"""The longest that a probe or a create may take: unreachable paths of a multi-portal array take minutes."""

NO_REDIS: Final = "SRBOT_REDIS_URL: is not set"


@dataclass(frozen=True, slots=True)
class Workplace:
    settings: Settings
    ledger: Ledger
    questions: Questions
    pools: Pools
    environ: Mapping[str, str] = field(repr=False)
    clock: Callable[[], float] = time.time
    pause: Pause = time.sleep
    worker: str = ""
    job: str = ""
    task_seconds: float = TASK_SECONDS
    running: MutableSet[str] = field(default_factory=set)
    """The attempts of this process that have not ended."""

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.task_seconds, pause=self.pause)

    def standing(self) -> Standing:
        """Give the policy in force; a worker knows groups as they were recorded. Raises LedgerUnavailable."""
        in_force = Policies(self.ledger.redis, fallback_of(self.settings)).in_force()
        return Standing(in_force.policy, in_force.number, frozen=Freezes(self.ledger.redis).all())

    def may_be_overridden(self, request: Request) -> bool:
        """Say whether somebody could approve that a request goes on where something could not be checked."""
        return may_be_overridden(request, self.standing(), self.clock())

    def pool(self, name: str) -> Pool:
        """Give a pool's settings; raises CannotDoError for one that is not configured any more."""
        pool = self.settings.pools.get(name)
        if pool is None:
            raise CannotDoError("pool_not_configured", pool=name)
        return pool

    @contextmanager
    def log_in(self, name: str) -> Iterator[PoolSession]:
        """Log in on a pool; what others left there is tidied up. Raises CannotDoError, XenError, LedgerUnavailable."""
        pool, password = self.pool(name), self._password(name)
        seal, attempt = Seal(name, password.reveal()), attempt_id(self.worker, self.job, new_id())
        custody = Custody(self.pools, name, attempt, seal, self.running, self.settings.times.heartbeat.total_seconds())
        with custody.kept(), open_pool(_login(pool), password, custody.attempt, custody.note) as session:
            custody.session, session.outlives = session, custody.outlives
            custody.tidy()
            try:
                yield session
            finally:
                custody.settle()
            custody.tidy()

    def tidy(self, name: str) -> None:
        """Tidy up on a pool where somebody may have left something; trouble with that stops nobody."""
        if not self.pools.held(name):
            return
        try:
            with self.log_in(name):
                pass
        except (XenError, CannotDoError) as error:
            LOG.warning("not_tidied", pool=name, error=str(error))

    def master_of(self, session: PoolSession) -> str:
        """Give the reference of the pool's master, which answers at the address that we talk to. Raises XenError."""
        known = self.pools.master(session.pool, session.address)
        if known is None:
            known = read_master(session)
            self.pools.remember_master(session.pool, session.address, known)
        return known

    def _password(self, name: str) -> Secret:
        pool = self.pool(name)
        try:
            return open_password(pool.password, self.environ)
        except SecretError as error:
            LOG.error("password_unreadable", pool=name, where=str(error))  # noqa: TRY400 - no traceback for a setting
            raise CannotDoError("pool_password_missing", pool=name) from None

    def chap_password(self, name: str) -> Secret:
        """Open the password of a credential; raises CannotDoError."""
        return self._open(self.settings.credentials[name].password, name)

    def incoming_password(self, name: str) -> tuple[str, Secret] | None:
        """Give as whom an array shows itself with mutual CHAP, if it does; raises CannotDoError."""
        incoming = self.settings.credentials[name].incoming
        return None if incoming is None else (incoming.user, self._open(incoming.password, name))

    def _open(self, source: PasswordSource, name: str) -> Secret:
        try:
            return open_password(source, self.environ)
        except SecretError as error:
            LOG.error("password_unreadable", credential=name, where=str(error))  # noqa: TRY400 - no traceback for a setting
            raise CannotDoError("credential_missing", credential=name) from None


def from_environment(environ: Mapping[str, str] = os.environ) -> Workplace:
    """Set up what the environment names: SRBOT_CONFIG and SRBOT_REDIS_URL. Raises SettingsError."""
    url = redis_url(environ)
    if url is None:
        raise SettingsError((NO_REDIS,))
    redis = for_work(url.url.reveal())
    ledger = Ledger(redis, patience=COMMIT_SECONDS)
    worker, job = environ.get("RQ_WORKER_ID", ""), environ.get("RQ_JOB_ID", "")
    return Workplace(load(None, environ), ledger, Questions(redis), Pools(redis), environ, worker=worker, job=job)


def _login(pool: Pool) -> Login:
    patience = Patience(pool.connect_seconds, pool.read_seconds)
    return Login(pool.name, pool.url, pool.user, patience, Trust(pool.ca_file, pool.fingerprint))
