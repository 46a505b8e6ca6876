from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from redis import Redis

from bot.ledger import codec, keys
from bot.ledger.connection import for_people
from bot.ledger.indices import ENDED_KEPT
from bot.ledger.listing import LOOKED_THROUGH, ROWS_A_PAGE, Listing, Page, Parts, awaiting_in, of_person, open_in
from bot.ledger.store import Ledger, LedgerUnavailable, new_id
from bot.request import events as e
from bot.request.model import Request, State
from tests import stories
from tests.servers import empty_url
from tests.stories import REQUESTER, START, Story

DAY = 86_400.0


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


@pytest.fixture
def ledger(redis: Redis) -> Ledger:
    return Ledger(redis, patience=20.0)


def happens(ledger: Ledger, name: str, event: e.Event) -> Request:
    return ledger.commit(name, partial(_decided, event))


def _decided(event: e.Event, _: Request) -> tuple[e.Event, ...]:
    return (event,)


def recorded(ledger: Ledger, story: Story, **changes: object) -> str:
    """Let a story happen to a request of its own; gives its id."""
    asked = replace(story.events[0], **{"request": new_id(), **changes})  # type: ignore[arg-type]  # the test names the fields
    name = ledger.open(asked).id
    for event in story.events[1:]:
        happens(ledger, name, event)
    return name


def anything(_: Request) -> bool:
    return True


def page(redis: Redis, parts: Parts, position: int = 0) -> Page:
    return Listing(redis, parts, anything).page(position)


def names(page: Page) -> list[str]:
    return [request.id for request in page.rows]


def many(redis: Redis, count: int, *, ended: Sequence[int] = ()) -> list[str]:
    """Put copies of one request into the ledger, the oldest first, without their steps."""
    pattern, made = stories.awaiting_approval().request, [f"r{number:08}" for number in range(count)]
    with redis.pipeline(transaction=False) as pipe:
        for number, name in enumerate(made):
            state = State.CANCELLED if number in ended else pattern.state
            request = replace(pattern, id=name, asked_at=START + number, state=state)
            pipe.hset(keys.request(name), mapping={"version": 1, "doc": codec.encode(request)})
            pipe.zadd(keys.open_in("C1"), {name: request.asked_at})
        pipe.execute()
    return made


def test_the_open_requests_of_a_channel_are_listed_the_newest_first(ledger: Ledger, redis: Redis) -> None:
    old = recorded(ledger, stories.choosing_target(), at=START - 2)
    new = recorded(ledger, stories.awaiting_approval(), at=START - 1)
    recorded(ledger, stories.succeeded())
    recorded(ledger, stories.choosing_lun(), channel="C2")
    assert names(page(redis, open_in("C1"))) == [new, old]
    assert names(page(redis, awaiting_in("C1"))) == [new]
    assert names(page(redis, awaiting_in("C2"))) == []


def test_a_person_has_the_open_ones_first_and_then_what_has_ended_in_every_channel(
    ledger: Ledger, redis: Redis
) -> None:
    ended = recorded(ledger, stories.succeeded(), channel="C2")
    first = recorded(ledger, stories.choosing_target(), at=START - 2)
    second = recorded(ledger, stories.choosing_target(), at=START - 1, channel="C2")
    recorded(ledger, stories.choosing_target(), requester="UOTHER")
    found = page(redis, of_person(REQUESTER, START))
    assert names(found) == [second, first, ended]
    assert found.counts == (2, 1)


def test_what_ended_longer_ago_is_neither_listed_nor_kept(ledger: Ledger, redis: Redis) -> None:
    story = stories.choosing_target()
    old = recorded(ledger, story)
    ended = happens(ledger, old, e.Cancelled(at=START + 10, actor=REQUESTER)).changed_at
    assert names(page(redis, of_person(REQUESTER, ended + 29 * DAY))) == [old]
    assert names(page(redis, of_person(REQUESTER, ended + 31 * DAY))) == []
    assert 0 < redis.ttl(keys.ended_of(REQUESTER)) <= ENDED_KEPT
    later = recorded(ledger, story)
    happens(ledger, later, e.Cancelled(at=ended + 31 * DAY, actor=REQUESTER))
    assert redis.zrange(keys.ended_of(REQUESTER), 0, -1) == [later.encode()]


def test_a_repair_opens_again_what_had_ended(ledger: Ledger, redis: Redis) -> None:
    name = recorded(ledger, stories.partial())
    assert page(redis, of_person(REQUESTER, START)).counts == (0, 1)
    happens(ledger, name, e.RetryWanted(at=START + 100, actor=REQUESTER))
    assert page(redis, of_person(REQUESTER, START)).counts == (1, 0)
    assert names(page(redis, open_in("C1"))) == [name]


def test_an_ended_request_leaves_nothing_in_the_lists_of_open_ones(ledger: Ledger, redis: Redis) -> None:
    name = recorded(ledger, stories.awaiting_approval())
    happens(ledger, name, e.Rejected(at=START + 100, actor="UAPPROVER1"))
    assert not redis.exists(keys.open_of(REQUESTER), keys.open_in("C1"), keys.awaiting_in("C1"))


def test_a_request_of_an_older_version_is_listed_from_its_next_step_on(ledger: Ledger, redis: Redis) -> None:
    name = recorded(ledger, stories.choosing_target())
    redis.delete(keys.open_of(REQUESTER), keys.open_in("C1"))
    happens(ledger, name, e.TargetPicked(at=START + 5, actor=REQUESTER, target=stories.TARGET))
    assert names(page(redis, open_in("C1"))) == names(page(redis, of_person(REQUESTER, START))) == [name]


def test_every_request_stands_on_one_page_and_pages_turn_both_ways(redis: Redis) -> None:
    newest_first = many(redis, 2 * ROWS_A_PAGE + 3)[::-1]
    listing = Listing(redis, open_in("C1"), anything)
    first, second, third = listing.page(0), listing.page(8), listing.page(16)
    assert names(first) + names(second) + names(third) == newest_first
    assert (first.following, second.following, third.following) == (8, 16, None)
    assert listing.page_before(16) == second
    assert listing.page_before(8) == first
    assert listing.page_before(3) == first


def test_a_list_that_just_fills_its_page_has_no_other(redis: Redis) -> None:
    many(redis, ROWS_A_PAGE)
    assert page(redis, open_in("C1")).following is None


@pytest.mark.parametrize("position", [19, 20, 10**30])
def test_a_position_behind_the_end_gives_the_last_page(redis: Redis, position: int) -> None:
    newest_first = many(redis, 19)[::-1]
    assert names(page(redis, open_in("C1"), position)) == newest_first[11:]


def test_an_empty_list_has_one_empty_page(redis: Redis) -> None:
    assert page(redis, open_in("C1"), 7) == Page((), 0, None, (0,))
    assert Listing(redis, open_in("C1"), anything).page_before(7) == Page((), 0, None, (0,))


def test_what_is_gone_or_can_not_be_read_is_passed_over(redis: Redis) -> None:
    newest_first = many(redis, 12)[::-1]
    redis.delete(keys.request(newest_first[0]))
    redis.hset(keys.request(newest_first[2]), "doc", b"{}")
    found = page(redis, open_in("C1"))
    assert names(found) == [newest_first[1], *newest_first[3:10]]
    assert names(page(redis, open_in("C1"), found.following or 0)) == newest_first[10:]


def test_what_does_not_belong_there_is_left_out_and_pages_are_filled_all_the_same(redis: Redis) -> None:
    newest_first = many(redis, 40, ended=range(0, 40, 2))[::-1]
    listing = Listing(redis, open_in("C1"), lambda request: not request.ended)
    first = listing.page(0)
    assert names(first) == newest_first[0:16:2]
    second = listing.page(first.following or 0)
    assert names(second) == newest_first[16:32:2]
    assert listing.page_before(second.first) == first


def test_a_list_where_nearly_nothing_belongs_is_looked_through_in_parts(redis: Redis) -> None:
    made = many(redis, LOOKED_THROUGH + 5)
    listing = Listing(redis, open_in("C1"), lambda request: request.id == made[0])
    first = listing.page(0)
    assert (names(first), first.following) == ([], LOOKED_THROUGH)
    assert names(listing.page(LOOKED_THROUGH)) == [made[0]]


def test_a_page_of_ten_thousand_loads_few_of_them(redis: Redis) -> None:
    newest_first = many(redis, 10_000)[::-1]
    listing = Listing(redis, open_in("C1"), anything)
    before = loads(redis)
    assert names(listing.page(5000)) == newest_first[5000:5008]
    assert names(listing.page_before(5000)) == newest_first[4992:5000]
    assert loads(redis) - before <= 60


def loads(redis: Redis) -> int:
    stats: Any = redis.info("commandstats")
    return int(stats["cmdstat_hget"]["calls"])


def test_a_look_that_takes_too_long_is_given_up(redis: Redis) -> None:
    with pytest.raises(LedgerUnavailable, match="late"):
        Listing(redis, open_in("C1"), anything, patience=0.0)


def test_a_server_that_is_gone_is_said_to_be_unavailable() -> None:
    with for_people("unix:///nowhere/at/all.sock") as gone, pytest.raises(LedgerUnavailable):
        Listing(gone, open_in("C1"), anything)
