"""An SR that a LUN holds is formatted over: the whole sandbox, two people who type, and what the pool has recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.asking import NETAPP, asks, is_shown
from tests.e2e.sandboxes import Sandbox, eventually, opened

DIES = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
SCSI_ID = "3600a0980383045586b2b4a4a00000007"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with opened(tmp_path / "state") as running:
        yield running


def types_the_end(sandbox: Sandbox, name: str, typed: str = SCSI_ID[-6:]) -> None:
    person = sandbox.person(name)
    view = eventually("a dialog", person.dialog)
    assert DIES in str(view)
    assert person.submits(view, {"typed": "000000"})["response_action"] == "errors"
    assert person.submits(view, {"typed": typed})["response_action"] is None


def test_an_sr_dies_only_after_two_people_have_typed_which_lun_they_mean(sandbox: Sandbox) -> None:
    requester, approver = sandbox.person("requester"), sandbox.person("approver-1")
    asks(sandbox, "Fresh", NETAPP)
    requester.picks(is_shown(sandbox, "Fresh", "Choose a LUN"), lambda _, label: "LUN 7 ·" in label)
    requester.presses(is_shown(sandbox, "Fresh", "The LUN holds an SR already", DIES), "Format over it…")
    types_the_end(sandbox, "requester")

    is_shown(sandbox, "Goes on as another request")
    card = is_shown(sandbox, "Fresh", "This goes on from request", "is destroyed", "Request approval")
    assert sandbox.model()["overwrites"] == []
    requester.presses(card, "Request approval")
    approver.presses(approver.sees(sandbox.storage, "is destroyed", "Approve…"), "Approve…")
    types_the_end(sandbox, "approver-1")

    card = is_shown(sandbox, "Fresh", "The SR is ready", "attached on 2 of 2 hosts")
    model = sandbox.model()
    overwritten = [(each["scsi_id"], each["before"]["sr_uuid"]) for each in model["overwrites"]]
    assert overwritten == [(SCSI_ID, DIES)]
    now = model["contents"][SCSI_ID]["sr_uuid"]
    assert now != DIES
    assert card.says(f"*UUID*\\n`{now}`")
