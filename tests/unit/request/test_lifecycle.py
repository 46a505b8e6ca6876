from __future__ import annotations

import pytest

from bot.request import events as e
from bot.request.found import Finding, Trouble
from bot.request.lifecycle import TABLE, Impossible, apply, begin, fold
from bot.request.model import CHOOSING, ENDS, WORKING, Address, State
from tests import stories
from tests.stories import START, TIMES, Story

S = State


def test_every_state_but_the_first_can_be_reached_and_every_end_stays() -> None:
    reached = set(TABLE.values()) | {S.DISCOVERING_TARGETS}
    assert reached == set(State)
    assert {before for before, _ in TABLE} & ENDS == {S.PARTIAL}


def test_no_path_leads_from_a_rejected_expired_or_cancelled_request_to_the_queue() -> None:
    ends = {S.REJECTED, S.EXPIRED, S.CANCELLED, S.STALE}
    assert not [move for move in TABLE if move[0] in ends]
    assert {before for (before, event), after in TABLE.items() if after is S.QUEUED and event is e.Queued} == {
        S.AWAITING_APPROVAL
    }


def test_every_state_waits_for_a_worker_or_for_people_or_is_an_end() -> None:
    assert not WORKING & CHOOSING
    assert set(State) == WORKING | CHOOSING | ENDS | {S.AWAITING_APPROVAL}


def test_the_story_folds_to_the_same_request_as_step_by_step() -> None:
    story = stories.succeeded()
    assert fold(story.events) == story.request
    assert story.request.state is S.SUCCEEDED
    assert story.request.version == len(story.events)
    assert story.request.ended
    assert story.request.expires_at is None


def test_a_request_starts_by_being_asked() -> None:
    with pytest.raises(Impossible, match="starts by being asked"):
        begin(e.Expired(at=START))


def test_what_the_table_does_not_have_cannot_happen() -> None:
    with pytest.raises(Impossible, match="Approved can't happen"):
        apply(Story().request, e.Approved(at=START, actor="U", plan_number=1, plan_digest=""))


def test_a_report_of_an_earlier_step_is_refused() -> None:
    story = stories.choosing_target().target_is_picked()
    with pytest.raises(Impossible, match="step 1 is over"):
        story.happens([e.LunsFound(at=story.now, step=1, finding=Finding("late", 1))])


@pytest.mark.parametrize(
    "event",
    [e.Cancelled(at=START), e.Expired(at=START), e.StepFailed(at=START, step=4, trouble=Trouble("host_unreachable"))],
)
def test_a_run_that_changes_the_pool_is_neither_cancelled_nor_expired_nor_paused(event: e.Event) -> None:
    running = stories.running()
    assert not apply(running.request, event).working
    with pytest.raises(Impossible, match="too late"):
        apply(running.changes_the_pool().request, event)


def test_a_run_that_stopped_before_it_changed_anything_goes_on_only_with_a_new_approval() -> None:
    story = stories.running().pauses("host_unreachable")
    assert story.request.state is S.PAUSED
    assert story.request.approvals == ()
    story.happens([e.InspectionWanted(at=story.now)]).plan_is_made()
    assert (story.request.state, story.request.plan_number) == (S.CONFIRMING, 2)


def test_each_waiting_state_gets_its_own_deadline() -> None:
    choosing = stories.choosing_target()
    assert choosing.request.expires_at == choosing.request.changed_at + TIMES.choice
    waiting = stories.awaiting_approval()
    assert waiting.request.expires_at == waiting.request.changed_at + TIMES.approval


def test_a_run_keeps_the_deadline_of_its_approval() -> None:
    queued = stories.queued()
    deadline = queued.request.expires_at
    assert queued.is_taken_up().request.expires_at == deadline


def test_an_approval_of_several_keeps_the_deadline_of_the_question() -> None:
    story = stories.awaiting_approval()
    deadline = story.request.expires_at
    yes = e.Approved(at=story.now, actor="U9", plan_number=1, plan_digest="d")
    assert story.happens([yes]).request.expires_at == deadline


def test_another_address_forgets_what_was_found_at_the_first() -> None:
    story = stories.confirming()
    wanted = e.TargetsWanted(at=story.now, address=Address("10.0.0.6", 3260), credential=None)
    request = story.happens([wanted]).request
    assert (request.targets, request.target, request.luns, request.lun, request.plan) == (None,) * 5
    assert request.state is S.DISCOVERING_TARGETS
    assert str(request.address) == "10.0.0.6:3260"
    assert request.work.step == story.step


def test_a_new_plan_has_a_new_number_and_no_approvals() -> None:
    story = stories.confirming()
    story.happens([e.LunReopened(at=story.now)]).lun_is_picked().plan_is_made()
    assert story.request.plan_number == 2
    assert story.request.approvals == ()


def test_going_back_to_the_targets_keeps_their_discovery() -> None:
    story = stories.confirming()
    request = story.happens([e.TargetReopened(at=story.now)]).request
    assert request.targets is not None
    assert (request.target, request.luns, request.lun, request.plan) == (None,) * 4


def test_what_a_worker_does_and_waits_for_is_kept_until_the_next_step() -> None:
    story = Story().is_taken_up()
    story.happens([e.Progressed(at=story.now, step=1, doing="asking xenct-xen1")])
    story.happens([e.Noticed(at=story.now, step=1, why="pool_slow")])
    assert story.request.work.noticed_at == story.request.changed_at
    assert (story.request.work.doing, story.request.work.notice) == ("asking xenct-xen1", "pool_slow")
    assert story.targets_are_found().target_is_picked().request.work.notice == ""


def test_what_a_worker_waited_for_is_over_when_it_goes_on() -> None:
    story = Story().is_taken_up()
    story.happens([e.Noticed(at=story.now, step=1, why="pool_slow")])
    work = story.happens([e.Progressed(at=story.now, step=1, doing="reading the answer")]).request.work
    assert (work.notice, work.noticed_at, work.moved_at) == ("", None, story.request.changed_at)


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (e.CreatedPartly(at=START, step=4, outcome=stories.outcome(second_host=False)), S.PARTIAL),
        (e.RunFailed(at=START, step=4, trouble=Trouble("sr_create_failed")), S.FAILED),
        (e.LostTrack(at=START, step=4, trouble=Trouble("task_lost")), S.UNKNOWN),
        (e.WentStale(at=START, step=4, changes=("the size",)), S.STALE),
    ],
)
def test_a_run_has_these_other_ends(event: e.Event, state: State) -> None:
    request = apply(stories.running().request, event)
    assert request.state is state
    assert request.ended


def test_who_ended_a_request_and_why_is_kept() -> None:
    story = stories.awaiting_approval()
    rejected = story.happens([e.Rejected(at=story.now, actor="U7", because="too big: 100 GiB")]).request
    assert (rejected.ended_by, rejected.ended_because) == ("U7", "too big: 100 GiB")


def test_an_ipv6_address_is_written_with_brackets() -> None:
    assert str(Address("fd00::5", 3261)) == "[fd00::5]:3261"


def test_a_trouble_gives_its_facts_by_name() -> None:
    trouble = Trouble("x", facts=(("address", "10.0.0.5"),))
    assert trouble.fact("address") == "10.0.0.5"
    assert trouble.fact("host") == ""
