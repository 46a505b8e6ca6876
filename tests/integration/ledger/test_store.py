from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from bot import deciding
from bot.ledger import codec, keys
from bot.ledger.connection import for_people, for_work
from bot.ledger.queueing import OurJob, queue_for
from bot.ledger.store import Ledger, LedgerUnavailable, NewFinding, UnknownRequest, new_id
from bot.request import acting
from bot.request import events as e
from bot.request.found import Finding, Target
from bot.request.lifecycle import Impossible, fold
from bot.request.model import Request, State
from bot.request.refused import Refused
from tests import stories
from tests.servers import empty_url
from tests.stories import APPROVER, REQUESTER, STANDING, TARGET, Story


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


@pytest.fixture
def ledger(redis: Redis) -> Ledger:
    return Ledger(redis, patience=20.0)


def _happens(event: e.Event, _: Request) -> tuple[e.Event, ...]:
    return (event,)


def record(ledger: Ledger, story: Story) -> Request:
    """Let a story happen in the ledger, a commit per event."""
    request = ledger.open(story.events[0])
    for event in story.events[1:]:
        request = ledger.commit(request.id, partial(_happens, event))
    return request


def test_a_story_is_read_back_as_it_happened(ledger: Ledger) -> None:
    story = stories.succeeded()
    assert record(ledger, story) == story.request
    assert ledger.load(story.request.id) == story.request
    assert ledger.trail(story.request.id) == story.events
    assert fold(ledger.trail(story.request.id)) == story.request


def test_each_step_writes_audit_outbox_due_time_and_job_together(ledger: Ledger, redis: Redis) -> None:
    request = record(ledger, stories.choosing_target().target_is_picked())
    assert redis.xlen(keys.AUDIT) == redis.xlen(keys.OUTBOX) == redis.llen(keys.trail(request.id)) == 3
    assert queue_for(redis, "xenct").job_ids == [f"{request.id}-1", f"{request.id}-2"]
    assert redis.zscore(keys.DUE, f"expire:{request.id}") == request.expires_at
    assert ledger.open_requests() == [request.id]


def test_an_ended_request_is_closed_and_nothing_is_due_for_it(ledger: Ledger, redis: Redis) -> None:
    record(ledger, stories.succeeded())
    assert ledger.open_requests() == []
    assert redis.zcard(keys.DUE) == 0


def test_a_step_that_cannot_happen_leaves_no_trace(ledger: Ledger, redis: Redis) -> None:
    request = record(ledger, stories.choosing_target())
    before = redis.xlen(keys.AUDIT)
    with pytest.raises(Impossible):
        ledger.commit(request.id, lambda _: (e.Queued(at=1.0),))
    assert redis.xlen(keys.AUDIT) == before
    assert ledger.load(request.id) == request


def test_no_events_write_nothing(ledger: Ledger, redis: Redis) -> None:
    request = record(ledger, stories.choosing_target())
    before = redis.xlen(keys.OUTBOX)
    assert ledger.commit(request.id, lambda _: ()) == request
    assert redis.xlen(keys.OUTBOX) == before


def test_an_unknown_request_is_said_to_be_unknown(ledger: Ledger) -> None:
    assert ledger.load("nobody") is None
    with pytest.raises(UnknownRequest):
        ledger.commit("nobody", lambda _: ())


def test_fifty_approvals_at_once_make_one_job_and_one_approval(redis: Redis, ledger: Ledger) -> None:
    request = record(ledger, stories.awaiting_approval())
    people = [f"UAPPROVER{n}" for n in range(50)]
    standing = stories.standing(*people)
    start = threading.Barrier(len(people))

    def press(person: str) -> str:
        start.wait()
        try:
            ledger.commit(request.id, lambda now: deciding.approve(now, standing, person, 1, now.changed_at))
        except Refused as refused:
            return refused.reason_code
        return "approved"

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(press, people))
    assert sorted(answers) == ["approved"] + ["not_awaiting_approval"] * 49
    after = ledger.load(request.id)
    assert after is not None
    assert len(after.approvals) == 1
    assert queue_for(redis, "xenct").job_ids.count(f"{request.id}-{after.work.step}") == 1


def test_the_decision_is_made_again_when_somebody_was_faster(redis: Redis, ledger: Ledger) -> None:
    request, of_another_process = record(ledger, stories.awaiting_approval()), Ledger(redis)
    seen: list[State] = []

    def decide(now: Request) -> tuple[e.Event, ...]:
        seen.append(now.state)
        if len(seen) == 1:
            of_another_process.commit(request.id, lambda r: deciding.approve(r, STANDING, APPROVER, 1, r.changed_at))
        return acting.cancel(now, REQUESTER, now.changed_at)

    assert ledger.commit(request.id, decide).state is State.CANCELLED
    assert seen == [State.AWAITING_APPROVAL, State.QUEUED]


def test_a_commit_gives_up_after_its_patience(redis: Redis, ledger: Ledger) -> None:
    request = record(ledger, stories.choosing_target())
    hasty = Ledger(redis, patience=0.0)

    def decide(_: Request) -> tuple[e.Event, ...]:
        redis.hset(keys.request(request.id), "version", "99")
        return (e.Cancelled(at=1.0),)

    with pytest.raises(LedgerUnavailable):
        hasty.commit(request.id, decide)


def test_a_server_that_is_gone_is_said_to_be_unavailable() -> None:
    with for_people("unix:///nowhere/at/all.sock") as gone, pytest.raises(LedgerUnavailable):
        Ledger(gone).open(stories.asked())
    with for_people("unix:///nowhere/at/all.sock") as gone, pytest.raises(LedgerUnavailable):
        Ledger(gone).load("abc")


def test_a_discovery_is_stored_with_the_step_that_made_it(redis: Redis, ledger: Ledger) -> None:
    asked = ledger.open(stories.asked())
    found = NewFinding(Finding(new_id(), 1), [TARGET])
    event = e.TargetsFound(at=asked.asked_at, step=1, finding=found.finding)
    ledger.commit(asked.id, lambda _: (event,), found)
    raw = redis.get(keys.finding(found.finding.id))
    assert isinstance(raw, bytes)
    assert codec.decode(raw, list[Target]) == [TARGET]
    assert 0 < redis.ttl(keys.finding(found.finding.id)) <= 3600 + 86_400


def test_what_is_due_is_given_longest_overdue_first(ledger: Ledger) -> None:
    request = ledger.open(stories.asked())
    assert ledger.due(request.asked_at) == []
    assert ledger.due(request.asked_at + 10) == [("notice", request.id)]
    assert ledger.due(request.asked_at + 4000) == [("notice", request.id), ("expire", request.id)]
    ledger.forget_due("notice", request.id)
    assert ledger.due(request.asked_at + 10) == []


def test_a_notice_comes_again_at_doubling_distances(ledger: Ledger) -> None:
    request = ledger.open(stories.asked())
    start = request.asked_at
    ledger.commit(request.id, lambda _: (e.Noticed(at=start + 10, step=1, why="no_worker"),))
    assert ledger.due(start + 19.9) == []
    ledger.commit(request.id, lambda _: (e.Noticed(at=start + 20, step=1, why="no_worker"),))
    assert ledger.due(start + 39.9) == []
    assert ledger.due(start + 40) == [("notice", request.id)]


def test_a_job_that_names_another_function_is_refused(redis: Redis) -> None:
    queue = queue_for(redis, "xenct")
    job = queue.enqueue_call("os.getcwd", description="not ours")
    worker = SimpleWorker([queue], connection=redis, job_class=OurJob, serializer=JSONSerializer)
    worker.work(burst=True)
    result = job.latest_result()
    assert result is not None
    assert "not srbot's" in str(result.exc_string)


def test_a_record_of_another_schema_or_kind_cannot_be_read() -> None:
    story = stories.choosing_target()
    good = codec.encode_event(story.events[-1], story.request, "")
    assert codec.decode_event(good) == story.events[-1]
    for bad in (
        good.replace(b"TargetsFound", b"Approvals"),
        good.replace(b'"schema":1', b'"schema":9'),
        b"{",
        b"\xff",
        codec.encode(1),
    ):
        with pytest.raises(codec.Unreadable):
            codec.decode_event(bad)


def test_a_worker_connection_is_patient() -> None:
    with for_work(empty_url()) as patient:
        assert patient.ping()
        assert Ledger(patient).redis is patient


def test_ids_can_be_read_aloud_and_differ() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(not set(one) & set("01ilo") for one in ids)
