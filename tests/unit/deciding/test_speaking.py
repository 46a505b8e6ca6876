from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import deciding
from bot.request import events as e
from bot.request.model import State
from bot.request.refused import Refused
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SECOND_APPROVER, STANDING, Story


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason_code


def test_a_claim_stands_until_its_own_approval_or_until_somebody_else_claims() -> None:
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    story = stories.awaiting_approval()
    story.happens(deciding.claim(story.request, two, APPROVER, 1, story.now))
    assert (story.request.claimed_by, story.request.claimed_at) == (APPROVER, story.request.changed_at)
    assert refusal(lambda: deciding.claim(story.request, two, APPROVER, 1, story.now)) == "claimed_already"
    story.happens(deciding.approve(story.request, two, SECOND_APPROVER, 1, story.now))
    assert story.request.claimed_by == APPROVER
    story.happens(deciding.claim(story.request, two, SECOND_APPROVER, 1, story.now))
    assert story.request.claimed_by == SECOND_APPROVER
    story.happens([e.Approved(at=story.now, actor=SECOND_APPROVER, plan_number=1, plan_digest="")])
    assert (story.request.claimed_by, story.request.claimed_at) == ("", None)


def test_only_those_who_decide_claim_and_ask() -> None:
    story = stories.awaiting_approval()
    for actor, code in ((REQUESTER, "requester_never_counts"), (OUTSIDER, "not_an_approver")):
        assert refusal(lambda who=actor: deciding.claim(story.request, STANDING, who, 1, story.now)) == code  # type: ignore[misc]  # a lambda's default has no type
    ask = deciding.ask_question
    assert refusal(lambda: ask(story.request, STANDING, OUTSIDER, 1, story.now, "Why?")) == "not_an_approver"
    assert refusal(lambda: ask(story.request, STANDING, APPROVER, 2, story.now, "Why?")) == "plan_changed"
    (asked,) = ask(story.request, STANDING, APPROVER, 1, story.now, "Why?")
    assert asked == e.QuestionAsked(at=story.now, actor=APPROVER, text="Why?")
    assert story.happens([asked]).request.state is State.AWAITING_APPROVAL
    assert ask(story.request, STANDING, APPROVER, 1, story.now, "Why?") == ()
    assert ask(story.request, STANDING, SECOND_APPROVER, 1, story.now, "Why?")


def approved_by_two() -> Story:
    story = stories.awaiting_approval()
    for actor in (APPROVER, SECOND_APPROVER):
        two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
        story.happens(deciding.approve(story.request, two, actor, 1, story.now))
    return story


def test_an_approval_that_is_withdrawn_counts_no_more() -> None:
    story = approved_by_two()
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    story.happens(deciding.withdraw(story.request, two, APPROVER, 1, story.now))
    assert story.request.state is State.AWAITING_APPROVAL
    assert [yes.actor for yes in story.request.approvals] == [SECOND_APPROVER]
    assert story.request.awaited[0].count == 1
    story.happens(deciding.withdraw(story.request, two, SECOND_APPROVER, 1, story.now))
    assert (story.request.approvals, story.request.awaited[0].count) == ((), 2)
    assert refusal(lambda: deciding.withdraw(story.request, two, APPROVER, 1, story.now)) == "nothing_to_withdraw"


@pytest.mark.parametrize("taken_up", [False, True])
def test_what_the_others_approved_goes_on_where_they_are_enough(*, taken_up: bool) -> None:
    story = approved_by_two()
    if taken_up:
        story.is_taken_up()
    before = story.request.state
    story.happens(deciding.withdraw(story.request, STANDING, APPROVER, 1, story.now))
    assert story.request.state is before
    assert deciding.may_run(story.request, STANDING, story.now) == story.request.plan


def test_a_run_that_has_not_changed_anything_stops_where_the_others_are_not_enough() -> None:
    story = stories.running()
    story.happens(deciding.withdraw(story.request, STANDING, APPROVER, 1, story.now))
    assert story.request.state is State.AWAITING_APPROVAL
    assert refusal(lambda: deciding.may_run(story.request, STANDING, story.now)) == "not_approved"


def test_what_changes_the_pool_or_is_over_is_past_that() -> None:
    story = stories.running().changes_the_pool()
    assert refusal(lambda: deciding.withdraw(story.request, STANDING, APPROVER, 1, story.now)) == "too_late_to_withdraw"
    ended = stories.succeeded()
    assert refusal(lambda: deciding.withdraw(ended.request, STANDING, APPROVER, 1, ended.now)) == "already_ended"
    early = stories.confirming()
    assert refusal(lambda: deciding.withdraw(early.request, STANDING, APPROVER, 1, early.now)) == "not_now"
