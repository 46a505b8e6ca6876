"""Findings, questions and the outbox: the ledger's smaller rooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from bot.ledger import codec, keys
from bot.ledger.connection import for_people
from bot.ledger.findings import KEPT, Findings
from bot.ledger.outbox import Outbox, Shown
from bot.ledger.questions import Questions
from bot.ledger.queueing import queue_for
from bot.ledger.store import LedgerUnavailable
from bot.request.found import Target, Trouble
from bot.request.question import Question, SrRow
from tests.servers import empty_url
from tests.stories import START, TARGET

ROW = SrRow("u1", "Builds", "lvmoiscsi", "user", 10, None, "<shared>", 2, 2)
QUESTION = Question("q1", "T1", "C1", "U1", "xenct", START, 1800.0)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


def test_a_finding_is_read_once_and_remembered(redis: Redis) -> None:
    redis.set(keys.finding("f1"), codec.encode([TARGET]))
    findings = Findings(redis)
    assert findings.rows("f1", Target) == (TARGET,)
    redis.delete(keys.finding("f1"))
    assert findings.rows("f1", Target) == (TARGET,)


def test_only_the_last_findings_are_remembered(redis: Redis) -> None:
    findings = Findings(redis)
    for number in range(KEPT + 1):
        redis.set(keys.finding(f"f{number}"), codec.encode([TARGET]))
        findings.rows(f"f{number}", Target)
    redis.delete(keys.finding("f0"), keys.finding("f1"))
    assert findings.rows("f0", Target) is None
    assert findings.rows("f1", Target) == (TARGET,)


def test_a_finding_of_a_server_that_is_gone_is_unavailable() -> None:
    with for_people("unix:///nowhere/at/all.sock") as gone, pytest.raises(LedgerUnavailable):
        Findings(gone).rows("f1", Target)


def test_a_question_is_recorded_with_its_job_and_shown(redis: Redis) -> None:
    questions = Questions(redis)
    questions.ask(QUESTION, notice_seconds=10)
    assert questions.load("q1") == QUESTION
    assert queue_for(redis, "xenct").job_ids == ["question-q1"]
    assert redis.xlen(keys.OUTBOX) == 1
    assert redis.zscore(keys.DUE, "question:q1") == START + 10
    assert 0 < redis.ttl(keys.question("q1")) <= 1800


def test_a_question_is_answered_once(redis: Redis) -> None:
    questions = Questions(redis)
    questions.ask(QUESTION, notice_seconds=10)
    questions.notice("q1", START + 10)
    questions.answer("q1", START + 12, (ROW,))
    questions.answer("q1", START + 13, Trouble("host_unreachable"))
    questions.notice("q1", START + 14)
    answered = questions.load("q1")
    assert answered is not None
    assert answered.answered
    assert (answered.rows, answered.answered_at, answered.noticed_at) == ((ROW,), START + 12, START + 10)
    assert redis.xlen(keys.OUTBOX) == 3
    assert redis.zcard(keys.DUE) == 0


def test_a_slow_answer_is_noticed_once(redis: Redis) -> None:
    questions = Questions(redis)
    questions.ask(QUESTION, notice_seconds=10)
    questions.notice("q1", START + 10)
    questions.notice("q1", START + 20)
    assert redis.xlen(keys.OUTBOX) == 2


def test_an_answer_that_comes_too_late_is_dropped(redis: Redis) -> None:
    questions = Questions(redis)
    questions.answer("gone", START, (ROW,))
    assert questions.load("gone") is None
    assert redis.xlen(keys.OUTBOX) == 0


def test_an_answer_is_written_although_somebody_else_writes(redis: Redis) -> None:
    class Meddled(Questions):
        meddled = False

        def load(self, question_id: str) -> Question | None:
            loaded = super().load(question_id)
            if not self.meddled:
                self.meddled = True
                Questions(redis).notice(question_id, START + 1)
            return loaded

    Questions(redis).ask(QUESTION, notice_seconds=10)
    Meddled(redis).answer("q1", START + 2, (ROW,))
    answered = Questions(redis).load("q1")
    assert answered is not None
    assert (answered.noticed_at, answered.answered_at) == (START + 1, START + 2)


def test_questions_to_a_server_that_is_gone_are_unavailable() -> None:
    with for_people("unix:///nowhere/at/all.sock") as gone:
        questions = Questions(gone)
        with pytest.raises(LedgerUnavailable):
            questions.ask(QUESTION, 10)
        with pytest.raises(LedgerUnavailable):
            questions.load("q1")
        with pytest.raises(LedgerUnavailable):
            questions.answer("q1", START, ())


def test_one_publisher_at_a_time(redis: Redis) -> None:
    first, second = Outbox(redis, "first"), Outbox(redis, "second")
    assert first.hold_lease()
    assert not second.hold_lease()
    assert first.hold_lease()
    second.drop_lease()
    assert first.hold_lease()
    first.drop_lease()
    assert second.hold_lease()


def test_entries_come_in_order_and_stay_until_they_are_done(redis: Redis) -> None:
    outbox = Outbox(redis, "first")
    assert outbox.wait("0", milliseconds=1) == []
    for number in range(3):
        redis.xadd(keys.OUTBOX, {"kind": "request", "id": f"r{number}"})
    entries = outbox.wait("0", milliseconds=1)
    assert [(entry.kind, entry.subject) for entry in entries] == [("request", f"r{n}") for n in range(3)]
    outbox.done()
    outbox.done(entries[0].id)
    assert [entry.subject for entry in outbox.wait("0", milliseconds=1)] == ["r1", "r2"]


def test_what_stands_in_slack_is_remembered(redis: Redis) -> None:
    outbox = Outbox(redis, "first")
    assert outbox.shown("r1") == Shown()
    outbox.note_shown("r1", Shown("C1", "1.2", "abc", 3))
    assert outbox.shown("r1") == Shown("C1", "1.2", "abc", 3)
