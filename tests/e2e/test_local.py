"""Storage of one host, and of types without a command: the whole sandbox, two people, and what the pool has then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.sandbox.tour.person import Seen
from tests.e2e.sandboxes import Sandbox, eventually, opened
from tests.e2e.test_managing import IMAGES, card_of, done

BY_ID = "/dev/disk/by-id/scsi-"
BLANK = f"{BY_ID}35000c500a1b2c3d1"
FIBRE = f"{BY_ID}360060e8007c3a0000030c3a000001000"
HELD = f"{BY_ID}35000c500a1b2c3d3"
HELD_SR = "9f4ed825-b096-4d43-81c2-7da0526b9e14"
ONE, OTHER = "xenct-xen1", "xenct-xen2"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("local") / "state", "--flavour", "xcpng-8.3") as running:
        yield running


def approved(sandbox: Sandbox, *texts: str) -> None:
    """The plan that stands is proposed, approved and carried out."""
    sandbox.person("requester").presses(card_of(sandbox, "confirming", *texts), "Request approval")
    sandbox.person("approver-1").presses(card_of(sandbox, "awaiting_approval", *texts), "Approve")
    card_of(sandbox, "succeeded", *texts)


def thread_of(sandbox: Sandbox, card: Seen) -> list[Seen]:
    return sandbox.person("requester").reads(sandbox.storage, card.ts)


def lists_the_images(seen: Seen) -> bool:
    return all(image in str(seen.body) for image in IMAGES)


def made(sandbox: Sandbox, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The SR of that name, and its PBDs."""
    sr = sandbox.sr(name)
    assert sr is not None
    return sr, [pbd for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == sr["uuid"]]


def test_host_and_device_are_picked_and_the_sr_is_on_that_host_alone(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, '/sr add local name="Picked disk"')
    requester.picks(
        card_of(sandbox, "choosing_place", "Picked disk", "Choose the host"), lambda _, label: label == OTHER
    )
    card = card_of(sandbox, "choosing_place", "Picked disk", "Choose the device")
    requester.picks(card, lambda _, label: label == FIBRE)
    approved(sandbox, "Picked disk")
    sr, (pbd,) = made(sandbox, "Picked disk")
    assert (sr["type"], sr["content_type"], sr["shared"]) == ("ext", "user", False)
    assert (pbd["host_name"], pbd["currently_attached"], pbd["device_config"]) == (OTHER, True, {"device": FIBRE})
    assert sandbox.model()["contents"][FIBRE.removeprefix(BY_ID)]["sr_uuid"] == sr["uuid"]


def test_a_device_that_was_typed_becomes_an_lvm_sr(sandbox: Sandbox) -> None:
    done(sandbox, f'/sr add local {ONE} {BLANK} type=lvm name="Typed disk"', "Typed disk")
    sr, (pbd,) = made(sandbox, "Typed disk")
    assert (sr["type"], sr["shared"]) == ("lvm", False)
    assert (pbd["host_name"], pbd["device_config"]) == (ONE, {"device": BLANK})


def test_a_device_with_an_sr_on_it_is_not_written_over_and_the_sr_is_attached_to_its_host(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    contents = sandbox.model()["contents"]
    requester.types(sandbox.storage, f'/sr add local {ONE} {HELD} name="Scratch again"')
    card_of(sandbox, "paused", "Scratch again", "There is an SR on the storage already")
    card = card_of(sandbox, "paused", "Scratch again", f"Attach it as it is with `/sr attach local {HELD} host={ONE}")
    requester.presses(card, "Cancel")
    card_of(sandbox, "cancelled", "Scratch again")
    assert sandbox.sr("Scratch again") is None
    requester.types(sandbox.storage, f'/sr attach local {HELD} name="Scratch again"')
    requester.picks(card_of(sandbox, "choosing_place", "Scratch again", "which host holds the SR?"), named_one)
    card_of(sandbox, "confirming", "Scratch again", "Nothing is erased.", HELD_SR)
    approved(sandbox, "Scratch again", "attach")
    sr, (pbd,) = made(sandbox, "Scratch again")
    assert (sr["uuid"], sr["type"], sr["content_type"], sr["shared"]) == (HELD_SR, "ext", "user", False)
    assert (pbd["host_name"], pbd["currently_attached"], pbd["device_config"]) == (ONE, True, {"device": HELD})
    model = sandbox.model()
    assert [one for one in model["overwrites"] if one["scsi_id"] == HELD.removeprefix(BY_ID)] == []
    assert model["contents"][HELD.removeprefix(BY_ID)]["sr_uuid"] == HELD_SR
    assert model["contents"].keys() == contents.keys()


def named_one(_: str, label: str) -> bool:
    return label == ONE


def test_a_folder_of_a_host_becomes_its_iso_library_and_is_attached_again_after_it_was_forgotten(
    sandbox: Sandbox,
) -> None:
    card = done(sandbox, f'/sr add iso local /srv/isos host={OTHER} name="Local ISOs"', "Local ISOs")
    sr, (pbd,) = made(sandbox, "Local ISOs")
    assert (sr["type"], sr["content_type"], sr["shared"]) == ("iso", "iso", False)
    assert sr["other_config"]["auto-scan"] == "true"
    assert (pbd["host_name"], pbd["device_config"]) == (OTHER, {"location": "/srv/isos", "legacy_mode": "true"})
    eventually("the images in the thread", lambda: any(map(lists_the_images, thread_of(sandbox, card))))
    done(sandbox, f"/sr forget {sr['uuid']}", "Local ISOs", "orget")
    assert sandbox.sr("Local ISOs") is None
    done(sandbox, f'/sr attach iso local /srv/isos {sr["uuid"]} host={OTHER} name="ISOs again"', "ISOs again")
    again, (plugged,) = made(sandbox, "ISOs again")
    assert (again["uuid"], again["type"], again["content_type"], again["shared"]) == (sr["uuid"], "iso", "iso", False)
    assert (plugged["host_name"], plugged["currently_attached"]) == (OTHER, True)
    assert plugged["device_config"] == pbd["device_config"]


@pytest.mark.parametrize(
    ("typed", "config", "hosts"),
    [
        (f"zfs location=/tank/vms host={ONE}", {"location": "/tank/vms"}, [ONE]),
        (f"xfs device={BY_ID}35000c500a1b2c3d2 host={OTHER}", {"device": f"{BY_ID}35000c500a1b2c3d2"}, [OTHER]),
        (f"largeblock device={BY_ID}35000c500a1b2c3d9 host={ONE}", {"device": f"{BY_ID}35000c500a1b2c3d9"}, [ONE]),
        (
            "cephfs server=10.0.4.9 serverpath=/ options=name=admin",
            {"server": "10.0.4.9", "serverpath": "/", "options": "name=admin"},
            [ONE, OTHER],
        ),
        ("moosefs masterhost=10.0.4.11 rootpath=/", {"masterhost": "10.0.4.11", "rootpath": "/"}, [ONE, OTHER]),
    ],
)
def test_a_type_without_a_command_is_added_by_its_keys(
    sandbox: Sandbox, typed: str, config: dict[str, str], hosts: list[str]
) -> None:
    sr_type = typed.partition(" ")[0]
    done(sandbox, f'/sr add {typed} name="On {sr_type}"', f"On {sr_type}")
    sr, pbds = made(sandbox, f"On {sr_type}")
    assert (sr["type"], sr["shared"]) == (sr_type, len(hosts) > 1)
    assert sorted(pbd["host_name"] for pbd in pbds) == hosts
    assert all(pbd["currently_attached"] and pbd["device_config"] == config for pbd in pbds)


def test_a_host_that_cannot_mount_it_is_named(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, '/sr add glusterfs server=10.0.4.10:/gv0 name="On gluster"')
    requester.presses(card_of(sandbox, "confirming", "On gluster"), "Request approval")
    sandbox.person("approver-1").presses(card_of(sandbox, "awaiting_approval", "On gluster"), "Approve")
    assert card_of(sandbox, "partial", "On gluster").says(OTHER)
    _, pbds = made(sandbox, "On gluster")
    assert {pbd["host_name"]: pbd["currently_attached"] for pbd in pbds} == {ONE: True, OTHER: False}


def test_a_key_that_the_driver_does_not_have_is_refused_with_the_nearest(sandbox: Sandbox) -> None:
    sandbox.person("requester").types(sandbox.storage, '/sr add moosefs masterhst=10.0.4.11 rootpath=/ name="Misspelt"')
    card = card_of(sandbox, "paused", "Misspelt", "has no key `masterhst`", "`masterhost")
    sandbox.person("requester").presses(card, "Cancel")
    assert sandbox.sr("Misspelt") is None
