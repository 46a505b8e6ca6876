from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot import deciding
from bot.deciding import Standing
from bot.policy import Members, parse
from bot.request import events as e
from bot.request.approving import Call
from bot.request.model import Request
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SECOND_APPROVER, START, Story

POLICY = """
[groups.admins]
slack = "S0ADMINS"

[rules.all]
decide = ["1 of UAPPROVER1 or admins"]
pauses = ["10 min", "30 min"]
escalate = [{ after = "20 min", to = ["admins"] }]
approval_waits = "2 h"
"""
ADMINS = Members({"S0ADMINS": frozenset({SECOND_APPROVER, REQUESTER})})
STANDING = Standing(parse(POLICY), 1, ADMINS)
MINUTE = 60.0


def asked(standing: Standing = STANDING) -> Story:
    story = stories.confirming()
    return story.happens(deciding.request_approval(story.request, standing, REQUESTER, 1, story.now))


def calls(request: Request, standing: Standing, until: float) -> list[tuple[float, Call, bool]]:
    """Let time pass, and give what is called when: minutes after it was asked for."""
    story, found, began = Story(request), [], request.approval_asked_at or 0.0
    while story.request.call_at is not None and story.request.call_at < began + until:
        now = story.request.call_at
        events = deciding.call_again(story.request, standing, now)
        if not events:
            story.request = replace(story.request, call_at=deciding.next_call(story.request, standing, now))
            continue
        (event,) = events
        assert isinstance(event, e.Called)
        found.append(((now - began) / MINUTE, event.call, event.escalated))
        story.happens(events)
    return found


def test_those_who_are_missing_are_called_once_again_after_growing_pauses_and_the_next_group_joins() -> None:
    story = asked()
    event = story.events[-1]
    assert isinstance(event, e.ApprovalRequested)
    assert event.call == Call((APPROVER,))
    both = Call((APPROVER, SECOND_APPROVER))
    assert calls(story.request, STANDING, 7200) == [
        (10.0, Call((APPROVER,)), False),
        (20.0, Call((SECOND_APPROVER,)), True),
        (40.0, both, False),
    ]


def test_a_group_that_could_not_be_read_is_called_as_a_group() -> None:
    story, unread = asked(), Standing(STANDING.policy, 1)
    assert calls(story.request, unread, 7200)[1:] == [
        (20.0, Call((), ("S0ADMINS",)), True),
        (40.0, Call((APPROVER,), ("S0ADMINS",)), False),
    ]


def test_nobody_is_called_before_it_is_time_nor_once_it_is_decided() -> None:
    story = asked()
    assert deciding.call_again(story.request, STANDING, story.now) == ()
    story.happens(deciding.approve(story.request, STANDING, APPROVER, 1, story.now))
    assert deciding.call_again(story.request, STANDING, START + 7200) == ()


def test_whoever_has_approved_is_not_called_again() -> None:
    two = Standing(parse(POLICY.replace("1 of UAPPROVER1 or admins", "2 of UAPPROVER1 or admins")), 1, ADMINS)
    story = asked(two)
    story.happens(deciding.approve(story.request, two, APPROVER, 1, story.now))
    assert calls(story.request, two, 7200) == [
        (20.0, Call((SECOND_APPROVER,)), True),
        (40.0, Call((SECOND_APPROVER,)), False),
    ]


def test_in_quiet_hours_nobody_is_called_until_they_are_over() -> None:
    begin, end = (datetime.fromtimestamp(START + offset, UTC).strftime("%H:%M") for offset in (-3600, 3600))
    quiet = f'[quiet.now]\nzone = "UTC"\nfrom = "{begin}"\nto = "{end}"\n' + POLICY.replace(
        "decide = ", 'quiet = "now"\ndecide = '
    )
    standing = Standing(parse(quiet), 1, ADMINS)
    story = asked(standing)
    event = story.events[-1]
    assert isinstance(event, e.ApprovalRequested)
    assert (event.call, event.call_at) == (Call(), START - START % 60 + 3600)
    (first, *_) = calls(story.request, standing, 7200)
    assert first[1] == Call((APPROVER, SECOND_APPROVER))


def test_without_reminders_there_is_one_call() -> None:
    story = asked(stories.standing(APPROVER, OUTSIDER))
    event = story.events[-1]
    assert isinstance(event, e.ApprovalRequested)
    assert (event.call, event.call_at) == (Call((APPROVER, OUTSIDER)), None)
    assert deciding.next_call(story.request, STANDING, START + 9e9) is None
