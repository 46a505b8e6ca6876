"""SRs on LUNs of Fibre Channel adapters: the whole sandbox, two people, and what the pool has then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.asking import asks, is_created, is_shown, uuid_on
from tests.e2e.sandboxes import Sandbox, eventually, opened

BLANK = "360060e8007c3a0000030c3a000001000"
ARCHIVE = "360060e8007c3a0000030c3a000001001"
ARCHIVED = "8e3dc714-af85-4c32-b0b1-6c9f415a8d13"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("adapters") / "state") as running:
        yield running


def picks(sandbox: Sandbox, name: str, lun: str) -> None:
    card = is_shown(sandbox, name, "Choose a LUN", "2 paths")
    sandbox.person("requester").picks(card, lambda _group, label: label.startswith(lun))


def pbds(sandbox: Sandbox, uuid: str) -> list[dict[str, Any]]:
    return [pbd for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]


def holds(sandbox: Sandbox, scsi_id: str) -> str:
    return str(sandbox.model()["contents"][scsi_id]["sr_uuid"])


def overwritten(sandbox: Sandbox, scsi_id: str) -> int:
    return sum(each["scsi_id"] == scsi_id for each in sandbox.model()["overwrites"])


def test_an_sr_is_attached_and_one_is_created_over_it_only_by_a_request_of_its_own(sandbox: Sandbox) -> None:
    asks(sandbox, "Archive", "/sr attach hba")
    picks(sandbox, "Archive", "LUN 1 ·")
    is_shown(sandbox, "Archive", "The SR on the LUN is attached as it is", "Request approval", "lvmohba")
    assert is_created(sandbox, "Archive") == ARCHIVED
    sr = sandbox.sr("Archive")
    assert sr is not None
    assert (sr["uuid"], sr["type"], sr["shared"]) == (ARCHIVED, "lvmohba", True)
    assert [pbd["device_config"] for pbd in pbds(sandbox, ARCHIVED)] == [{"SCSIid": ARCHIVE}] * 2
    assert all(pbd["currently_attached"] for pbd in pbds(sandbox, ARCHIVED))
    assert overwritten(sandbox, ARCHIVE) == 0

    requester, approver = sandbox.person("requester"), sandbox.person("approver-1")
    requester.types(sandbox.storage, f"/sr forget {ARCHIVED}")
    requester.presses(is_shown(sandbox, ARCHIVED, "orget", "Request approval"), "Request approval")
    approver.presses(approver.sees(sandbox.storage, ARCHIVED, "orget", "Approve", "Reject…"), "Approve")
    eventually("the SR is forgotten", lambda: sandbox.sr("Archive") is None)

    asks(sandbox, "Fresh", "/sr add hba")
    picks(sandbox, "Fresh", "LUN 1 ·")
    requester.presses(is_shown(sandbox, "Fresh", "The LUN holds an SR already", ARCHIVED), "Format over it…")
    requester.submits(eventually("a dialog", requester.dialog), {"typed": ARCHIVE[-6:]})
    requester.presses(is_shown(sandbox, "Fresh", "This goes on from request", "Request approval"), "Request approval")
    approver.presses(approver.sees(sandbox.storage, "is destroyed", "Approve…"), "Approve…")
    approver.submits(eventually("a dialog", approver.dialog), {"typed": ARCHIVE[-6:]})
    is_shown(sandbox, "Fresh", "The SR is ready", "attached on 2 of 2 hosts")
    sr = sandbox.sr("Fresh")
    assert sr is not None
    assert holds(sandbox, ARCHIVE) == sr["uuid"] != ARCHIVED
    assert overwritten(sandbox, ARCHIVE) == 1


def test_an_sr_is_created_on_the_lun_that_was_picked(sandbox: Sandbox) -> None:
    asks(sandbox, "On fibre", "/sr add hba")
    picks(sandbox, "On fibre", "LUN 0 ·")
    card = is_shown(sandbox, "On fibre", "Request approval", "`xenct-xen2`: sees the LUN")
    assert not card.says("initiator")
    uuid = is_created(sandbox, "On fibre")
    sr = sandbox.sr("On fibre")
    assert sr is not None
    assert (sr["uuid"], sr["type"], sr["content_type"], sr["shared"]) == (uuid, "lvmohba", "user", True)
    assert [pbd["device_config"] for pbd in pbds(sandbox, uuid)] == [{"SCSIid": BLANK}] * 2
    assert all(pbd["currently_attached"] for pbd in pbds(sandbox, uuid))
    assert holds(sandbox, BLANK) == uuid
    assert overwritten(sandbox, BLANK) == 1


def test_the_one_lun_that_only_the_master_sees_is_left_to_the_requester(sandbox: Sandbox) -> None:
    asks(sandbox, "Half", "/sr add hba")
    card = is_shown(sandbox, "Half", "Choose a LUN", "LUN 2 ·")
    requester = sandbox.person("requester")
    requester.picks(card, lambda _group, label: label.startswith("LUN 2 ·"))
    card = is_shown(sandbox, "Half", "The adapters of XenServer host `xenct-xen2` don't show the LUN")
    requester.presses(card, "Accept that xenct-xen2 doesn't see it")
    requester.presses(is_shown(sandbox, "Half", "*Accepted:*", "Request approval"), "Request approval")
    approver = sandbox.person("approver-1")
    approver.presses(approver.sees(sandbox.storage, "Half", "Approve", "Reject…"), "Approve")
    card = is_shown(sandbox, "Half", "The SR is there, but not on every host")
    attached = [pbd["currently_attached"] for pbd in pbds(sandbox, uuid_on(card))]
    assert sorted(attached) == [False, True]
