"""Storage of one host: the host is picked, then the device, or what was typed before."""

from __future__ import annotations

import pytest

from bot.request import acting, placing
from bot.request import events as e
from bot.request.found import Finding, Place
from bot.request.lifecycle import begin
from bot.request.model import Kind, Seeking, State
from bot.request.sr_types import EXTRA
from tests import stories
from tests.stories import REQUESTER, Story

HOST = Place("uuid-xen1", "xen1")
DEVICE = "/dev/disk/by-id/scsi-3600"
DISK = Place(DEVICE, DEVICE)


def asked(kind: Kind = Kind.LOCAL, **changes: object) -> Story:
    begun = stories.asked(**{"kind": kind, "address": None, "credential": None, "sr_type": "ext", **changes})
    return Story(begin(begun), [begun])


def shown(story: Story) -> Story:
    return story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 2))])


def picks(story: Story, place: Place) -> Story:
    return story.happens(placing.pick_place(story.request, REQUESTER, "f", place, story.now))


def test_the_host_is_picked_before_its_device() -> None:
    story = shown(asked())
    assert story.request.seeking is Seeking.HOST
    picks(story, HOST)
    now = story.request
    assert (now.state, now.host, now.seeking, now.places) == (
        State.DISCOVERING_PLACES,
        "uuid-xen1",
        Seeking.DEVICE,
        None,
    )
    picks(shown(story), DISK)
    assert (story.request.state, story.request.device) == (State.INSPECTING, DEVICE)
    story.pauses("storage_holds_sr").happens(placing.change_place(story.request, REQUESTER, story.now))
    now = story.request
    assert (now.state, now.host, now.device) == (State.CHOOSING_PLACE, "uuid-xen1", "")


@pytest.mark.parametrize("kind", [Kind.LOCAL, Kind.ISO])
def test_what_was_typed_outlives_the_choice_of_the_host(kind: Kind) -> None:
    story = shown(asked(kind, device=DEVICE))
    story.happens(placing.look_for_places(story.request, REQUESTER, story.now))
    assert (story.request.state, story.request.device) == (State.DISCOVERING_PLACES, DEVICE)
    picks(shown(story), HOST)
    now = story.request
    assert (now.state, now.host, now.device, now.work.step) == (State.INSPECTING, "uuid-xen1", DEVICE, 3)
    story.pauses("host_disabled").happens(placing.look_for_places(story.request, REQUESTER, story.now, anew=True))
    now = story.request
    assert (now.state, now.host, now.device) == (State.DISCOVERING_PLACES, "", DEVICE)


def test_trying_again_goes_on_where_it_stopped() -> None:
    unplaced = asked(device=DEVICE).pauses("xen_timeout")
    unplaced.happens(acting.try_again(unplaced.request, REQUESTER, unplaced.now))
    assert unplaced.request.state is State.DISCOVERING_PLACES
    placed = asked(device=DEVICE, host="xen1").pauses("xen_timeout")
    placed.happens(acting.try_again(placed.request, REQUESTER, placed.now))
    assert placed.request.state is State.INSPECTING


@pytest.mark.parametrize("sr_type", EXTRA)
def test_typed_keys_are_looked_at_at_once(sr_type: str) -> None:
    story = asked(Kind.OTHER, sr_type=sr_type, given=(("server", "nas"),)).pauses("key_unknown")
    story.happens(acting.try_again(story.request, REQUESTER, story.now))
    assert story.request.state is State.INSPECTING
