from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.e2e.asking import UUID
from tests.e2e.browsing import Theatre, Visit, theatre
from tests.e2e.sandboxes import opened

pytestmark = [pytest.mark.browser, pytest.mark.counted]

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
NOWHERE = (100, 600)
IQN = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
SCSI_ID = "36090a028b04a9a0def60353420006046"
LARGE = "iqn.2003-10.com.lefthandnetworks:sanfarm:4711:volume-04711"


@contextmanager
def built(folder: Path) -> Iterator[Theatre]:
    program = chromium()
    with opened(folder / "state") as sandbox, theatre(program, sandbox) as running:
        yield running


@pytest.fixture
def empty_stage(tmp_path: Path) -> Iterator[Theatre]:
    with built(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with built(tmp_path_factory.mktemp("story")) as running:
        yield running


def test_a_requester_and_an_approver_bring_an_sr_into_being(empty_stage: Theatre) -> None:
    empty_stage.play(whole_story)


def whole_story(visit: Visit) -> None:
    visit.types('/sr add iscsi 10.0.0.5 name="Builds" reason="more room for the nightly builds"')
    card = visit.message("named Builds")
    expect(card).to_contain_text("10.0.0.5:3260", timeout=3_000)
    picks_the_only_lun(visit)
    expect(visit.message("Ready: is this what you want?")).to_contain_text(SCSI_ID)
    visit.presses(card, "Request approval")
    is_refused_to_the_requester(visit)
    approves(visit)
    uuid = is_told_in_the_card(visit)
    has_its_listing_in_the_thread(visit, uuid)
    stands_in_the_pool(visit, uuid)
    visit.page.mouse.move(*NOWHERE)
    visit.page.screenshot(path=_artifact("story.png"))


def picks_the_only_lun(visit: Visit) -> None:
    card = visit.message("named Builds", "Choose a LUN")
    expect(card).to_contain_text(IQN)
    menu = visit.opens_menu(card, "pick_lun")
    expect(menu.get_by_role("option")).to_have_count(1)
    expect(menu.get_by_role("option")).to_contain_text("LUN 0 · 100.0 GiB · EQLOGIC")
    menu.get_by_role("option").click()


def is_refused_to_the_requester(visit: Visit) -> None:
    card = visit.message("Waiting for approval")
    visit.presses(card, "Approve")
    visit.answers("confirm")
    expect(visit.private("You asked for this yourself")).to_contain_text("Only visible to you")
    expect(card).to_contain_text("Waiting for approval")


def approves(visit: Visit) -> None:
    visit.becomes("approver-1")
    card = visit.message("Waiting for approval")
    visit.presses(card, "Approve")
    expect(visit.page.get_by_test_id("confirm")).to_contain_text("LUN 0 (100.0 GiB) becomes the SR “Builds”")
    visit.answers("deny")
    expect(card).to_contain_text("Waiting for approval")
    visit.presses(card, "Approve")
    visit.answers("confirm")


def is_told_in_the_card(visit: Visit) -> str:
    card = visit.message("The SR is ready")
    expect(card).to_contain_text("attached on 2 of 2 hosts")
    expect(card.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    found = UUID.search(card.inner_text())
    assert found is not None
    return found[0]


def has_its_listing_in_the_thread(visit: Visit, uuid: str) -> None:
    visit.message("The SR is ready").get_by_test_id("thread-summary").click()
    pane = visit.page.get_by_test_id("thread-pane")
    listing = pane.locator("[data-ts]", has_text=re.compile(rf"uuid \( RO\) +: {uuid}"))
    for line in ("name-label ( RW): Builds", "host ( RO): <shared>", "type ( RO): lvmoiscsi"):
        expect(listing).to_contain_text(line)
    for line in ("asked for an iSCSI SR", "picked LUN 0", "requested the approval", "approved plan 1"):
        expect(pane).to_contain_text(line)


def stands_in_the_pool(visit: Visit, uuid: str) -> None:
    model = visit.sandbox.model()
    sr = next(each for each in model["srs"] if each["uuid"] == uuid)
    assert (sr["name_label"], sr["name_description"], sr["type"], sr["shared"]) == ("Builds", "", "lvmoiscsi", True)
    pbds = [pbd for pbd in model["pbds"] if pbd["sr_uuid"] == uuid]
    assert sorted(pbd["host_name"] for pbd in pbds) == ["xenct-xen1", "xenct-xen2"]
    assert all(pbd["currently_attached"] for pbd in pbds)
    assert {pbd["device_config"]["SCSIid"] for pbd in pbds} == {SCSI_ID}
    assert model["contents"][SCSI_ID]["sr_uuid"] == uuid
    assert [(each["scsi_id"], each["before"]["kind"]) for each in model["overwrites"]] == [(SCSI_ID, "blank")]


def test_one_of_ten_thousand_targets_is_found_by_typing(stage: Theatre) -> None:
    stage.play(searches_ten_thousand)


def searches_ten_thousand(visit: Visit) -> None:
    visit.types('/sr add iscsi 10.0.2.5 name="Archive"')
    card = visit.message("named Archive", "Choose a target")
    expect(card).to_contain_text("10,000 targets found")
    menu = visit.opens_menu(card, "pick_target")
    visit.searches("volume-04711")
    expect(menu.get_by_role("option")).to_have_count(1)
    expect(menu.get_by_role("option")).to_contain_text("10.0.2.5:3260")
    visit.page.screenshot(path=_artifact("targets.png"))
    menu.get_by_role("option").click()
    expect(visit.message("named Archive", "Choose a LUN")).to_contain_text(LARGE)


def test_used_luns_stand_at_the_end_and_picking_one_changes_nothing(stage: Theatre) -> None:
    stage.play(picks_a_used_lun)


def picks_a_used_lun(visit: Visit) -> None:
    visit.types('/sr add iscsi 10.0.1.11 name="Databases"')
    card = visit.message("named Databases", "Choose a LUN")
    menu = visit.opens_menu(card, "pick_lun")
    groups = menu.get_by_role("group")
    expect(groups.locator(".listbox-group")).to_have_text(["Free", "Not supported", "In use"])
    expect(groups.last.get_by_role("option")).to_have_count(3)
    visit.page.screenshot(path=_artifact("luns.png"))
    visit.searches("netapp-gold")
    menu.get_by_role("option").click()
    told = visit.private("That LUN is in use by the SR netapp-gold")
    expect(told).to_contain_text("0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101")
    expect(told).to_contain_text("Nothing was changed: pick another.")
    expect(visit.message("named Databases", "Choose a LUN")).to_be_visible()
    assert visit.sandbox.sr("Databases") is None


def _artifact(name: str) -> Path:
    ARTIFACTS.mkdir(exist_ok=True)
    return ARTIFACTS / name
