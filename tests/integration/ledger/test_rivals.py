from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from redis import Redis

from bot.ledger import keys
from bot.ledger.connection import for_people
from bot.ledger.store import Ledger, LunTaken, new_id
from bot.request import events as e
from bot.request.found import Trouble
from bot.request.model import Request, Rival, State
from bot.request.plan import Plan, Purpose, Way
from tests import stories
from tests.servers import empty_url
from tests.stories import FREE, LUN, REQUESTER, Story

SCSI_ID = LUN.scsi_id or ""


@pytest.fixture
def redis_url() -> str:
    return empty_url()


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as connection:
        yield connection


@pytest.fixture
def ledger(redis: Redis) -> Ledger:
    return Ledger(redis, patience=20.0)


def _happen(events: Sequence[e.Event], _: Request) -> Sequence[e.Event]:
    return events


def record(ledger: Ledger, story: Story, asked_at: float = stories.START) -> str:
    """Let a story happen to a request of its own; gives its id."""
    first, *rest = story.events
    assert isinstance(first, e.Asked)
    request = ledger.open(replace(first, request=new_id(), at=asked_at))
    for event in rest:
        ledger.commit(request.id, partial(_happen, (event,)))
    return request.id


def happens(ledger: Ledger, request_id: str, *events: e.Event) -> Request:
    return ledger.commit(request_id, partial(_happen, events))


def starts(ledger: Ledger, request_id: str) -> Request:
    request = ledger.load(request_id)
    assert request is not None
    started = e.StepStarted(at=request.changed_at + 1, step=request.work.step, worker="w")
    return happens(ledger, request_id, started)


def test_the_open_requests_at_a_lun_are_known_the_first_asked_first(ledger: Ledger) -> None:
    later = record(ledger, stories.confirming(), stories.START - 50)
    first = record(ledger, stories.awaiting_approval(), stories.START - 100)
    record(ledger, stories.choosing_lun())
    record(ledger, stories.succeeded())
    found = ledger.rivals_at(SCSI_ID, but="mine")
    assert found == (
        Rival(first, REQUESTER, State.AWAITING_APPROVAL),
        Rival(later, REQUESTER, State.CONFIRMING),
    )
    request = ledger.load(first)
    assert request is not None
    assert [rival.request for rival in ledger.rivals(request)] == [later]
    assert ledger.rivals_at("", but="mine") == ledger.rivals_at("another", but="mine") == ()


def test_who_goes_back_or_ends_is_no_rival_any_more(ledger: Ledger, redis: Redis) -> None:
    back, ended = record(ledger, stories.confirming()), record(ledger, stories.found_sr())
    other = replace(LUN, scsi_id="other")
    now = stories.START + 100
    happens(ledger, back, e.LunReopened(at=now))
    happens(ledger, back, e.LunPicked(at=now, lun=other))
    happens(ledger, ended, e.Cancelled(at=now))
    assert ledger.rivals_at(SCSI_ID, but="mine") == ()
    assert [rival.request for rival in ledger.rivals_at("other", but="mine")] == [back]
    assert not redis.exists(keys.lun(SCSI_ID))


def test_a_request_that_begins_at_a_lun_is_a_rival_from_its_first_event(ledger: Ledger) -> None:
    name = record(ledger, stories.formatting())
    assert [rival.request for rival in ledger.rivals_at(SCSI_ID, but="mine")] == [name]


def test_two_plans_never_run_on_one_lun_at_the_same_time(ledger: Ledger) -> None:
    first, second = record(ledger, stories.queued()), record(ledger, stories.queued())
    running = starts(ledger, first)
    with pytest.raises(LunTaken) as taken:
        starts(ledger, second)
    assert taken.value.by == first
    refused = ledger.load(second)
    assert refused is not None
    assert refused.state is State.QUEUED
    assert starts(ledger, first).state is State.RUNNING
    happens(ledger, first, e.Created(at=running.changed_at + 9, step=running.work.step, outcome=stories.outcome()))
    assert starts(ledger, second).state is State.RUNNING


def test_plans_run_at_the_same_time_on_two_luns(ledger: Ledger) -> None:
    other = replace(FREE, lun=replace(LUN, scsi_id="other"))
    story = stories.choosing_lun()
    story.happens([e.LunPicked(at=story.now, actor=REQUESTER, lun=other.lun)])
    story.plan_is_made(
        replace(stories.plan(), way=Way(other.lun, stories.PORTAL, stories.TARGET.iqn))
    ).approval_is_requested().is_approved()
    starts(ledger, record(ledger, story))
    assert starts(ledger, record(ledger, stories.queued())).state is State.RUNNING


def on_disks(ledger: Ledger, *devices: str) -> str:
    """A request whose plan is approved and makes an SR of these disks."""
    made = replace(stories.nfs_plan(), config=(("device", ",".join(devices)),), sr_type="zfs", host="uuid-xen1")
    return record(ledger, stories.sharing().plan_is_made(made).approval_is_requested().is_approved())


def on_local_sr(ledger: Ledger, disk: str) -> str:
    """A request whose plan is approved and forgets an SR that is on a disk of one host."""
    plan = replace(stories.managing_plan(Purpose.FORGET), disks=(disk,))
    return record(ledger, stories.managing(Purpose.FORGET).plan_is_made(plan).approval_is_requested().is_approved())


def test_plans_whose_lists_of_disks_overlap_never_run_at_the_same_time(ledger: Ledger, redis: Redis) -> None:
    both = on_disks(ledger, "/dev/disk/by-id/scsi-3a", "/dev/disk/by-id/scsi-3b")
    one, other = on_disks(ledger, "/dev/disk/by-id/wwn-0xb"), on_disks(ledger, "/dev/disk/by-id/scsi-3c")
    running = starts(ledger, both)
    with pytest.raises(LunTaken) as taken:
        starts(ledger, one)
    assert taken.value.by == both
    assert starts(ledger, other).state is State.RUNNING
    happens(ledger, both, e.Created(at=running.changed_at + 9, step=running.work.step, outcome=stories.outcome()))
    assert starts(ledger, one).state is State.RUNNING
    assert not redis.exists(keys.lun_run("3a"))


def test_a_chore_on_a_local_sr_and_a_plan_for_its_disk_never_run_at_the_same_time(ledger: Ledger) -> None:
    chore, new = on_local_sr(ledger, "3b"), on_disks(ledger, "/dev/disk/by-id/scsi-3b")
    starts(ledger, chore)
    with pytest.raises(LunTaken) as taken:
        starts(ledger, new)
    assert taken.value.by == chore


def test_a_chore_on_an_sr_that_a_record_alone_tells_of_and_a_plan_that_attaches_it_exclude_each_other(
    ledger: Ledger,
) -> None:
    chore = replace(stories.managing_plan(Purpose.FORGET), held=stories.HELD)
    first = record(ledger, approved(stories.managing(Purpose.FORGET), chore))
    story = stories.choosing_lun()
    story.happens([e.LunPicked(at=story.now, actor=REQUESTER, lun=LUN)])
    second = record(ledger, approved(story, stories.attach_plan()))
    starts(ledger, first)
    with pytest.raises(LunTaken) as taken:
        starts(ledger, second)
    assert taken.value.by == first


def test_an_iso_library_is_not_attached_while_another_one_is_made_of_its_share(ledger: Ledger) -> None:
    made, attached = stories.share_plan(), replace(stories.share_plan(), purpose=Purpose.ATTACH, held=stories.HELD)
    starts(ledger, record(ledger, approved(stories.sharing(), made)))
    with pytest.raises(LunTaken):
        starts(ledger, record(ledger, approved(stories.sharing(), attached)))


def approved(story: Story, plan: Plan) -> Story:
    return story.plan_is_made(plan).approval_is_requested().is_approved()


def test_a_lun_of_which_nobody_knows_what_became_stays_taken_for_a_while(ledger: Ledger, redis: Redis) -> None:
    first, second = record(ledger, stories.queued()), record(ledger, stories.queued())
    running = starts(ledger, first)
    lost = e.LostTrack(at=running.changed_at + 1, step=running.work.step, trouble=Trouble("outcome_unknown"))
    happens(ledger, first, lost)
    with pytest.raises(LunTaken):
        starts(ledger, second)
    assert int(redis.ttl(keys.lun_run(SCSI_ID))) > 0
    redis.delete(keys.lun_run(SCSI_ID))
    assert starts(ledger, second).state is State.RUNNING


def test_of_many_that_start_at_once_one_runs(redis_url: str, ledger: Ledger) -> None:
    names = [record(ledger, stories.queued()) for _ in range(6)]
    gate = threading.Barrier(len(names))

    def run(name: str) -> bool:
        connection = for_people(redis_url)
        gate.wait(10)
        try:
            starts(Ledger(connection, patience=20.0), name)
        except LunTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        assert sum(pool.map(run, names)) == 1
