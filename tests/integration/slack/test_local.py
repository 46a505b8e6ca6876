"""`/sr add local`, `/sr add iso local` and `/sr add <type> key=value…` as the bot hears and shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import HeldSr, HostSight, Place
from bot.request.model import HostPbd, Kind, Outcome, SrEntry, State
from bot.request.plan import Purpose
from tests.integration.slack.stage import Stage

DISK = "/dev/disk/by-id/scsi-35000c500a1b2c3d1"
HOSTS = (Place("uuid-xen1", "xenct-xen1", "pool master"), Place("uuid-xen2", "xenct-xen2"))
SIGHT = HostSight("xenct-xen2", "", multipathing=False, sees=True, uuid="uuid-xen2")
PLANNED = {
    "hosts": (SIGHT,),
    "host": "uuid-xen2",
    "shared": False,
    "way": None,
    "credential": None,
    "sr_type": "lvm",
    "name": "Fast disk",
    "config": (("device", DISK),),
}
ENTRY = SrEntry("0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11", "Fast disk", "", "xenct-xen2", "lvm", "user")


def test_a_device_is_asked_for_its_host_picked_and_an_sr_made(stage: Stage) -> None:
    requester, approver = stage.person("requester"), stage.person("approver-2")
    request = stage.asked(f'/sr add local {DISK} type=lvm name="Fast disk"')
    name = request.id
    assert (request.kind, request.sr_type, request.device) == (Kind.LOCAL, "lvm", DISK)
    stage.card(name, "Looking for hosts", f"asks for a local SR named `Fast disk` on `{DISK}` for pool `xenct`")
    stage.places_are_found(name, HOSTS)
    requester.picks(stage.card("Choose the host", name), lambda _, label: label == "xenct-xen2")
    stage.card("Looking at the storage", name)
    assert (stage.now(name).state, stage.now(name).host) == (State.INSPECTING, "uuid-xen2")
    stage.plan_is_made(name, **PLANNED)
    card = stage.card("is this what you want?", "All that is on it now is lost", f"`{DISK}`", "`xenct-xen2`", name)
    stage.thread(card, "The device can be used, and no SR was found there: plan 1 was made.")
    requester.presses(card, "Request approval")
    approver.presses(stage.card("Waiting for approval", name), "Approve")
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "creating the SR")
    stage.is_created(name, Outcome(ENTRY, (HostPbd("xenct-xen2", attached=True),)))
    card = stage.card("The SR is ready", "attached on 1 of 1 host", "`xenct-xen2`: PBD attached", name)
    stage.thread(card, "xenct-xen2", "lvm")


def test_another_host_or_another_device_is_taken_where_the_first_will_not_do(stage: Stage) -> None:
    requester = stage.person("requester")
    name = stage.asked(f"/sr add local xenct-xen2 {DISK}").id
    assert stage.now(name).state is State.INSPECTING
    stage.step_fails(name, "storage_holds_sr", sr_uuid="0b2f")
    card = stage.card("There is an SR on the storage already, `0b2f`", "Type the device…", "Pick another host", name)
    requester.presses(card, "Pick another host")
    stage.card("Looking for hosts", name)
    assert (stage.now(name).host, stage.now(name).device) == ("", DISK)
    stage.places_are_found(name, HOSTS)
    requester.picks(stage.card("Choose the host", name), lambda _, label: label == "xenct-xen1")
    assert stage.now(name).state is State.INSPECTING


def test_the_sr_on_a_device_is_attached_as_it_is(stage: Stage) -> None:
    requester, approver = stage.person("requester"), stage.person("approver-2")
    request = stage.asked(f"/sr attach local {DISK}")
    name = request.id
    assert (request.kind, request.purpose, request.sr_type, request.device) == (Kind.LOCAL, Purpose.ATTACH, "", DISK)
    stage.card(name, "Looking for hosts", f"asks to attach a local SR on `{DISK}` to pool `xenct`")
    stage.places_are_found(name, HOSTS)
    requester.picks(stage.card("which host holds the SR?", name), lambda _, label: label == "xenct-xen2")
    stage.plan_is_made(name, **{**PLANNED, "purpose": Purpose.ATTACH, "held": HeldSr(ENTRY.uuid)})
    card = stage.card("is this what you want?", "Nothing is erased.", f"`{ENTRY.uuid}`", "`xenct-xen2`", name)
    stage.thread(card, f"The device holds the SR `{ENTRY.uuid}`: plan 1 attaches it.")
    requester.presses(card, "Request approval")
    approver.presses(stage.card("Waiting for approval", name), "Approve")
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "attaching the SR")
    stage.is_created(name, Outcome(ENTRY, (HostPbd("xenct-xen2", attached=True),)))
    stage.thread(stage.card("`xenct-xen2`: PBD attached", name), "attached on 1 of 1 host")


def test_a_library_of_one_host_is_attached_by_its_uuid(stage: Stage) -> None:
    request = stage.asked(f"/sr attach iso local /srv/isos {ENTRY.uuid} host=xenct-xen1")
    assert (request.purpose, request.wanted, request.device) == (Purpose.ATTACH, ENTRY.uuid, "/srv/isos")
    stage.card(request.id, "asks to attach an ISO library on `/srv/isos` to pool `xenct`")


def test_a_folder_of_a_host_is_asked_for(stage: Stage) -> None:
    request = stage.asked("/sr add iso local /srv/isos host=xenct-xen1")
    assert (request.kind, request.share, request.host, request.device) == (Kind.ISO, None, "xenct-xen1", "/srv/isos")
    stage.card(request.id, "asks for an ISO library on `/srv/isos` for pool `xenct`", "can have this storage")


def test_the_keys_of_a_driver_are_asked_with(stage: Stage) -> None:
    request = stage.asked("/sr add cephfs server=10.0.0.5 serverpath=/ options=name=admin reason=room")
    assert (request.kind, request.sr_type, request.host) == (Kind.OTHER, "cephfs", "")
    assert request.given == (("server", "10.0.0.5"), ("serverpath", "/"), ("options", "name=admin"))
    card = stage.card("Looking at the storage", "an SR of type `cephfs` with `server=10.0.0.5`", request.id)
    stage.thread(card, "`options=name=admin`")
    stage.step_fails(request.id, "key_unknown", key="srvr", type="cephfs", near="server", known="server, options")
    stage.card("has no key `srvr`: the nearest is `server`, of `server, options`", request.id, without=["Try again"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/sr add local pool=other", "In this channel the pool is one of: xenct"),
        ("/sr add zfs location=/tank pool=other", "In this channel the pool is one of: xenct"),
        ("/sr attach local /dev/sdb", "can be another disk after a restart"),
        (f"/sr attach iso local /etc {ENTRY.uuid}", "`/etc` is not among the local paths that are allowed"),
        ("/sr add local /dev/sdb", "can be another disk after a restart"),
        ("/sr add iso local /etc", "`/etc` is not among the local paths that are allowed. Ask the operator"),
        ("/sr add iso local /srv/isos/../../etc", "is not among the local paths that are allowed"),
        ("/sr add xfs device=/dev/sdb", "`/dev/sdb` is not among the local paths that are allowed"),
        ("/sr add zfs location=/etc", "`/etc` is not among the local paths that are allowed"),
        ("/sr add cephfs server=192.0.2.9 serverpath=/", "`192.0.2.9` is not among the allowed targets"),
        ("/sr add glusterfs server=10.0.0.5:/g backupservers=10.0.0.6:evil", "`evil` is not among the allowed targets"),
        ("/sr add lvmohba scsiid=3600", "SRs of the type lvmohba are added with /sr add hba"),
    ],
)
def test_what_the_configuration_does_not_allow_is_refused_when_typed(stage: Stage, typed: str, told: str) -> None:
    stage.person("requester").types(stage.channel, typed)
    stage.private("requester", told, "You typed")
    assert not stage.ledger.open_requests()


def test_a_password_among_the_keys_is_kept_nowhere(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add moosefs masterhost=10.0.0.5 mfspassword=canary-78")
    told = stage.private("requester", "Passwords are never typed")
    assert "canary-78" not in str(told.blocks) + str(told.body["text"])
    assert not [key for key in stage.redis.scan_iter() if b"canary-78" in (stage.redis.dump(key) or b"")]


def test_without_a_local_path_in_the_configuration_its_setting_is_named(empty_stage: Stage) -> None:
    empty_stage.settings = replace(empty_stage.settings, local_paths=())
    empty_stage.bot_starts()
    for typed in ("/sr add local", "/sr add iso local /srv/isos"):
        empty_stage.person("requester").types(empty_stage.channel, typed)
    empty_stage.private("requester", "No local path is allowed: `paths` of `[local]` in the configuration is empty")
    assert not empty_stage.ledger.open_requests()
