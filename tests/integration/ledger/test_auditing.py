"""What the audit says of a real ledger: as it was written, and after somebody wrote into its server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.audit import Finding
from bot.audit.verifying import MISSING_AFTER, MISSING_BEFORE, NOT_BEGUN, TOO_MANY, TWICE
from bot.ledger import auditing, chains, keys
from bot.ledger.auditing import NOT_ITS_RECORDS, Audit
from bot.ledger.freezes import Freezes
from bot.ledger.notes import Explaining, Notes
from bot.ledger.policies import NOTHING_ALLOWED, Policies
from bot.ledger.store import Ledger, LedgerUnavailable
from bot.request.freezing import Freeze
from tests import stories
from tests.servers import empty_url
from tests.stories import START

NAME = "abc234xyz"


@pytest.fixture
def redis() -> Redis:
    return Redis.from_url(empty_url())


@pytest.fixture
def recorded(redis: Redis) -> Redis:
    """Have a request, a policy, a freeze and a note in the ledger."""
    ledger, story = Ledger(redis), stories.queued()
    ledger.open(stories.asked(request=NAME))
    Policies(redis, NOTHING_ALLOWED).apply('[rules.all]\ndecide = ["1 of U1"]\n', "somebody", START)
    for event in story.events[1:]:
        ledger.commit(NAME, lambda _, happened=event: [happened])  # type: ignore[misc]  # a lambda's default
    freezes = Freezes(redis)
    freezes.freeze(Freeze("xenct", "U1", START, "maintenance"))
    freezes.thaw("xenct", "U1", START)
    Notes(redis).explained(Explaining("one", START, "U1", "T1", "C1", "error", None))
    return redis


def findings(redis: Redis) -> list[Finding]:
    return list(Audit(redis).findings())


def ids(redis: Redis) -> list[Any]:
    rows: Any = redis.xrange(keys.AUDIT)
    return [entry for entry, _ in rows]


def length(redis: Redis) -> int:
    request = Ledger(redis).load(NAME)
    assert request is not None
    return request.version


def test_everything_that_srbot_records_stands_in_a_chain_and_none_is_missing(recorded: Redis) -> None:
    audit = Audit(recorded)
    assert list(audit.findings()) == []
    assert (audit.verifier.count, audit.verifier.chains) == (length(recorded) + 4, 2)


def test_what_is_recorded_while_somebody_looks_is_no_finding(recorded: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    read = auditing.entries

    def slow(redis: Redis) -> Any:  # noqa: ANN401 - as it gives them
        yield from read(redis)
        Policies(redis, NOTHING_ALLOWED).apply('[rules.all]\ndecide = ["1 of U2"]\n', "somebody", START)

    monkeypatch.setattr(auditing, "entries", slow)
    assert findings(recorded) == []


def test_notes_of_one_process_that_come_at_once_stand_one_after_the_other(recorded: Redis) -> None:
    start = threading.Barrier(8)

    def note(number: int) -> None:
        start.wait()
        Notes(recorded).explained(Explaining(str(number), START, "U1", "T1", "C1", "error", None))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(8)))
    audit = Audit(recorded)
    assert list(audit.findings()) == []
    assert audit.verifier.count == length(recorded) + 4 + 8


def test_a_note_that_the_ledger_does_not_take_is_said_to_be_lost() -> None:
    nowhere = Redis.from_url("unix:///nowhere/s.sock", retry=Retry(NoBackoff(), 0))
    with pytest.raises(LedgerUnavailable):
        Notes(nowhere).explained(Explaining("one", START, "U1", "T1", "C1", "error", None))


def test_a_stream_of_many_pages_is_read_to_its_end(recorded: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "PAGE", 2)
    assert findings(recorded) == []


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda redis: redis.xdel(keys.AUDIT, ids(redis)[-1]), ("", MISSING_AFTER)),
        (lambda redis: redis.xdel(keys.AUDIT, ids(redis)[3]), (NAME, MISSING_BEFORE)),
        (lambda redis: redis.xtrim(keys.AUDIT, minid=ids(redis)[1], approximate=False), (NAME, MISSING_BEFORE)),
        (lambda redis: redis.xadd(keys.AUDIT, redis.xrange(keys.AUDIT)[0][1]), (NAME, TWICE)),
        (lambda redis: redis.hset(keys.request(NAME), "head", "0" * 64), (NAME, TOO_MANY)),
        (lambda redis: redis.hset(keys.request("zzzzzzzzz"), "version", 1), ("zzzzzzzzz", NOT_BEGUN)),
        (lambda redis: redis.lset(keys.trail(NAME), 1, b"junk"), (NAME, NOT_ITS_RECORDS)),
        (lambda redis: redis.rpop(keys.trail(NAME)), (NAME, NOT_ITS_RECORDS)),
        (
            lambda redis: redis.hset(
                keys.request(NAME),
                "doc",
                redis.hget(keys.request(NAME), "doc").replace(stories.REQUESTER.encode(), b"USOMEBODY"),
            ),
            (NAME, NOT_ITS_RECORDS),
        ),
    ],
)
def test_what_somebody_wrote_into_the_server_is_found(
    recorded: Redis, tamper: Callable[[Any], object], first: tuple[str, str]
) -> None:
    tamper(recorded)
    found = findings(recorded)[0]
    assert (found.chain, found.wrong) == (first[0] or chains.of_process(), first[1])
