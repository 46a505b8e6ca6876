"""What people do where a place is picked, and what they are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.request import acting, placing
from bot.request import events as e
from bot.request.found import Finding, HeldSr, Place, Protocol, Share, Usage
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request, State
from bot.request.plan import Purpose
from bot.request.refused import Refused
from tests import stories
from tests.stories import HELD, OUTSIDER, REQUESTER, Story

SERVER = Share(Protocol.NFS, "10.0.0.9", "")
PLACE = Place("/export/srs", "/export/srs")
NOW = stories.START + 60


def asked(**changes: object) -> Story:
    begun = stories.asked(**{"kind": Kind.NFS, "share": SERVER, "address": None, "credential": None, **changes})
    return Story(begin(begun), [begun])


def choosing(**changes: object) -> Story:
    story = asked(**changes)
    return story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 1))])


def found(**changes: object) -> Story:
    story = choosing(**changes)
    story.happens(placing.pick_place(story.request, REQUESTER, "f", PLACE, story.now))
    held = (HELD, HeldSr("0b2f"))
    return story.happens([e.SrsFound(at=story.now, step=story.step, plan=stories.nfs_plan(), held=held)])


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reason_code


def test_a_picked_export_becomes_the_path_and_going_back_takes_it_away() -> None:
    story = found()
    assert story.request.share == replace(SERVER, path=PLACE.value)
    story.happens(placing.change_place(story.request, REQUESTER, story.now))
    assert (story.request.state, story.request.share) == (State.CHOOSING_PLACE, SERVER)
    assert (story.request.held, story.request.plan) == ((), None)


def test_an_sr_that_was_picked_is_looked_at_and_its_plan_leaves_no_list_behind() -> None:
    story = found()
    story.happens(placing.attach_one(story.request, REQUESTER, 1, "0b2f", story.now))
    assert (story.request.state, story.request.wanted) == (State.INSPECTING, "0b2f")
    story.plan_is_made(replace(stories.nfs_plan(), purpose=Purpose.ATTACH, held=HeldSr("0b2f")))
    assert story.request.held == ()


def test_a_step_without_any_place_looks_for_the_places_again() -> None:
    story = asked().pauses("no_exports")
    story.happens(acting.try_again(story.request, REQUESTER, story.now))
    assert story.request.state is State.DISCOVERING_PLACES


@pytest.mark.parametrize(
    ("request_", "finding", "place", "reason"),
    [
        (choosing().request, "older", PLACE, "picker_is_old"),
        (found().request, "f", PLACE, "picker_is_old"),
        (choosing().request, "f", replace(PLACE, used_by=Usage("xenct", "0b2f", "Theirs")), "place_in_use"),
    ],
)
def test_what_is_no_choice_is_not_taken(request_: Request, finding: str, place: Place, reason: str) -> None:
    assert refused(lambda: placing.pick_place(request_, REQUESTER, finding, place, NOW)) == reason


@pytest.mark.parametrize(
    "act",
    [
        lambda now: placing.type_place(found().request, REQUESTER, "/x", now),
        lambda now: placing.type_place(choosing(kind=Kind.LOCAL, share=None).request, REQUESTER, "/x", now),
        lambda now: placing.change_place(choosing().request, REQUESTER, now),
        lambda now: placing.look_for_places(found().request, REQUESTER, now),
        lambda now: placing.make_new(choosing().request, REQUESTER, 0, now),
        lambda now: placing.make_new(found(purpose=Purpose.ATTACH).request, REQUESTER, 1, now),
        lambda now: placing.attach_one(found().request, REQUESTER, 1, "nothing there", now),
    ],
)
def test_what_does_not_fit_the_moment_is_refused(act: Callable[[float], object]) -> None:
    assert refused(lambda: act(NOW)) == "not_now"


@pytest.mark.parametrize(
    "act",
    [
        lambda who: placing.pick_place(choosing().request, who, "f", PLACE, NOW),
        lambda who: placing.type_place(choosing().request, who, "/x", NOW),
        lambda who: placing.change_place(found().request, who, NOW),
        lambda who: placing.look_for_places(choosing().request, who, NOW),
        lambda who: placing.attach_one(found().request, who, 1, "0b2f", NOW),
        lambda who: placing.make_new(found().request, who, 1, NOW),
    ],
)
def test_nobody_but_the_requester_chooses(act: Callable[[str], object]) -> None:
    assert refused(lambda: act(OUTSIDER)) == "not_the_requester"


@pytest.mark.parametrize("act", [placing.make_new, lambda r, a, n, t: placing.attach_one(r, a, n, "0b2f", t)])
def test_an_older_plan_is_not_what_was_shown(act: Callable[[Request, str, int, float], object]) -> None:
    assert refused(lambda: act(found().request, REQUESTER, 7, NOW)) == "plan_changed"
