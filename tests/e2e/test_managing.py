"""What comes after creating an SR, and an ISO library: the whole sandbox, two people, and what the pool has then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.sandbox.tour.person import Seen
from tests.e2e.asking import asks, gets_a_plan, is_created, is_shown
from tests.e2e.sandboxes import Sandbox, eventually, opened

IMAGES = ("Rocky-9.4-x86_64-minimal.iso", "debian-12.5.0-amd64-netinst.iso")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("managing") / "state") as running:
        yield running


def card_of(sandbox: Sandbox, state: str, *texts: str, ts: str = "") -> Seen:
    """The newest card that says this and stands there; or the one of this timestamp."""
    person = sandbox.person("requester")

    def look() -> Seen | None:
        found = [seen for seen in reversed(person.reads(sandbox.storage)) if seen.says(*texts) and ts in {"", seen.ts}]
        return next((seen for seen in found if _state(seen) == state), None)

    return eventually(f"a card that is {state} and says {texts}", look)


def _state(seen: Seen) -> str:
    metadata: dict[str, Any] = seen.body.get("metadata") or {}
    return str(metadata.get("event_payload", {}).get("state", ""))


def asked(sandbox: Sandbox, command: str, *texts: str) -> str:
    """Ask for it, up to the approval, and give the card's timestamp."""
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, command)
    card = card_of(sandbox, "confirming", *texts)
    requester.presses(card, "Request approval")
    return card.ts


def done(sandbox: Sandbox, command: str, *texts: str, typed: str = "") -> Seen:
    """Ask for it, have it approved, and give the card at its end."""
    ts = asked(sandbox, command, *texts)
    approver = sandbox.person("approver-1")
    approver.presses(card_of(sandbox, "awaiting_approval", ts=ts), "Approve…" if typed else "Approve")
    if typed:
        view = eventually("a dialog", approver.dialog)
        assert approver.submits(view, {"typed": "other"})["response_action"] == "errors"
        assert approver.submits(view, {"typed": typed})["response_action"] is None
    return card_of(sandbox, "succeeded", *texts, ts=ts)


def made(sandbox: Sandbox, name: str) -> str:
    gets_a_plan(sandbox, name, "/sr add iscsi 10.0.1.11")
    return is_created(sandbox, name)


def plugged(sandbox: Sandbox, uuid: str) -> list[bool]:
    return [pbd["currently_attached"] for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]


def test_an_sr_is_scanned_renamed_made_the_default_detached_repaired_and_destroyed(sandbox: Sandbox) -> None:
    uuid = made(sandbox, "Nightly")
    done(sandbox, f"/sr scan {uuid}", "Nightly", "scan")
    done(sandbox, f'/sr rename {uuid} name="Weekly builds"', "Weekly builds")
    assert sandbox.sr("Weekly builds")["uuid"] == uuid  # type: ignore[index] # it is there, or the test fails
    done(sandbox, '/sr default "Weekly builds"', "Weekly builds", "default")
    done(sandbox, '/sr detach "Weekly builds"', "Weekly builds", "etach")
    assert plugged(sandbox, uuid) == [False, False]
    done(sandbox, '/sr repair "Weekly builds"', "Weekly builds", "epair")
    assert plugged(sandbox, uuid) == [True, True]
    done(sandbox, '/sr destroy "Weekly builds"', "Weekly builds", "estroy", typed="Weekly builds")
    assert sandbox.sr("Weekly builds") is None
    assert uuid not in str(sandbox.model()["contents"])


def test_a_forgotten_sr_is_attached_again_from_its_lun(sandbox: Sandbox) -> None:
    uuid = made(sandbox, "Kept")
    done(sandbox, f"/sr forget {uuid}", "Kept", "orget")
    assert sandbox.sr("Kept") is None
    assert uuid in str(sandbox.model()["contents"])
    asks(sandbox, "Kept again", "/sr attach iscsi 10.0.1.11")
    choice = is_shown(sandbox, "Kept again", "Choose a LUN")
    sandbox.person("requester").picks(choice, lambda _group, _label: True)
    assert is_created(sandbox, "Kept again") == uuid
    assert plugged(sandbox, uuid) == [True, True]


def test_an_sr_with_a_running_vm_on_it_stays(sandbox: Sandbox) -> None:
    vdi = next(one for one in sandbox.model()["vdis"] if one["attached"])
    name = next(sr["name_label"] for sr in sandbox.model()["srs"] if sr["uuid"] == vdi["sr_uuid"])
    for chore in ("forget", "destroy", "detach"):
        sandbox.person("requester").types(sandbox.storage, f"/sr {chore} {vdi['sr_uuid']}")
        card = card_of(sandbox, "paused", name, vdi["vms"][0])
        sandbox.person("requester").presses(card, "Cancel")
        card_of(sandbox, "cancelled", name)


def test_one_sr_is_shown_with_who_asked_for_it(sandbox: Sandbox) -> None:
    uuid = made(sandbox, "Shown")
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, f"/sr show {uuid}")
    seen = requester.sees(sandbox.storage, uuid, "xenct-xen1", "xenct-xen2", f"<@{requester.id}>", "/archives/")
    assert seen.private


@pytest.mark.parametrize(
    ("share", "credential"),
    [("nfs4.example:/images", ""), ("//files.example/iso", "cred=backup"), (r"\\files.example\public", "")],
)
def test_a_share_becomes_an_iso_library_and_its_images_are_listed(
    sandbox: Sandbox, share: str, credential: str
) -> None:
    location = share.replace("\\", "/")
    name = f"Remote ISO Library on: {location}"
    version = " version=4" if share.startswith("nfs4") else ""
    card = done(sandbox, f"/sr add iso {share} {credential}{version}", name)
    sr = sandbox.sr(name)
    assert sr is not None
    assert (sr["type"], sr["content_type"], sr["shared"]) == ("iso", "iso", True)
    assert plugged(sandbox, sr["uuid"]) == [True, True]
    assert card.says(sr["uuid"])
    requester = sandbox.person("requester")
    eventually(
        "the images",
        lambda: next((seen for seen in requester.reads(sandbox.storage, card.ts) if seen.says(*IMAGES)), None),
    )
