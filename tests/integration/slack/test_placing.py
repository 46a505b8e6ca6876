from __future__ import annotations

from typing import Any

import pytest

from bot.request import events as e
from bot.request.found import HeldSr, Place, Usage
from bot.request.model import Kind, State
from bot.request.plan import Purpose
from tests import stories
from tests.integration.slack.stage import Stage
from tests.integration.slack.test_mending import search

ASKS = "/sr add nfs 10.0.0.9 version=4.1"
EXPORTS = (
    Place("/export/srs", "/export/srs", "for everybody"),
    Place("/export/isos", "/export/isos", "for 10.0.0.0/8"),
)
HOSTS = (Place("uuid-xen1", "xenct-xen1", "master"), Place("uuid-xen2", "xenct-xen2"))
DISKS = (
    Place("/dev/disk/by-id/a", "/dev/disk/by-id/a", "100 GiB"),
    Place("/dev/disk/by-id/b", "/dev/disk/by-id/b", used_by=Usage("xenct", "0b2f", "Local storage")),
)
HELD = (stories.HELD, HeldSr("0b2fcc44-91d3-4f0e-8a57-1f0e6f9d2c10"))


def choosing(stage: Stage) -> str:
    """A request whose export is to be picked."""
    name = stage.asked(ASKS).id
    stage.places_are_found(name, EXPORTS)
    return name


def local(stage: Stage) -> str:
    """A request for storage of one host, which is to be picked."""
    name = stage.asked().id
    stage.happens(name, e.Cancelled(at=stage.clock()))
    asked = stories.asked(
        at=stage.clock(),
        kind=Kind.LOCAL,
        address=None,
        credential=None,
        request=f"local{name}"[:9],
        team=stage.slack.workspace["team_id"],
        channel=stage.channel,
        requester=stage.slack.users["requester"],
        actor=stage.slack.users["requester"],
    )
    stage.ledger.open(asked)
    return asked.request


def found(stage: Stage, asks: str = ASKS) -> str:
    """A request on whose export SRs were found."""
    name = stage.asked(asks).id
    stage.places_are_found(name, EXPORTS)
    picked = e.PlacePicked(at=stage.clock(), actor=stage.slack.users["requester"], place=EXPORTS[0])
    stage.happens(name, picked)
    stage.srs_are_found(name, HELD)
    return name


def test_an_export_is_picked(stage: Stage) -> None:
    name = stage.asked(ASKS).id
    card = stage.card("Looking for exports", "looking for the exports of server `10.0.0.9`", name)
    stage.thread(card, "asked for an NFS SR from `10.0.0.9` for pool `xenct`")
    stage.places_are_found(name, EXPORTS)
    card = stage.card("Choose the export", "2 exports found", "for 10.0.0.0/8", "Type the export…", name)
    stage.thread(card, "found 2 exports at server `10.0.0.9`")
    stage.person("outsider").picks(card, lambda *_: True)
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").picks(card, lambda _, label: "isos" in label)
    card = stage.card("Looking at what is on the share", "which SRs are on it already", name)
    stage.thread(card, "chose the export `/export/isos`")
    now = stage.now(name)
    assert now.share is not None
    assert (str(now.share), now.share.version) == ("10.0.0.9:/export/isos", "4.1")


def test_thousands_of_exports_are_searched(stage: Stage) -> None:
    name = stage.asked(ASKS).id
    stage.places_are_found(name, [Place(f"/export/{n:04}", f"/export/{n:04}") for n in range(3000)])
    card = stage.card("Choose the export", "3,000 exports found", name)
    stage.person("requester").picks(card, lambda *_: True, "0815")
    share = stage.now(name).share
    assert share is not None
    assert share.path == "/export/0815"
    finding = f"places1{name}"
    assert search(stage, "requester", name, finding, "no such", "pick_place") == ["Nothing matches what you typed"]
    assert search(stage, "requester", name, "gone", "", "pick_place") == ["The list is gone: go back and look again"]


def test_an_export_is_typed_where_the_list_lacks_it(stage: Stage) -> None:
    name = choosing(stage)
    requester = stage.person("requester")
    card = stage.card("Choose the export", name)
    stage.person("outsider").presses(card, "Type the export…")
    stage.private("outsider", "Only the person who asked can do that")
    requester.presses(card, "Type the export…")
    answer = requester.submits(stage.dialog("requester"), {"path": "export"})
    assert "it begins with a slash" in str(answer)
    requester.submits(stage.dialog("requester"), {"path": "/export/hidden/"})
    stage.wait("the pick", lambda: stage.now(name).state is State.INSPECTING)
    assert str(stage.now(name).share) == "10.0.0.9:/export/hidden"
    stage.step_fails(name, "nfs_mount_failed")
    card = stage.card("This needs your help", "Pick another export", "Type the export…", name)
    requester.presses(card, "Pick another export")
    stage.card("Choose the export", name)


def test_where_the_server_lists_no_exports_the_path_is_typed(stage: Stage) -> None:
    name = stage.asked(ASKS).id
    stage.step_fails(name, "no_exports", address="10.0.0.9")
    card = stage.card("The server `10.0.0.9` lists no exports", "Type the export…", "Try again", name)
    requester = stage.person("requester")
    requester.presses(card, "Type the export…")
    requester.submits(stage.dialog("requester"), {"path": "/volume1/srs"})
    stage.wait("the pick", lambda: stage.now(name).state is State.INSPECTING)
    assert str(stage.now(name).share) == "10.0.0.9:/volume1/srs"


def test_the_exports_are_looked_for_again(stage: Stage) -> None:
    name = choosing(stage)
    card = stage.card("Choose the export", name)
    stage.person("requester").presses(card, "Look again")
    card = stage.card("Looking for exports", name)
    stage.thread(card, "had the exports looked for again")


def test_a_dialog_is_not_opened_nor_taken_where_no_place_can_be_typed(stage: Stage) -> None:
    name = stage.asked().id
    stage.clicks("requester", {"action_id": "type_place", "value": f"{name}:0"})
    stage.private("requester", "That isn't possible at this point of the request")
    for value in ("nosuchone:0", "x"):
        stage.clicks("requester", {"action_id": "type_place", "value": value})
    stage.private("requester", "belongs to no request")
    assert stage.person("requester").dialog() is None


def test_host_and_device_are_picked_one_after_the_other(stage: Stage) -> None:
    name = local(stage)
    stage.card("Looking for hosts", "Pool `xenct` is asked for its hosts", name)
    stage.places_are_found(name, HOSTS)
    requester = stage.person("requester")
    card = stage.card("Choose the host", name, without=["Type the", "Pick another host"])
    stage.thread(card, "Pool `xenct` has 2 hosts that can be picked")
    requester.picks(card, lambda _, label: label == "xenct-xen2")
    stage.card("Looking for devices", "the devices of that host", name)
    assert (stage.now(name).host, stage.now(name).places) == ("uuid-xen2", None)
    stage.places_are_found(name, DISKS, "places2")
    card = stage.card("Choose the device", "Pick another host", "Type the device…", "Local storage in xenct", name)
    stage.thread(card, "picked the host `xenct-xen2`")
    requester.picks(card, lambda group, _: group == "In use")
    stage.private("requester", "That one is in use by the SR `Local storage`")
    requester.presses(card, "Pick another host")
    stage.card("Looking for hosts", name)
    assert stage.now(name).host == ""


def test_an_sr_that_was_found_is_attached(stage: Stage) -> None:
    name = found(stage)
    card = stage.card("There are SRs on the share already", "Make a new SR", HELD[1].uuid, "Old builds", name)
    stage.thread(card, "SRs are on the share that can be attached", "Old builds")
    stage.person("outsider").picks(card, lambda *_: True)
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").picks(card, lambda _, label: label == HELD[1].uuid)
    card = stage.card("Looking at what is on the share", name)
    stage.thread(card, f"wants the SR `{HELD[1].uuid}` attached as it is")
    assert stage.now(name).wanted == HELD[1].uuid


def test_a_new_sr_is_made_beside_those_that_were_found(stage: Stage) -> None:
    name = found(stage)
    card = stage.card("There are SRs on the share already", name)
    stage.person("requester").presses(card, "Make a new SR")
    card = stage.card("is this what you want?", "Pick another export", name)
    stage.thread(card, "wants a new SR beside what is there: plan 1")
    stage.person("requester").presses(card, "Pick another export")
    card = stage.card("Choose the export", name)
    stage.thread(card, "went back to the exports")


def test_who_wants_to_attach_is_offered_no_new_sr(stage: Stage) -> None:
    name = found(stage, "/sr attach nfs 10.0.0.9")
    stage.card("There are SRs on the share already", "Which of them is attached?", name, without=["Make a new SR"])
    assert stage.now(name).purpose is Purpose.ATTACH
    stage.clicks("requester", {"action_id": "make_new", "value": f"{name}:1"})
    stage.private("requester", "That isn't possible at this point of the request")


@pytest.mark.parametrize(
    ("block", "option", "said"),
    [
        ("pick:{name}:plan1", "{name}:7", "That isn't possible at this point"),
        ("pick:{name}:plan0", "{name}:0", "The plan has changed"),
        ("pick:{name}:plan1", "x", "That list is out of date"),
        ("pick:{name}:else", "{name}:0", "belongs to no request"),
        ("else", "{name}:0", "belongs to no request"),
    ],
)
def test_a_pick_that_no_card_stands_for_changes_nothing(stage: Stage, block: str, option: str, said: str) -> None:
    name = found(stage)
    action: dict[str, Any] = {
        "type": "static_select",
        "action_id": "attach_one",
        "block_id": block.replace("{name}", name),
        "selected_option": {"value": option.replace("{name}", name)},
    }
    stage.clicks("requester", action)
    stage.private("requester", said)
    assert stage.now(name).state is State.FOUND_SR


def test_more_srs_than_a_menu_holds_are_told(stage: Stage) -> None:
    name = stage.asked("/sr add nfs 10.0.0.9:/export/srs").id
    stage.srs_are_found(name, [HeldSr(f"0b2fcc44-91d3-4f0e-8a57-{n:012}") for n in range(130)])
    stage.card("and 30 more: `/sr attach` takes the UUID", name)
