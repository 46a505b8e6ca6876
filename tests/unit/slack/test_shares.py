"""What a card says about SRs on shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request import placing
from bot.request.found import Finding, HeldSr, Place, Protocol, Share, Trouble, Usage
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request, Rival, State
from bot.request.plan import Purpose
from bot.slack.cards.card import headline, request_card
from bot.slack.cards.labels import place_choices, place_description, place_label, place_matches
from bot.slack.cards.lines import line
from tests import stories
from tests.stories import EXPORT, HELD, REQUESTER, Story
from tests.unit.slack.reading import elements, words

KNOWN = Usage("other", HELD.uuid, "Theirs")
UNKNOWN = Usage("", "0b2f", "", attached=False)
PLACE = Place(EXPORT.path, EXPORT.path)
ATTACH = replace(stories.nfs_plan(), purpose=Purpose.ATTACH, held=HELD, name=HELD.name)
ADDRESS = Share(Protocol.NFS, EXPORT.server, "")


def asked(**changes: object) -> Story:
    """Somebody asks for an SR on an export."""
    begun = stories.asked(**{"kind": Kind.NFS, "share": ADDRESS, "address": None, "credential": None, **changes})
    return Story(begin(begun), [begun])


def picked(**changes: object) -> Story:
    story = asked(**changes)
    story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 1))])
    return story.happens(placing.pick_place(story.request, REQUESTER, "f", PLACE, story.now))


def found(**changes: object) -> Story:
    story = picked(**changes)
    plan = replace(stories.nfs_plan(), beside=(UNKNOWN,))
    return story.happens([e.SrsFound(at=story.now, step=story.step, plan=plan, held=(HELD, HeldSr("0b2f")))])


def said(story: Story) -> str:
    return words(request_card(story.request))


def labels(story: Story) -> list[str]:
    return [each["text"]["text"] for each in elements(request_card(story.request)) if each["type"] == "button"]


@pytest.mark.parametrize(
    ("changes", "wish"),
    [
        ({}, "for an NFS SR from `10.0.0.9` for pool `xenct`"),
        ({"name": "Builds"}, "for an NFS SR named `Builds` from `10.0.0.9` for pool `xenct`"),
        ({"purpose": Purpose.ATTACH, "name": "Old"}, "to attach an NFS SR from `10.0.0.9` to pool `xenct` as `Old`"),
        (
            {"kind": Kind.SMB, "share": Share(Protocol.SMB, "files", "srs"), "purpose": Purpose.ATTACH},
            "to attach an SMB SR from `//files/srs` to pool `xenct`",
        ),
        (
            {"kind": Kind.LOCAL, "share": None, "host": "u", "device": "/dev/sdb"},
            "for a local SR on `/dev/sdb` for pool",
        ),
    ],
)
def test_what_is_asked_for_is_said_on_the_card_and_in_the_thread(changes: dict[str, object], wish: str) -> None:
    story = asked(**changes)
    assert f"asks {wish}" in said(story)
    assert f"asked {wish}" in str(line(story.events[0], story.request))


def test_a_new_sr_on_an_export_is_planned_in_words_of_its_own() -> None:
    story = picked().plan_is_made(replace(stories.nfs_plan(), beside=(KNOWN, UNKNOWN)))
    shown = said(story)
    assert "A new SR is made on the share, in a folder of its own. Nothing else on it changes." in shown
    assert f"`{HELD.uuid}` (`Theirs` of pool `other`), `0b2f` (known to no pool that was asked)." in shown
    assert "*Serverpath*\\n`/export/srs`" in shown
    assert "LUN" not in shown
    assert "Pool `xenct` can have the share: plan 1 was made." in str(line(story.events[-1], story.request))
    assert labels(story) == ["Request approval", "Pick another export", "Cancel"]
    assert headline(story.request) == "Ready: is this what you want?"


def test_more_srs_than_there_is_room_for_are_counted() -> None:
    story = picked().plan_is_made(replace(stories.nfs_plan(), beside=(UNKNOWN,) * 9))
    assert "and 5 more" in said(story)


def test_an_sr_on_an_export_is_attached_in_words_of_its_own() -> None:
    plan = replace(ATTACH, known=True, not_asked=("other",))
    story = picked(purpose=Purpose.ATTACH, name="New").plan_is_made(plan)
    shown = said(story)
    assert "The SR on the share is attached as it is, with all that it holds." in shown
    assert "Two pools that write to it at once corrupt its disks" in shown
    assert f"*SR on the share*\\n`{HELD.uuid}`" in shown
    assert "*Pool `other` could not be asked whether it uses this SR.*" in shown
    assert "keeps its own, `Old builds`" in shown
    assert "LUN" not in shown
    assert "The share holds the SR `Old builds`" in str(line(story.events[-1], story.request))
    story.approval_is_requested()
    confirm = next(elements(request_card(story.request)))["confirm"]["text"]["text"]
    assert confirm.startswith("The share holds an SR, which pool xenct gets as “Old builds”.")
    running = replace(story.request, state=State.RUNNING)
    assert headline(running) == "Attaching the SR"


def test_a_library_is_attached_without_a_warning() -> None:
    plan = replace(stories.share_plan(), purpose=Purpose.ATTACH, held=HeldSr("0b2f"))
    story = stories.sharing().plan_is_made(plan)
    assert "The SR on the share is attached as it is" in said(story)
    assert "Warning" not in said(story)


def test_srs_that_were_found_are_offered_beside_a_new_one() -> None:
    story = found()
    shown = said(story)
    assert "2 SRs are on the share that can be attached. Attach one of them as it is" in shown
    assert labels(story) == ["Make a new SR", "Pick another export", "Cancel"]
    menu = next(each for each in elements(request_card(story.request)) if each["type"] == "static_select")
    assert [each["text"]["text"] for each in menu["options"]] == ["Old builds", "0b2f"]
    assert menu["options"][0]["description"]["text"] == f"{HELD.uuid} · 100.0 GiB"
    story.happens(placing.make_new(story.request, REQUESTER, 1, story.now))
    assert "Also on the share, and left as they are:* `0b2f` (known to no pool that was asked)" in said(story)
    one = picked()
    event = e.SrsFound(at=one.now, step=one.step, plan=stories.nfs_plan(), held=(HELD,))
    assert "1 SR is on the share that can be attached." in said(one.happens([event]))


def test_a_rival_at_the_same_share_is_told() -> None:
    story = picked()
    rival = Rival("other1", REQUESTER, State.RUNNING)
    made = e.PlanMade(at=story.now, step=story.step, plan=stories.nfs_plan(), rivals=(rival,))
    story.happens([made])
    assert "Another request is about the same storage: request `other1`" in said(story)
    assert "The storage is wanted by request `other1` too." in str(line(made, story.request))


@pytest.mark.parametrize("changes", [{}, {"kind": Kind.LOCAL, "share": None}])
def test_a_card_that_lacks_its_places_is_still_drawn(changes: dict[str, object]) -> None:
    request = replace(asked(**changes).request, state=State.CHOOSING_PLACE)
    assert "Cancel" in words(request_card(request))


def test_the_folder_of_a_library_is_called_one() -> None:
    story = asked(kind=Kind.ISO, share=None, host="u")
    assert "looking for the folders of that host" in said(story)
    story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 200))])
    assert "Pick a folder: type to search" in said(story)
    assert labels(story) == ["Type the folder…", "Look again", "Pick another host", "Cancel"]


@pytest.mark.parametrize("reason", ["no_exports", "nfs_mount_failed"])
def test_where_a_place_will_not_do_another_one_can_be_typed(reason: str) -> None:
    story = asked() if reason == "no_exports" else picked()
    trouble = Trouble(reason, facts=(("address", "10.0.0.9"),))
    story.happens([e.StepFailed(at=story.now, step=story.step, trouble=trouble)])
    assert "Type the export…" in labels(story)
    assert ("Pick another export" in labels(story)) == (reason != "no_exports")


def groups(request: Request, *places: Place) -> list[str]:
    choices = place_choices(request, "f", list(enumerate(places)))
    return [each["label"]["text"] for each in choices["option_groups"]]


def test_who_attaches_sees_what_the_pool_has_detached_first() -> None:
    attaching = asked(purpose=Purpose.ATTACH).request
    detached = Place("/dev/c", "/dev/c", used_by=Usage(attaching.pool, "0c", "Kept", attached=False))
    theirs = Place("/dev/d", "/dev/d", used_by=Usage("other", "0d", "Theirs", attached=False))
    assert groups(attaching, theirs, PLACE, detached) == ["Detached here", "Not in use", "In use"]
    assert groups(asked().request, theirs, PLACE, detached) == ["Free", "In use"]


def test_the_rows_of_a_menu_say_what_tells_them_apart() -> None:
    used = Place("/dev/b", "/dev/b", "100 GiB", KNOWN)
    assert (place_label(Place("x", " ")), place_description(used)) == ("-", "Theirs in other")
    creating = asked().request
    assert groups(creating, used, PLACE) == ["Free", "In use"]
    assert groups(creating, used) == ["In use"]
    assert "options" in place_choices(creating, "f", [(0, PLACE)])
    assert place_matches(used, "theirs /dev")
    assert not place_matches(PLACE, "theirs")


def test_another_credential_is_offered_once_and_only_where_a_share_refused_one() -> None:
    smb = Share(Protocol.SMB, "files", "srs")
    paused = asked(kind=Kind.SMB, share=smb).pauses("111").request
    for request, offered in (
        (paused, 1),
        (replace(paused, address=stories.ADDRESS), 1),
        (replace(paused, share=replace(EXPORT, protocol=Protocol.NFS)), 0),
    ):
        shown = [each["text"]["text"] for each in elements(request_card(request)) if each["type"] == "button"]
        assert shown.count("Change credential…") == offered
