"""What a card says of storage that keys name: a device or folder of one host, or what a driver's keys lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request.found import Finding, HeldSr, HostSight, Place, Trouble
from bot.request.lifecycle import begin
from bot.request.model import Kind, State
from bot.request.plan import Plan, Purpose
from bot.slack.cards.card import headline, request_card
from bot.slack.cards.lines import line
from bot.slack.cards.parts import finding_note
from bot.slack.cards.sentences import refusal
from bot.slack.cards.troubles import told
from tests import stories
from tests.stories import REQUESTER, Story
from tests.unit.slack.reading import elements, words

DISK = "/dev/disk/by-id/scsi-35000c500a1b2c3d1"
SIGHT = HostSight("xenct-xen2", "", multipathing=True, sees=True, uuid="uuid-xen2")


def plan(sr_type: str = "ext", *, looked: bool = True, content: str = "user", **config: str) -> Plan:
    local = sr_type not in {"cephfs", "moosefs"}
    return replace(
        stories.share_plan(),
        name="Fast disk",
        sr_type=sr_type,
        content_type=content,
        shared=not local,
        hosts=(SIGHT,) if local else (),
        host=SIGHT.uuid if local else "",
        config=tuple(sorted(config.items())),
        looked=looked,
    )


DEVICE = plan(device=DISK)
FOLDER = plan("iso", looked=False, content="iso", location="/srv/isos", legacy_mode="true")
CEPH = plan("cephfs", server="10.0.0.5,10.0.0.6", serverpath="/", options="name=admin", serverport="6789")
ZFS = plan("zfs", looked=False, location="/tank/vms")

HELD = HeldSr("9f4ed825-b096-4d43-81c2-7da0526b9e14", "Scratch", 1030779568128)
ATTACHED = replace(DEVICE, purpose=Purpose.ATTACH, held=HELD, name="Scratch")
LIBRARY = replace(FOLDER, purpose=Purpose.ATTACH, held=HeldSr("3a9c7e15-4d28-4f60-b7a1-8c5e2d9f0b64"), name="ISOs")


def asked(kind: Kind = Kind.LOCAL, **changes: object) -> Story:
    begun = stories.asked(**{"kind": kind, "address": None, "credential": None, "sr_type": "ext", **changes})
    return Story(begin(begun), [begun])


def confirming(planned: Plan) -> Story:
    kind = Kind.ISO if planned.sr_type == "iso" else Kind.LOCAL if planned.sr_type == "ext" else Kind.OTHER
    given = planned.config if kind is Kind.OTHER else ()
    story = asked(kind, host="xen2", device=DISK, given=given, sr_type=planned.sr_type)
    return story.plan_is_made(planned)


def said(story: Story) -> str:
    return words(request_card(story.request))


@pytest.mark.parametrize(
    ("planned", "texts"),
    [
        (
            DEVICE,
            [
                "A new SR is made on the device. *All that is on it now is lost.*",
                f"`{DISK}`",
                "*Warning:* no SR was seen on",
            ],
        ),
        (FOLDER, ["The folder becomes an ISO library of that host alone. Nothing in it changes.", "`/srv/isos`"]),
        (
            CEPH,
            ["The files that are there stay as they are.", "`10.0.0.5,10.0.0.6`", "`name=admin`", "`6789`"],
        ),
        (ZFS, ["*Warning:* the driver for `zfs` can't look at the storage before", "`/tank/vms`", "not shared"]),
    ],
)
def test_a_plan_shows_all_that_an_approval_is_about(planned: Plan, texts: list[str]) -> None:
    shown = said(confirming(planned))
    for text in texts:
        assert text in shown
    assert ("xenct-xen2" in shown) is bool(planned.host)
    for absent in ("sees the LUN", "initiator", "Credential", "the share", "multipath"):
        assert absent not in shown


def test_a_device_that_its_host_does_not_list_is_said_to_be_so() -> None:
    unlisted = f"*Mind:* XenServer doesn't list `{DISK}` on that host"
    assert unlisted in said(confirming(replace(DEVICE, listed=False)))
    assert unlisted not in said(confirming(DEVICE))


@pytest.mark.parametrize("planned", [FOLDER, CEPH])
def test_where_nothing_is_lost_there_is_no_warning(planned: Plan) -> None:
    assert "Warning" not in said(confirming(planned))


@pytest.mark.parametrize(
    ("planned", "thing", "erased"),
    [
        (DEVICE, "The device", True),
        (FOLDER, "The folder", False),
        (CEPH, "The storage", False),
        (ZFS, "The folder", False),
    ],
)
def test_the_approval_asks_for_what_it_is_and_says_what_is_lost(planned: Plan, thing: str, *, erased: bool) -> None:
    card = request_card(confirming(planned).approval_is_requested().request)
    approve = next(each for each in elements(card) if each.get("action_id") == "approve")
    text = approve["confirm"]["text"]["text"]
    assert text.startswith(f"{thing} becomes the SR “Fast disk” of pool xenct.")
    assert ("Whatever is on it is erased." in text) is erased


@pytest.mark.parametrize(
    ("planned", "text"),
    [
        (DEVICE, "The device can be used, and no SR was found there: plan 1 was made."),
        (FOLDER, "The folder can be used: plan 1 was made."),
        (CEPH, "The storage can be used, and no SR was found there: plan 1 was made."),
    ],
)
def test_the_thread_says_what_the_look_found(planned: Plan, text: str) -> None:
    story = confirming(planned)
    assert text in str(line(story.events[-1], story.request))


@pytest.mark.parametrize(
    ("story", "text"),
    [
        (asked(), "for a local SR for pool `xenct`"),
        (asked(device=DISK, name="Fast"), f"for a local SR named `Fast` on `{DISK}` for pool `xenct`"),
        (asked(Kind.ISO, device="/srv/isos"), "for an ISO library on `/srv/isos` for pool `xenct`"),
        (
            asked(Kind.OTHER, sr_type="cephfs", given=(("server", "nas"), ("serverpath", "/"))),
            "for an SR of type `cephfs` with `server=nas`, `serverpath=/` for pool `xenct`",
        ),
    ],
)
def test_the_card_and_the_thread_say_what_is_asked_for(story: Story, text: str) -> None:
    assert text in said(story)
    assert text in str(line(story.events[0], story.request))


def test_the_card_says_what_is_looked_for() -> None:
    story = asked()
    assert headline(story.request) == "Looking for hosts"
    story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 2))])
    assert headline(story.request) == "Choose the host"
    placed = asked(host="xen1", device=DISK)
    assert headline(placed.request) == "Looking at the storage"
    assert "is looking whether it can have this storage, and what is on it" in said(placed)


def test_looking_again_and_the_only_host_are_told() -> None:
    story = asked(host="xen1", device=DISK).pauses("storage_holds_sr", sr_uuid="0b2f")
    assert "There is an SR on the storage already, `0b2f`: nothing is made over it." in said(story)
    again = e.InspectionWanted(at=story.now, actor=REQUESTER)
    assert "had the storage inspected again" in str(line(again, story.request))
    only = e.HostPicked(at=story.now, place=Place("u", "xen1"))
    assert "The pool has no other host than `xen1`, so it was picked." in str(line(only, story.request))


def test_devices_that_are_not_allowed_are_counted_as_such() -> None:
    assert "1 device hidden: no path of theirs is allowed." in str(finding_note(Finding("f", 1, 1), "device"))


@pytest.mark.parametrize(
    ("reason", "facts", "text"),
    [
        ("path_not_allowed", {"path": "/etc"}, "`/etc` is not among the local paths that are allowed."),
        ("device_not_by_id", {"path": "/dev/sdb"}, "The device `/dev/sdb` may be another disk after"),
        ("host_unknown", {"host": "x"}, "no single host with the UUID or the name `x`"),
        ("host_wanted", {"type": "zfs"}, "Only one host has an SR of the type `zfs`"),
        ("host_not_wanted", {"type": "cephfs"}, "All hosts of the pool share an SR of the type `cephfs`."),
        ("no_devices", {"host": "xen1"}, "knows no device of the host `xen1`"),
        ("key_unknown", {"key": "servr", "type": "x", "near": "server", "known": "server"}, "the nearest is `server`"),
        ("key_unknown", {"key": "zzz", "type": "x", "known": "server"}, "the nearest is none, of `server`"),
        ("key_missing", {"key": "server", "type": "x"}, "needs `server` too"),
        ("no_sr_on_device", {}, "The device holds no SR that"),
        ("several_srs_on_device", {"sr_uuid": "0a, 0b"}, "The device holds several SRs: `0a, 0b`."),
        ("sr_of_other_type", {"sr_uuid": "0a", "type": "lvm"}, "The SR `0a` on the device is of the type `lvm`"),
        ("device_leads_elsewhere", {"sr_uuid": "0a", "what": "the PBD of b"}, "from here: `the PBD of b`"),
        ("place_taken", {"sr_name": "a", "sr_uuid": "0b", "pool": "p"}, "in use by the SR `a` `0b` of pool `p`"),
        ("storage_unreadable", {}, "can't be read, so nothing is made or attached there"),
    ],
)
def test_every_no_has_its_sentence(reason: str, facts: dict[str, str], text: str) -> None:
    assert text in told(Trouble(reason, facts=tuple(facts.items()))).sentence


def test_an_operator_reads_which_setting_is_meant() -> None:
    assert "`paths` of `[local]`" in refusal("no_local_paths")
    assert "`paths` of `[local]`" in refusal("path_not_allowed", {"path": "/etc"})
    assert "`paths` of `[local]`" in told(Trouble("path_not_allowed")).next_step


def test_what_can_not_be_helped_is_not_tried_again() -> None:
    story = asked(Kind.OTHER, sr_type="zfs", given=(("a", "b"),)).pauses("key_unknown")
    names = [each["text"]["text"] for each in elements(request_card(story.request)) if each["type"] == "button"]
    assert "Try again" not in names
    assert story.request.state is State.PAUSED


@pytest.mark.parametrize(
    ("planned", "thing", "texts"),
    [
        (
            ATTACHED,
            "The device",
            ["attached to that host alone as it is, with all that it holds. Nothing is erased.", "*SR on the device*"],
        ),
        (LIBRARY, "The folder", ["attached to that host alone as the ISO library of this UUID", "*SR on the folder*"]),
    ],
)
def test_a_plan_that_attaches_says_that_nothing_is_lost(planned: Plan, thing: str, texts: list[str]) -> None:
    story = confirming(planned)
    shown = said(story)
    for text in (*texts, f"`{planned.held.uuid if planned.held else ''}`", "`xenct-xen2`", "not shared"):
        assert text in shown
    for absent in ("is lost", "foreign data", "the share", "the LUN", "erases"):
        assert absent not in shown
    assert ("a pool that srbot doesn't know may still use this SR" in shown) is (planned is ATTACHED)
    assert f"{thing} holds the SR" in str(line(story.events[-1], story.request))
    assert "plan 1 attaches it." in str(line(story.events[-1], story.request))
    approve = next(
        each
        for each in elements(request_card(story.approval_is_requested().request))
        if each.get("action_id") == "approve"
    )
    assert approve["confirm"]["text"]["text"].startswith(f"{thing} holds an SR, which pool xenct gets as")
    assert "erased" not in approve["confirm"]["text"]["text"]


def test_what_attaches_the_sr_that_is_in_the_way_can_be_typed_as_it_stands() -> None:
    typed = f"/sr attach local {DISK} host=xenct-xen1 pool=xenct"
    shown = said(asked(host="xen1", device=DISK).pauses("storage_holds_sr", sr_uuid="0b2f", typed=typed))
    assert f"Attach it as it is with `{typed}`, or pick or ask for another." in shown
    for too_much in ("", f"{typed} {'x' * 256}"):
        story = asked(host="x").pauses("storage_holds_sr", typed=too_much)
        assert "Pick or ask for another, or have that SR taken" in said(story)


def test_who_attaches_is_asked_where_the_sr_is() -> None:
    story = asked(purpose=Purpose.ATTACH, sr_type="", name="Old")
    assert "to attach a local SR to pool `xenct` as `Old`" in said(story)
    story.happens([e.PlacesFound(at=story.now, step=story.step, finding=Finding("f", 2))])
    assert "which host holds the SR?" in said(story)
