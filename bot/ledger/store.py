"""The ledger: one MULTI/EXEC per step, guarded by the record's version.

In one transaction stand the events, the new projection, the audit records, the outbox entry, the due times and
the job. Somebody else was faster: the request is read again and the step is decided anew.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis, WatchError
from redis.client import Pipeline
from redis.exceptions import RedisError

from bot.audit import FIRST, digest_of
from bot.ledger import codec, effects, indices, keys
from bot.ledger.budgets import write_spent
from bot.ledger.confirmed import refuse_used, write_used
from bot.ledger.queueing import enqueue
from bot.ledger.turns import Turns
from bot.request.events import Event
from bot.request.found import Finding
from bot.request.lifecycle import apply, begin
from bot.request.model import Request, Rival, State
from bot.request.plan import digest

Decide = Callable[[Request], Sequence[Event]]
"""From the request as it is to the events that follow; raises Refused. Called again when somebody was faster."""

COMMIT_SECONDS: Final = 1.0
"""How long a commit may take in all, retries included (a listener must ack within Slack's 3 s)."""

UNKNOWN_SECONDS: Final = 900
"""How long nothing else runs on a LUN of which nobody knows what became: a slow pool may be about to change it."""

DECIDED_BY: Final = (keys.POLICY, keys.SPENT, keys.FREEZES)
"""What a decision goes by beside its request: where that changes on the way, it is decided anew."""

FINDING_GRACE: Final = 86_400
_ID_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_ID_LENGTH: Final = 9


class LedgerUnavailable(Exception):  # noqa: N818 - it names what happened
    """The ledger did not say in time that it took the step.

    `sent`: the step was on its way when the answer failed to come, so it may have been recorded all the same.
    """

    def __init__(self, reason: str, *, sent: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent


class UnknownRequest(Exception):  # noqa: N818 - it names what happened
    """There is no such request."""


class LunTaken(Exception):  # noqa: N818 - it names what happened
    """The plan of another request runs on the same LUN at this moment; `by` is that request."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


@dataclass(frozen=True, slots=True)
class NewFinding:
    """Rows of a discovery, stored with the step that found them."""

    finding: Finding
    rows: Sequence[object]


def new_id() -> str:
    """Make an id that people can read aloud: 9 letters and digits (44 bits), none that look alike."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


def is_id(text: str) -> bool:
    """Say whether a text could be an id of ours."""
    return len(text) == _ID_LENGTH and set(text) <= set(_ID_ALPHABET)


class _Attempt:
    """One step on its way into the ledger, tried until nobody was faster."""

    pipe: Pipeline

    def __init__(self, until: float) -> None:
        self.id = new_id()
        self.head = FIRST
        self.request = ""
        self.sent = False
        self._until = until

    def send(self, request_id: str) -> None:
        """Commit what the pipe holds; not any more when the time for it is over."""
        if time.monotonic() >= self._until:
            raise LedgerUnavailable("late", sent=self.sent)
        self.request, self.sent = request_id, True
        self.pipe.execute()


class Ledger:
    """Requests in Redis. Every method raises LedgerUnavailable when Redis does not answer."""

    def __init__(self, redis: Redis, patience: float = COMMIT_SECONDS) -> None:
        self._redis = redis
        self._patience = patience
        self._turns = Turns()

    @property
    def redis(self) -> Redis:
        """The connection, for the queue and the publisher."""
        return self._redis

    def open(self, asked: Event) -> Request:
        """Record a new request from its first event, once."""
        after = begin(asked)

        def step(attempt: _Attempt) -> Request:
            before = self._watched(attempt, after.id)
            if before is None:
                self._write(attempt, None, after, [(asked, after)], None)
            elif not self._was_ours(attempt, 0):
                raise LedgerUnavailable("taken")
            return after

        return self._guarded(after.id, step)

    def commit(self, request_id: str, decide: Decide, found: NewFinding | None = None) -> Request:
        """Decide on the request as it is and record what follows; gives the request after it.

        No events: nothing is written. Raises UnknownRequest, LunTaken, LedgerUnavailable, Refused for a one-time code
        that was used, and what `decide` raises.
        """
        versions: list[int] = []

        def step(attempt: _Attempt) -> Request:
            before = self._watched(attempt, request_id)
            if before is None:
                raise UnknownRequest(request_id)
            if versions and self._was_ours(attempt, versions[-1]):
                return before
            steps = _steps(before, decide(before))
            if not steps:
                return before
            versions.append(before.version)
            self._write(attempt, before, steps[-1][1], steps, found)
            return steps[-1][1]

        return self._guarded(request_id, step)

    def load(self, request_id: str) -> Request | None:
        """Read a request; None where there is none."""
        raw = self._ask(lambda: self._redis.hget(keys.request(request_id), "doc"))
        return None if raw is None else codec.decode(raw, Request)

    def trail(self, request_id: str) -> list[Event]:
        """Read all events of a request, oldest first."""
        rows = self._ask(lambda: self._redis.lrange(keys.trail(request_id), 0, -1))
        return [codec.decode_event(row) for row in rows]

    def rivals(self, request: Request) -> tuple[Rival, ...]:
        """Give the other open requests that want the LUN of this one, the first asked first."""
        return self.rivals_at(effects.wanted_lun(request), but=request.id)

    def rivals_at(self, scsi_id: str, *, but: str) -> tuple[Rival, ...]:
        """Give the open requests that want a LUN, all but one, the first asked first."""
        found = self._ask(lambda: self._redis.smembers(keys.lun(scsi_id))) if scsi_id else ()
        others = [self.load(row.decode()) for row in found if row.decode() != but]
        wanted = sorted((other for other in others if other is not None), key=lambda other: (other.asked_at, other.id))
        return tuple(Rival(other.id, other.requester, other.state) for other in wanted)

    def open_requests(self) -> list[str]:
        """The ids of the requests that have not ended."""
        return sorted(row.decode() for row in self._ask(lambda: self._redis.smembers(keys.OPEN)))

    def due(self, now: float, limit: int = 100) -> list[tuple[str, str]]:
        """What is due: (what, request id), the longest overdue first."""
        rows = self._ask(lambda: self._redis.zrange(keys.DUE, "-inf", now, byscore=True, offset=0, num=limit))
        split = [row.decode().partition(":") for row in rows]
        return [(what, request_id) for what, _, request_id in split]

    def put_off(self, what: str, request_id: str, at: float) -> None:
        """Have something that is due looked at later, if it still is."""
        self._ask(lambda: self._redis.zadd(keys.DUE, {f"{what}:{request_id}": at}, xx=True))

    def forget_due(self, what: str, request_id: str) -> None:
        """Drop a due entry that nothing answers to any more."""
        self._ask(lambda: self._redis.zrem(keys.DUE, f"{what}:{request_id}"))

    @staticmethod
    def _watched(attempt: _Attempt, request_id: str) -> Request | None:
        pipe = attempt.pipe
        pipe.watch(keys.request(request_id), *DECIDED_BY)  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
        row: Any = pipe.hmget(keys.request(request_id), "doc", "head")
        raw, attempt.head = row[0], (row[1] or b"").decode()
        return None if raw is None else codec.decode(raw, Request)

    @staticmethod
    def _was_ours(attempt: _Attempt, version: int) -> bool:
        """Say whether what came after this version is what an earlier attempt sent, its answer lost on the way."""
        row: Any = attempt.pipe.lindex(keys.trail(attempt.request), version) if attempt.sent else None
        return row is not None and codec.commit_of(row) == attempt.id

    def _write(
        self,
        attempt: _Attempt,
        before: Request | None,
        after: Request,
        steps: Sequence[tuple[Event, Request]],
        found: NewFinding | None,
    ) -> None:
        pipe = attempt.pipe
        self._refuse_taken(pipe, before, after)
        refuse_used(pipe, [event for event, _ in steps])
        pipe.multi()
        head = attempt.head
        for event, state in steps:
            record = codec.encode_event(event, state, digest(state.plan) if state.plan else "", attempt.id, head)
            head = digest_of(record)
            pipe.rpush(keys.trail(after.id), record)
            pipe.xadd(keys.AUDIT, {"record": record})
        written: dict[Any, Any] = {"version": after.version, "doc": codec.encode(after), "head": head}
        pipe.hset(keys.request(after.id), mapping=written)
        (pipe.srem if after.ended else pipe.sadd)(keys.OPEN, after.id)
        pipe.xadd(keys.OUTBOX, {"kind": "request", "id": after.id})
        self._write_due(pipe, after)
        write_spent(pipe, [event for event, _ in steps], after)
        write_used(pipe, [event for event, _ in steps])
        self._write_lun(pipe, before, after)
        indices.write(pipe, after)
        if found is not None:
            lifetime = int(after.times.choice) + FINDING_GRACE
            pipe.set(keys.finding(found.finding.id), codec.encode(list(found.rows)), ex=lifetime)
        job = effects.wanted_job(before, after)
        if job is not None:
            enqueue(self._redis, pipe, job)
        attempt.send(after.id)

    @staticmethod
    def _refuse_taken(pipe: Pipeline, before: Request | None, after: Request) -> None:
        """Let no plan begin on what another one runs on; raises LunTaken."""
        if effects.run_luns(before):
            return
        for lun in sorted(effects.run_luns(after)):
            pipe.watch(keys.lun_run(lun))  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
            holder: Any = pipe.get(keys.lun_run(lun))
            if holder is not None and holder.decode() != after.id:
                raise LunTaken(holder.decode())

    @staticmethod
    def _write_lun(pipe: Pipeline, before: Request | None, after: Request) -> None:
        was, now = effects.wanted_lun(before), effects.wanted_lun(after)
        if was and was != now:
            pipe.srem(keys.lun(was), after.id)
        if now:
            pipe.sadd(keys.lun(now), after.id)
        ran, runs = effects.run_luns(before), effects.run_luns(after)
        for lun in sorted(ran - runs):
            if after.state is State.UNKNOWN:
                pipe.expire(keys.lun_run(lun), UNKNOWN_SECONDS)
            else:
                pipe.delete(keys.lun_run(lun))
        for lun in sorted(runs):
            pipe.set(keys.lun_run(lun), after.id)

    @staticmethod
    def _write_due(pipe: Pipeline, after: Request) -> None:
        for what, at in effects.due(after).items():
            member = f"{what}:{after.id}"
            if at is None or after.ended:
                pipe.zrem(keys.DUE, member)
            else:
                pipe.zadd(keys.DUE, {member: at})

    def _guarded(self, request_id: str, step: Callable[[_Attempt], Request]) -> Request:
        """Run a watched transaction until nobody was faster, within the time that a commit may take."""
        until = time.monotonic() + self._patience
        with self._turns.take(request_id, until) as came:
            if not came:
                raise LedgerUnavailable("late")
            return self._tried(_Attempt(until), step)

    def _tried(self, attempt: _Attempt, step: Callable[[_Attempt], Request]) -> Request:
        while True:
            try:
                with self._redis.pipeline() as attempt.pipe:
                    return step(attempt)
            except WatchError:
                continue
            except LedgerUnavailable as error:
                error.sent = error.sent or attempt.sent
                raise
            except RedisError as error:
                raise LedgerUnavailable(type(error).__name__, sent=attempt.sent) from error

    @staticmethod
    def _ask(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - Redis answers with what it holds
        try:
            return call()
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error


def _steps(before: Request, events: Sequence[Event]) -> list[tuple[Event, Request]]:
    steps: list[tuple[Event, Request]] = []
    state = before
    for event in events:
        state = apply(state, event)
        steps.append((event, state))
    return steps
