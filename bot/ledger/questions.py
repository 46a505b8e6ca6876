"""Questions in Redis: recorded with their job and outbox entry in one transaction, gone after a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from redis import Redis, WatchError
from redis.client import Pipeline
from redis.exceptions import RedisError

from bot.ledger import codec, effects, keys
from bot.ledger.queueing import enqueue
from bot.ledger.store import LedgerUnavailable
from bot.request.found import Trouble
from bot.request.question import Question, ShownSr, SrRow

KIND: Final = "question"


class Questions:
    """Every method raises LedgerUnavailable when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def ask(self, question: Question, notice_seconds: float) -> None:
        """Record a question and hand it to a worker."""
        job = effects.WantedJob(f"question-{question.id}", effects.ANSWER_JOB, question.pool, question.id, step=1)
        try:
            with self._redis.pipeline() as pipe:
                pipe.watch(keys.question(question.id))  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
                if pipe.exists(keys.question(question.id)):
                    return
                pipe.multi()
                self._put(pipe, question)
                pipe.zadd(keys.DUE, {f"{KIND}:{question.id}": question.asked_at + notice_seconds})
                enqueue(self._redis, pipe, job)
                pipe.execute()
        except WatchError:
            # Nobody else knows this id: the answer was lost. If the question is there, it is recorded.
            self.ask(question, notice_seconds)
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error

    def load(self, question_id: str) -> Question | None:
        """Read a question; None where its time is over."""
        try:
            raw: Any = self._redis.get(keys.question(question_id))
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error
        return None if raw is None else codec.decode(raw, Question)

    def answer(self, question_id: str, now: float, answer: tuple[SrRow, ...] | ShownSr | Trouble) -> None:
        """Record the answer, once; a question that was answered, or whose time is over, stays as it is."""

        def answered(question: Question) -> Question:
            question = replace(question, answered_at=now)
            if isinstance(answer, ShownSr):
                return replace(question, shown=answer)
            return replace(question, trouble=answer) if isinstance(answer, Trouble) else replace(question, rows=answer)

        self._change(question_id, answered)

    def notice(self, question_id: str, now: float) -> None:
        """Record that the answer takes longer than people expect, once."""
        self._change(question_id, lambda q: q if q.noticed_at else replace(q, noticed_at=now))

    def _change(self, question_id: str, change: Callable[[Question], Question]) -> None:
        try:
            with self._redis.pipeline() as pipe:
                pipe.watch(keys.question(question_id))  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
                before = self.load(question_id)
                pipe.multi()
                pipe.zrem(keys.DUE, f"{KIND}:{question_id}")
                if before is not None and not before.answered and (after := change(before)) != before:
                    self._put(pipe, after)
                pipe.execute()
        except WatchError:
            self._change(question_id, change)
        except RedisError as error:
            raise LedgerUnavailable(type(error).__name__) from error

    @staticmethod
    def _put(pipe: Pipeline, question: Question) -> None:
        pipe.set(keys.question(question.id), codec.encode(question), ex=int(question.keep_seconds))
        pipe.xadd(keys.OUTBOX, {"kind": KIND, "id": question.id})
