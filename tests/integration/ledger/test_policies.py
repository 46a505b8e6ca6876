from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from bot import deciding
from bot.deciding import Standing
from bot.ledger import codec, keys
from bot.ledger.policies import Policies
from bot.ledger.store import Ledger, LedgerUnavailable
from bot.policy import ChannelApprovers, Spent, fallback_policy, parse
from bot.request import events as e
from bot.request.model import Request, State
from bot.request.refused import Refused
from tests import stories
from tests.servers import empty_url
from tests.stories import REQUESTER

FALLBACK = fallback_policy([ChannelApprovers("C1", frozenset({"UA"}))])
TEXT = '[rules.all]\ndecide = ["1 of UB"]\n'
OTHER = '[rules.all]\ndecide = ["1 of UC"]\n'
AUTOMATIC = '[rules.libraries]\nwhen = { actions = ["add iso"], harmless = true }\nautomatic = { per_day = 1 }\n'


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


def test_before_a_policy_is_applied_what_the_channels_say_is_in_force_and_its_text_is_kept(redis: Redis) -> None:
    policies = Policies(redis, FALLBACK)
    for _ in range(2):
        in_force = policies.in_force()
        assert (in_force.number, in_force.policy) == (0, FALLBACK)
    assert (policies.applied(), policies.history()) == (None, [])
    assert policies.text_of(FALLBACK.digest) == FALLBACK.text
    assert policies.text_of("unknown") is None


def test_what_is_applied_is_in_force_everywhere_at_once(redis: Redis) -> None:
    here, there = Policies(redis, FALLBACK), Policies(redis, FALLBACK)
    assert there.in_force().number == 0
    applied = here.apply(TEXT, "anna@desk", 7.0)
    assert (applied.number, applied.by, applied.at, applied.digest) == (1, "anna@desk", 7.0, parse(TEXT).digest)
    assert there.in_force().policy.text == there.remembered.text == TEXT
    assert there.in_force() is there.in_force()
    assert there.apply(OTHER, "ben@desk", 8.0).number == 2
    assert [each.text for each in here.history()] == [TEXT, OTHER]
    assert here.text_of(applied.digest) == TEXT
    rows: Any = redis.xrange(keys.AUDIT)
    records = [fields[b"record"] for _, fields in rows]
    assert [b"PolicyApplied" in record and applied.text.encode() not in record for record in records] == [True, True]


def test_the_same_text_once_more_changes_nothing(redis: Redis) -> None:
    policies = Policies(redis, FALLBACK)
    first = policies.apply(TEXT, "anna", 7.0)
    assert policies.apply(TEXT, "ben", 8.0) == first
    assert (len(policies.history()), redis.xlen(keys.AUDIT)) == (1, 1)


def test_policies_that_are_applied_at_once_come_one_after_the_other(redis: Redis) -> None:
    start = threading.Barrier(8)

    def apply(number: int) -> int:
        start.wait()
        return Policies(redis, FALLBACK).apply(f"# {number}\n{TEXT}", "somebody", float(number)).number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(apply, range(8))) == list(range(1, 9))
    assert Policies(redis, FALLBACK).in_force().number == 8


@pytest.mark.parametrize("raw", [b"junk", codec.encode({"number": 1}), b"\xff"])
def test_a_record_that_cant_be_read_allows_nothing(redis: Redis, raw: bytes) -> None:
    redis.set(keys.POLICY, raw)
    in_force = Policies(redis, FALLBACK).in_force()
    story = stories.awaiting_approval()
    with pytest.raises(Refused, match="no_rule_matched"):
        deciding.approve(story.request, Standing(in_force.policy, in_force.number), "UA", 1, story.now)


def test_a_text_that_cant_be_read_any_more_allows_nothing(redis: Redis) -> None:
    policies = Policies(redis, FALLBACK)
    policies.apply("[rules.all]\n", "a newer release", 7.0)
    assert policies.in_force().policy.rules == ()


def test_a_server_that_does_not_answer_is_no_policy() -> None:
    with pytest.raises(LedgerUnavailable):
        Policies(Redis.from_url("unix:///nowhere/s.sock"), FALLBACK).in_force()


def asks(ledger: Ledger, number: int) -> str:
    """Somebody asks for an ISO library, as far as its plan."""
    story = stories.sharing().plan_is_made(stories.share_plan())
    asked = story.events[0]
    assert isinstance(asked, e.Asked)
    name = f"abc234xy{number}"
    ledger.open(stories.asked(kind=asked.kind, share=asked.share, address=None, credential=None, request=name))
    ledger.commit(name, lambda _: story.events[1:])
    return name


def test_a_budget_is_charged_in_the_commit_that_lets_a_request_pass_and_never_twice(redis: Redis) -> None:
    ledger, policies = Ledger(redis, 10), Policies(redis, FALLBACK)
    policies.apply(AUTOMATIC, "anna", 7.0)
    names = [asks(ledger, number) for number in range(2, 8)]
    start = threading.Barrier(len(names))

    def request(name: str) -> State | str:
        def decide(now: Request) -> list[e.Event]:
            at = now.changed_at + 1
            standing = Standing(policies.in_force().policy, 1, spent=policies.spent(at))
            return list(deciding.request_approval(now, standing, REQUESTER, 1, at))

        start.wait()
        try:
            return ledger.commit(name, decide).state
        except Refused as refused:
            return refused.reason_code

    with ThreadPoolExecutor(len(names)) as pool:
        answers = sorted(map(str, pool.map(request, names)))
    assert answers == ["budget_spent"] * 5 + ["queued"]
    (spent,) = policies.spent(stories.START)
    assert (spent.rule, spent.person) == ("libraries", REQUESTER)


def test_what_was_spent_long_ago_is_forgotten(redis: Redis) -> None:
    old = Spent("libraries", REQUESTER, 1.0, "x")
    redis.zadd(keys.SPENT, {codec.encode(old): 1.0})
    policies, ledger = Policies(redis, FALLBACK), Ledger(redis)
    assert policies.spent(stories.START) == ()
    name = asks(ledger, 2)
    queued = e.Queued(at=stories.START + 9, charges=("libraries",))
    ledger.commit(name, lambda _: [e.ApprovalRequested(at=stories.START + 9, plan_number=1), queued])
    assert redis.zcard(keys.SPENT) == 1


def test_a_policy_that_changes_while_something_is_decided_has_it_decided_anew(redis: Redis) -> None:
    ledger, policies = Ledger(redis, 10), Policies(redis, FALLBACK)
    policies.apply('[rules.all]\ndecide = ["1 of UAPPROVER1"]\n', "anna", 7.0)
    story = stories.awaiting_approval()
    ledger.open(story.events[0])
    for event in story.events[1:]:
        ledger.commit(story.request.id, lambda _, event=event: [event])  # type: ignore[misc]  # mypy knows no default here
    seen: list[int] = []

    def decide(now: Request) -> list[e.Event]:
        in_force = policies.in_force()
        seen.append(in_force.number)
        if len(seen) == 1:
            Policies(redis, FALLBACK).apply(OTHER, "ben", 8.0)
        return list(deciding.approve(now, Standing(in_force.policy, in_force.number), "UAPPROVER1", 1, now.changed_at))

    with pytest.raises(Refused, match="not_an_approver"):
        ledger.commit(story.request.id, decide)
    assert seen == [1, 2]
    after = ledger.load(story.request.id)
    assert after is not None
    assert after.state is State.AWAITING_APPROVAL
