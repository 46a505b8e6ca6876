"""The connection breaks after the server has taken a step and before it could say so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest
from redis import Redis

from bot import deciding
from bot.ledger import keys
from bot.ledger.connection import for_people
from bot.ledger.questions import Questions
from bot.ledger.queueing import queue_for
from bot.ledger.store import Ledger, LedgerUnavailable
from bot.request import acting
from bot.request import events as e
from bot.request.model import Request, State
from bot.request.question import Question
from tests import stories
from tests.cutting import Wire, losing_wire
from tests.servers import empty_url
from tests.stories import APPROVER, REQUESTER, STANDING, START


@dataclass
class Lossy:
    wire: Wire
    redis: Redis
    ledger: Ledger


@pytest.fixture
def lossy() -> Iterator[Lossy]:
    database = int(parse_qs(urlsplit(empty_url()).query)["db"][0])
    with losing_wire() as wire, for_people(wire.url(database)) as redis:
        yield Lossy(wire, redis, Ledger(redis, patience=5.0))


def awaiting(ledger: Ledger) -> str:
    story = stories.awaiting_approval()
    request = ledger.open(story.events[0])
    for event in story.events[1:]:
        _append(ledger, request.id, event)
    return request.id


def _append(ledger: Ledger, request_id: str, event: e.Event) -> None:
    ledger.commit(request_id, lambda _: (event,))


def test_a_request_is_opened_once(lossy: Lossy) -> None:
    lossy.wire.lose = 1
    request = lossy.ledger.open(stories.asked())
    assert lossy.wire.lost == 1
    assert len(lossy.ledger.trail(request.id)) == 1
    assert queue_for(lossy.redis, "xenct").job_ids == [f"{request.id}-1"]
    assert lossy.redis.xlen(keys.OUTBOX) == 1


def test_an_approval_whose_answer_was_lost_counts_once_and_is_not_refused(lossy: Lossy) -> None:
    request_id = awaiting(lossy.ledger)
    lossy.wire.lose = 1
    after = lossy.ledger.commit(request_id, lambda now: deciding.approve(now, STANDING, APPROVER, 1, now.changed_at))
    assert lossy.wire.lost == 1
    assert (after.state, len(after.approvals)) == (State.QUEUED, 1)
    assert queue_for(lossy.redis, "xenct").job_ids.count(f"{request_id}-{after.work.step}") == 1


def test_a_cancel_whose_answer_was_lost_is_not_told_that_it_came_too_late(lossy: Lossy) -> None:
    request_id = awaiting(lossy.ledger)
    lossy.wire.lose = 1
    after = lossy.ledger.commit(request_id, lambda now: acting.cancel(now, REQUESTER, now.changed_at))
    assert (after.state, after.ended_by) == (State.CANCELLED, REQUESTER)


def test_a_step_that_may_have_been_recorded_says_so_when_time_is_over(lossy: Lossy) -> None:
    request_id = awaiting(lossy.ledger)
    lossy.wire.lose = 1
    hasty = Ledger(lossy.redis, patience=0.2)

    def decide(now: Request) -> tuple[e.Event, ...]:
        return acting.cancel(now, REQUESTER, now.changed_at)

    lossy.wire.refuse_after_loss = True
    with pytest.raises(LedgerUnavailable) as unavailable:
        hasty.commit(request_id, decide)
    assert unavailable.value.sent


def test_a_server_that_is_gone_got_nothing(lossy: Lossy) -> None:
    del lossy
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
    with for_people(url) as gone, pytest.raises(LedgerUnavailable) as unavailable:
        Ledger(gone).open(stories.asked())
    assert not unavailable.value.sent


def test_an_id_that_is_taken_is_not_taken_over(lossy: Lossy) -> None:
    lossy.ledger.open(stories.asked())
    with pytest.raises(LedgerUnavailable, match="taken"):
        lossy.ledger.open(replace(stories.asked(), requester="UANOTHER"))
    request = lossy.ledger.load(stories.asked().request)
    assert request is not None
    assert request.requester == REQUESTER


def test_a_step_that_took_too_long_to_decide_is_not_sent(lossy: Lossy) -> None:
    request_id = awaiting(lossy.ledger)
    before = lossy.redis.xlen(keys.AUDIT)
    with pytest.raises(LedgerUnavailable, match="late") as unavailable:
        Ledger(lossy.redis, patience=0.0).commit(request_id, lambda now: acting.cancel(now, REQUESTER, now.changed_at))
    assert not unavailable.value.sent
    assert lossy.redis.xlen(keys.AUDIT) == before


def test_a_question_is_asked_once(lossy: Lossy) -> None:
    lossy.wire.lose = 1
    Questions(lossy.redis).ask(Question("q1", "T1", "C1", "U1", "xenct", START, 1800.0), notice_seconds=10)
    assert lossy.wire.lost == 1
    assert queue_for(lossy.redis, "xenct").job_ids == ["question-q1"]
    assert lossy.redis.xlen(keys.OUTBOX) == 1
