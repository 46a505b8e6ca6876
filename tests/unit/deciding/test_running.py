from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import deciding
from bot.deciding import NotNow, Standing
from bot.policy import Members, Spent, parse
from bot.request import events as e
from bot.request.approving import Reading, Ruled
from bot.request.freezing import Freeze
from bot.request.lifecycle import Impossible
from bot.request.model import Request, State
from bot.request.plan import digest
from bot.request.refused import Refused
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SECOND_APPROVER, STANDING, START, Story


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason_code


def test_the_worker_runs_only_what_was_approved_as_it_stands() -> None:
    request = stories.queued().request
    now = request.changed_at + 1
    assert deciding.may_run(request, STANDING, now) == request.plan
    assert request.plan is not None
    forged = replace(request, plan=replace(request.plan, name="another"))
    assert refusal(lambda: deciding.may_run(forged, STANDING, now)) == "not_approved"
    assert refusal(lambda: deciding.may_run(stories.confirming().request, STANDING, now)) == "not_approved"


def test_the_worker_leaves_no_host_behind_that_nobody_accepted() -> None:
    request = stories.queued().request
    assert request.plan is not None
    blind = replace(request.plan, hosts=stories.ONE_SEES)
    approval = replace(request.approvals[0], plan_digest=digest(blind))
    forged = replace(request, plan=blind, approvals=(approval,))
    assert refusal(lambda: deciding.may_run(forged, STANDING, request.changed_at + 1)) == "hosts_not_accepted"


def test_the_worker_does_not_run_an_expired_approval() -> None:
    request = stories.queued().request
    assert refusal(lambda: deciding.may_run(request, STANDING, 9e12)) == "expired"
    changing = stories.running().changes_the_pool().request
    assert deciding.may_run(changing, STANDING, 9e12) == changing.plan


def test_an_approval_given_by_the_requester_runs_nothing() -> None:
    request = stories.awaiting_approval().request
    assert request.plan is not None
    yes = e.Approved(at=request.changed_at, actor=REQUESTER, plan_number=1, plan_digest=digest(request.plan))
    everyone = stories.standing(APPROVER, SECOND_APPROVER, REQUESTER)
    queued = e.Queued(at=request.changed_at, ruled=Ruled(0, everyone.policy.digest))
    forged = Story(request).happens([yes, queued]).request
    assert refusal(lambda: deciding.may_run(forged, everyone, request.changed_at)) == "not_approved"


def later(request: Request, standing: Standing, now: float) -> e.Event:
    with pytest.raises(NotNow) as raised:
        deciding.may_run(request, standing, now)
    return raised.value.event


def test_what_the_policy_in_force_wants_more_for_is_asked_for_again_and_those_who_approved_stay() -> None:
    story = stories.queued()
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    event = later(story.request, two, story.now)
    assert deciding.held_back(story.request, two, event.at) == (event,)
    story.happens([event])
    assert story.request.state is State.AWAITING_APPROVAL
    assert [yes.actor for yes in story.request.approvals] == [APPROVER]
    assert story.request.awaited[0].count == 1
    assert story.request.ruled is not None
    assert story.request.ruled.digest == two.policy.digest
    story.happens(deciding.approve(story.request, two, SECOND_APPROVER, 1, story.now))
    assert deciding.may_run(story.request, two, story.now) == story.request.plan


def test_a_policy_that_the_recorded_people_satisfy_too_lets_the_plan_run() -> None:
    request = stories.queued().request
    assert deciding.may_run(request, stories.standing(APPROVER, OUTSIDER), request.changed_at) == request.plan


def test_what_a_policy_says_no_to_is_not_asked_for_again() -> None:
    request = stories.queued().request
    denying = Standing(parse(DENYING), 2)
    assert refusal(lambda: deciding.may_run(request, denying, request.changed_at)) == "not_approved"
    assert deciding.held_back(request, denying, request.changed_at) == ()


def test_an_approved_plan_that_was_not_run_in_time_is_over() -> None:
    standing = Standing(parse(SHORT), 1)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, standing, REQUESTER, 1, story.now))
    story.happens(deciding.approve(story.request, standing, APPROVER, 1, story.now))
    request = story.request
    assert request.approved_at is not None
    assert request.expires_at == request.approved_at + 60
    assert deciding.may_run(request, standing, request.approved_at + 59) == request.plan
    longer = replace(request, expires_at=None)
    assert refusal(lambda: deciding.may_run(longer, standing, longer.changed_at + 60)) == "expired"


def quiet() -> tuple[Story, Standing]:
    """An approved request, whose policy has a quiet minute, ten minutes after the beginning."""
    begin, end = (datetime.fromtimestamp(START + offset, UTC).strftime("%H:%M") for offset in (600, 660))
    standing = Standing(parse(QUIET.replace("BEGIN", begin).replace("END", end)), 1)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, standing, REQUESTER, 1, story.now))
    return story.happens(deciding.approve(story.request, standing, APPROVER, 1, story.now)), standing


def test_quiet_hours_hold_what_is_approved_and_let_it_go_afterwards() -> None:
    story, standing = quiet()
    request, night = story.request, START - START % 60 + 600
    assert deciding.may_run(request, standing, story.now) == request.plan
    event = later(request, standing, night)
    assert isinstance(event, e.Held)
    assert (event.until, event.because) == (night + 60, "quiet_hours")
    held = story.is_taken_up().happens([event]).request
    assert (held.state, held.held_until, held.work.started_at) == (State.QUEUED, night + 60, None)
    assert held.expires_at == request.expires_at
    assert deciding.release(held, standing, night + 59) == ()
    (released,) = deciding.release(held, standing, night + 60)
    assert isinstance(released, e.Released)
    after = story.happens([released]).request
    assert (after.state, after.held_until, after.work.step) == (State.QUEUED, None, held.work.step + 1)


@pytest.mark.parametrize("pool", ["xenct", ""])
def test_a_freeze_holds_what_has_not_begun_to_change_the_pool(pool: str) -> None:
    frozen = replace(STANDING, frozen=(Freeze(pool, OUTSIDER, START, "a storm"), Freeze("other", OUTSIDER, START, "")))
    story = stories.queued()
    event = later(story.request, frozen, story.now)
    assert isinstance(event, e.Held)
    assert (event.because, event.by, event.why, event.until) == ("frozen", OUTSIDER, "a storm", event.at + 30)
    held = story.happens([event]).request
    assert deciding.release(held, frozen, event.until) == ()
    (released,) = deciding.release(held, STANDING, event.until)
    assert isinstance(released, e.Released)
    changing = stories.running().changes_the_pool().request
    assert deciding.may_run(changing, frozen, changing.changed_at) == changing.plan


def test_a_freeze_of_another_pool_holds_nothing() -> None:
    elsewhere = replace(STANDING, frozen=(Freeze("other", OUTSIDER, START, "a storm"),))
    request = stories.queued().request
    assert deciding.may_run(request, elsewhere, request.changed_at) == request.plan


def test_what_another_cause_holds_now_is_told_anew() -> None:
    story, standing = quiet()
    frozen = replace(standing, frozen=(Freeze("", OUTSIDER, START, "a storm"),))
    held = story.happens([e.Held(at=story.now, until=story.now, because="quiet_hours")]).request
    (event,) = deciding.release(held, frozen, story.now)
    assert isinstance(event, e.Held)
    assert event.because == "frozen"


def test_what_is_not_held_is_not_released() -> None:
    story, standing = quiet()
    assert deciding.release(story.request, standing, 9e12) == ()
    assert deciding.release(stories.confirming().request, standing, 9e12) == ()


def test_a_run_that_changes_the_pool_is_neither_held_nor_asked_for_again() -> None:
    story, standing = quiet()
    story.is_taken_up().changes_the_pool()
    for now in (START - START % 60 + 600, 9e12):
        assert deciding.may_run(story.request, standing, now) == story.request.plan
    assert refusal(lambda: deciding.may_run(story.request, stories.standing(OUTSIDER), story.now)) == "not_approved"
    for event in (e.Held(at=story.now, until=story.now, because="quiet_hours"), e.ApprovalReopened(at=story.now)):
        with pytest.raises(Impossible, match="too late"):
            story.happens([event])


GROUPS = Members({"S0ADMINS": frozenset({APPROVER, SECOND_APPROVER})})


def test_the_worker_goes_by_the_groups_as_they_were_when_it_was_decided() -> None:
    standing, worker = Standing(parse(GROUPED), 1, GROUPS), Standing(parse(GROUPED), 1)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, standing, REQUESTER, 1, story.now))
    asked = story.request
    assert refusal(lambda: deciding.approve(asked, worker, APPROVER, 1, story.now)) == "members_unreadable"
    story.happens(deciding.approve(story.request, standing, APPROVER, 1, story.now))
    assert story.request.readings == (Reading("S0ADMINS", (APPROVER, SECOND_APPROVER)),)
    assert deciding.may_run(story.request, worker, story.now) == story.request.plan
    other = Standing(parse(GROUPED.replace("S0ADMINS", "S0OTHERS")), 2)
    event = later(story.request, other, story.now)
    assert isinstance(event, e.ApprovalReopened)
    assert event.awaited[0].unreadable


def test_what_is_let_pass_automatically_runs_by_the_budget_that_it_took_from() -> None:
    standing = Standing(parse(AUTOMATIC), 1)
    story = stories.sharing().plan_is_made(stories.share_plan())
    asked, queued = deciding.request_approval(story.request, standing, REQUESTER, 1, story.now)
    assert isinstance(queued, e.Queued)
    assert queued.charges == ("shares",)
    story.happens([asked, queued])
    spent = Standing(standing.policy, 1, spent=(Spent("shares", "UELSE", story.now),))
    assert deciding.may_run(story.request, spent, story.now) == story.request.plan
    other = stories.sharing().plan_is_made(stories.share_plan())
    assert refusal(lambda: deciding.request_approval(other.request, spent, REQUESTER, 1, other.now)) == "budget_spent"


DENYING = """
[rules.all]
decide = ["1 of UAPPROVER1"]

[deny.nothing]
when = { pools = ["xenct"] }
because = "Not here."
"""
SHORT = """
[rules.all]
decide = ["1 of UAPPROVER1"]
runs_within = "1 min"
"""
QUIET = """
[quiet.minute]
zone = "UTC"
from = "BEGIN"
to = "END"
stops = ["runs"]

[rules.all]
decide = ["1 of UAPPROVER1"]
quiet = "minute"
"""
GROUPED = """
[groups.admins]
slack = "S0ADMINS"

[rules.all]
decide = ["1 of admins"]
"""
AUTOMATIC = """
[rules.shares]
when = { actions = ["add iso"], harmless = true }
automatic = { people = ["anyone"], per_day = 1 }
"""


def test_a_group_that_could_not_be_read_is_not_recorded_as_read() -> None:
    either = Standing(parse(GROUPED.replace("1 of admins", "1 of admins or UAPPROVER1")), 1)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, either, REQUESTER, 1, story.now))
    story.happens(deciding.approve(story.request, either, APPROVER, 1, story.now))
    assert (story.request.state, story.request.readings) == (State.QUEUED, ())
