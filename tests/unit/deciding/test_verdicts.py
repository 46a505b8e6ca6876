from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import deciding
from bot.deciding import Standing
from bot.policy import Policy
from bot.request import acting
from bot.request import events as e
from bot.request.model import State
from bot.request.refused import Refused
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SECOND_APPROVER, STANDING


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason_code


def test_one_approval_of_an_approver_queues_the_plan() -> None:
    story = stories.awaiting_approval()
    events = deciding.approve(story.request, STANDING, APPROVER, 1, story.now)
    assert [type(event).__name__ for event in events] == ["Approved", "Queued"]


def test_two_approvals_are_two_people() -> None:
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    story = stories.awaiting_approval()
    first = deciding.approve(story.request, two, APPROVER, 1, story.now)
    assert [type(event).__name__ for event in first] == ["Approved"]
    story.happens(first)
    assert refusal(lambda: deciding.approve(story.request, two, APPROVER, 1, story.now)) == "already_approved"
    second = deciding.approve(story.request, two, SECOND_APPROVER, 1, story.now)
    assert [type(event).__name__ for event in second] == ["Approved", "Queued"]


@pytest.mark.parametrize(("actor", "code"), [(REQUESTER, "requester_never_counts"), (OUTSIDER, "not_an_approver")])
def test_who_must_not_decide_cannot(actor: str, code: str) -> None:
    story = stories.awaiting_approval()
    everyone = stories.standing(APPROVER, SECOND_APPROVER, REQUESTER)
    assert refusal(lambda: deciding.approve(story.request, everyone, actor, 1, story.now)) == code
    assert refusal(lambda: deciding.reject(story.request, everyone, actor, 1, story.now)) == code


def test_an_approval_of_an_older_plan_changes_nothing() -> None:
    story = stories.awaiting_approval()
    assert refusal(lambda: deciding.approve(story.request, STANDING, APPROVER, 0, story.now)) == "plan_changed"
    assert refusal(lambda: deciding.reject(story.request, STANDING, APPROVER, 2, story.now)) == "plan_changed"


def test_a_rejection_ends_the_request() -> None:
    story = stories.awaiting_approval()
    story.happens(deciding.reject(story.request, STANDING, APPROVER, 1, story.now))
    assert story.request.state is State.REJECTED
    assert refusal(lambda: deciding.approve(story.request, STANDING, SECOND_APPROVER, 1, story.now)) == "already_ended"


def test_expiry_is_compared_in_the_decision_itself() -> None:
    story = stories.awaiting_approval()
    assert story.request.expires_at is not None
    late = story.request.expires_at
    assert refusal(lambda: deciding.approve(story.request, STANDING, APPROVER, 1, late)) == "expired"
    assert acting.expire(story.request, late - 1) == ()
    assert [type(event).__name__ for event in acting.expire(story.request, late)] == ["Expired"]


def test_asking_for_approval_twice_is_not_possible() -> None:
    story = stories.awaiting_approval()
    assert refusal(lambda: deciding.request_approval(story.request, STANDING, REQUESTER, 1, story.now)) == "not_now"


def test_an_error_in_the_policy_is_a_no() -> None:
    broken = Standing(Policy("", rules=None))  # type: ignore[arg-type]  # it breaks while deciding
    story = stories.awaiting_approval()
    assert refusal(lambda: deciding.approve(story.request, broken, APPROVER, 1, story.now)) == "policy_error"
    begun = stories.Story().request
    assert refusal(lambda: deciding.may_ask(begun, broken)) == "policy_error"


def test_nobody_decides_before_the_approval_is_requested() -> None:
    story = stories.confirming()
    decide = deciding.approve
    assert refusal(lambda: decide(story.request, STANDING, APPROVER, 1, story.now)) == "not_awaiting_approval"


def test_an_approval_that_came_to_be_enough_meanwhile_goes_on_with_the_next_press_of_one_who_decides() -> None:
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    story = stories.awaiting_approval()
    story.happens(deciding.approve(story.request, two, APPROVER, 1, story.now))
    assert refusal(lambda: deciding.approve(story.request, STANDING, OUTSIDER, 1, story.now)) == "not_needed"
    assert refusal(lambda: deciding.approve(story.request, STANDING, APPROVER, 2, story.now)) == "plan_changed"
    (queued,) = deciding.approve(story.request, STANDING, APPROVER, 1, story.now)
    assert isinstance(queued, e.Queued)


def test_the_reason_of_a_rejection_is_kept() -> None:
    story = stories.awaiting_approval()
    story.happens(deciding.reject(story.request, STANDING, APPROVER, 1, story.now, "not this week"))
    assert (story.request.ended_by, story.request.ended_because) == (APPROVER, "not this week")


def test_a_request_waits_for_those_who_may_decide_and_have_not() -> None:
    story, two = stories.awaiting_approval(), stories.standing(APPROVER, SECOND_APPROVER, REQUESTER, needed=2)
    everybody = (APPROVER, SECOND_APPROVER, REQUESTER, OUTSIDER)
    waits = [person for person in everybody if deciding.is_awaited(story.request, two, person, story.now)]
    assert waits == [APPROVER, SECOND_APPROVER]
    story.happens(deciding.approve(story.request, two, APPROVER, 1, story.now))
    waits = [person for person in everybody if deciding.is_awaited(story.request, two, person, story.now)]
    assert waits == [SECOND_APPROVER]


@pytest.mark.parametrize("state", [state for state in State if state is not State.AWAITING_APPROVAL])
def test_what_awaits_no_approval_waits_for_nobody(state: State) -> None:
    request = replace(stories.awaiting_approval().request, state=state)
    assert not deciding.is_awaited(request, STANDING, APPROVER, request.changed_at)
