"""SRs on NFS exports and SMB shares: the whole sandbox, two people, and what the pool has then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.sandboxes import Sandbox, eventually, opened
from tests.e2e.test_managing import card_of, done, plugged

OLD_NFS = "5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10"
OLD_SMB = "6c1ba5f2-8d63-4a10-9e9f-4a7d2f3e6b11"
LIBRARY = "9d0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a77"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("sharing") / "state") as running:
        yield running


def approved(sandbox: Sandbox, *texts: str) -> None:
    """The plan that stands is proposed, approved and carried out."""
    sandbox.person("requester").presses(card_of(sandbox, "confirming", *texts), "Request approval")
    sandbox.person("approver-1").presses(card_of(sandbox, "awaiting_approval", *texts), "Approve")
    card_of(sandbox, "succeeded", *texts)


def configs(sandbox: Sandbox, uuid: str) -> list[dict[str, str]]:
    return [pbd["device_config"] for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]


def test_an_sr_is_made_on_an_export_that_was_picked(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, '/sr add nfs nas.example name="On NFS" version=4')
    card = card_of(sandbox, "choosing_place", "On NFS", "Choose the export")
    requester.picks(card, lambda _, label: label == "/export/vms")
    approved(sandbox, "On NFS")
    sr = sandbox.sr("On NFS")
    assert sr is not None
    assert (sr["type"], sr["content_type"], sr["shared"]) == ("nfs", "user", True)
    assert plugged(sandbox, sr["uuid"]) == [True, True]
    assert configs(sandbox, sr["uuid"])[0] == {
        "server": "nas.example",
        "serverpath": "/export/vms",
        "nfsversion": "4",
    }
    assert sr["uuid"] in sandbox.model()["folders"]["nas:/export/vms"]


def test_an_sr_that_is_found_on_an_export_is_attached_after_the_path_was_typed(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, '/sr add nfs nas.example name="Found there"')
    requester.presses(card_of(sandbox, "choosing_place", "Found there"), "Type the export…")
    view = eventually("a dialog", requester.dialog)
    assert requester.submits(view, {"path": "/export/old"})["response_action"] is None
    requester.picks(card_of(sandbox, "found_sr", "Found there", OLD_NFS), lambda *_: True)
    approved(sandbox, "Found there", OLD_NFS)
    sr = sandbox.sr("Found there")
    assert sr is not None
    assert sr["uuid"] == OLD_NFS
    assert plugged(sandbox, OLD_NFS) == [True, True]


def test_an_sr_that_was_forgotten_is_attached_from_its_export(sandbox: Sandbox) -> None:
    done(sandbox, '/sr add nfs nfs4.example:/vms name="Kept on NFS 4"', "Kept on NFS 4")
    sr = sandbox.sr("Kept on NFS 4")
    assert sr is not None
    assert configs(sandbox, sr["uuid"])[0]["nfsversion"] == "4"
    done(sandbox, f"/sr forget {sr['uuid']}", "Kept on NFS 4", "orget")
    done(sandbox, f'/sr attach nfs nfs4.example:/vms {sr["uuid"]} name="Back again"', "Back again", sr["uuid"])
    again = sandbox.sr("Back again")
    assert again is not None
    assert again["uuid"] == sr["uuid"]
    assert plugged(sandbox, sr["uuid"]) == [True, True]


def test_an_sr_is_made_on_an_smb_share_with_a_password_that_nobody_sees(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.types(sandbox.storage, '/sr add smb //files.example/vms cred=backup name="Not licensed"')
    requester.presses(card_of(sandbox, "confirming", "Not licensed"), "Request approval")
    sandbox.person("approver-1").presses(card_of(sandbox, "awaiting_approval", "Not licensed"), "Approve")
    card_of(sandbox, "failed", "Not licensed", "icence")
    sandbox.changes("pool", smb_licensed=True)
    done(sandbox, r'/sr add smb \\files.example\vms cred=backup name="On SMB"', "On SMB")
    sr = sandbox.sr("On SMB")
    assert sr is not None
    assert (sr["type"], sr["content_type"], sr["shared"]) == ("smb", "user", True)
    assert plugged(sandbox, sr["uuid"]) == [True, True]
    for config in configs(sandbox, sr["uuid"]):
        assert set(config) == {"server", "username", "password_secret"}


def test_an_sr_on_an_smb_share_is_attached(sandbox: Sandbox) -> None:
    done(sandbox, '/sr attach smb //files.example/old name="Old on SMB"', "Old on SMB", OLD_SMB)
    assert plugged(sandbox, OLD_SMB) == [True, True]


def test_an_iso_library_is_attached_by_the_uuid_that_was_typed(sandbox: Sandbox) -> None:
    done(sandbox, f'/sr attach iso //files.example/public {LIBRARY} name="Old library"', "Old library", LIBRARY)
    sr = sandbox.sr("Old library")
    assert sr is not None
    assert (sr["uuid"], sr["type"], sr["content_type"]) == (LIBRARY, "iso", "iso")
    assert plugged(sandbox, LIBRARY) == [True, True]


def test_an_export_that_is_not_there_and_a_server_that_is_down_are_told(sandbox: Sandbox) -> None:
    for command, said in (
        ("/sr add nfs nas.example:/export/nowhere", "couldn't mount the NFS export"),
        ("/sr add nfs 10.0.4.7", "No NFS service answers"),
        ("/sr add smb //files.example/secret", "couldn't mount the SMB share"),
    ):
        requester = sandbox.person("requester")
        requester.types(sandbox.storage, command)
        requester.presses(card_of(sandbox, "paused", said), "Cancel")
        card_of(sandbox, "cancelled", said)
