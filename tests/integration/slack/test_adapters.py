"""`/sr add hba` and `/sr attach hba` as the bot hears and shows them."""

from __future__ import annotations

from dataclasses import replace

from bot.request import events as e
from bot.request.found import Finding, OfferedLun, Usage
from bot.request.model import Kind, State
from bot.request.plan import Purpose
from tests import stories
from tests.integration.slack.stage import Stage
from tests.stories import ADAPTER_LUN, HELD

ANOTHER = OfferedLun(replace(ADAPTER_LUN, lun_id=4, scsi_id="360060e8007c3a0000030c3a000001004", paths=2))


def planned(**changes: object) -> dict[str, object]:
    plan = replace(stories.adapter_plan(), **changes)  # type: ignore[arg-type]  # as named
    return {name: getattr(plan, name) for name in ("hosts", "name", "sr_type", "credential", "way", "purpose", "held")}


def test_a_lun_of_the_adapters_is_asked_for_picked_and_created(stage: Stage) -> None:
    requester, approver = stage.person("requester"), stage.person("approver-2")
    request = stage.asked('/sr add hba name="On fibre" reason=room')
    name = request.id
    assert (request.kind, request.state, request.address) == (Kind.HBA, State.DISCOVERING_LUNS, None)
    stage.card(name, "asks for an HBA SR named `On fibre` for pool `xenct`", "Fibre Channel and SAS adapters")
    used = OfferedLun(replace(ADAPTER_LUN, lun_id=9), Usage("other", "0b2f", "Theirs"))
    stage.luns_are_found(name, [OfferedLun(ADAPTER_LUN), ANOTHER, used])
    card = stage.card(name, "LUN 3 · 500.0 GiB · HITACHI · 4 paths", "doesn't list the LUNs that this pool uses")
    stage.thread(card, "The adapters of pool `xenct` show 3 LUNs.")
    requester.picks(card, lambda group, _: group == "In use")
    stage.private("requester", "is in use by the SR `Theirs`")
    stage.person("outsider").picks(card, lambda group, _: group == "Free")
    stage.private("outsider", "Only the person who asked can do that")
    requester.picks(card, lambda _, label: label.startswith("LUN 3"))
    stage.plan_is_made(name, **planned())
    card = stage.card("is this what you want?", "`lvmohba`, shared", "4 paths", name, without=["initiator", "Portal"])
    requester.presses(card, "Request approval")
    approver.presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("the queue", lambda: stage.now(name).state is State.QUEUED)


def test_the_luns_are_looked_for_again_from_the_picker(stage: Stage) -> None:
    name = stage.asked("/sr attach hba").id
    stage.card(name, "asks to attach an HBA SR to pool `xenct`")
    assert stage.now(name).purpose is Purpose.ATTACH
    stage.luns_are_found(name, [ANOTHER])
    card = stage.card("which LUN holds the SR?", name)
    stage.person("requester").presses(card, "Look again")
    stage.wait("another look", lambda: stage.now(name).state is State.DISCOVERING_LUNS)
    card = stage.card("Fibre Channel and SAS adapters show", name)
    stage.thread(card, "had the LUNs looked for again")
    stage.luns_are_found(name, [ANOTHER], finding="luns2")
    stage.card("which LUN holds the SR?", name)


def test_many_luns_are_searched_by_what_is_typed(stage: Stage) -> None:
    name = stage.asked("/sr add hba").id
    rows = [OfferedLun(replace(ADAPTER_LUN, lun_id=n, scsi_id=f"3600a{n:05}")) for n in range(300)]
    stage.luns_are_found(name, rows)
    card = stage.card("type to search", name)
    stage.person("requester").picks(card, lambda _, label: label.startswith("LUN 299"), typed="3600a00299")
    stage.wait("the pick", lambda: stage.now(name).state is State.INSPECTING)
    assert (stage.now(name).lun or ADAPTER_LUN).lun_id == 299


def test_an_sr_that_was_found_is_attached_or_formatted_over(stage: Stage) -> None:
    name = stage.asked("/sr add hba").id
    stage.luns_are_found(name, [ANOTHER])
    picked = e.LunPicked(at=stage.clock(), actor=stage.slack.users["requester"], lun=ADAPTER_LUN)
    stage.happens(name, picked)
    stage.sr_is_found(name, **planned(purpose=Purpose.ATTACH, held=HELD))
    card = stage.card("The LUN holds an SR already", "Attach it", "Format over it…", name)
    requester = stage.person("requester")
    requester.presses(card, "Format over it…")
    view = stage.dialog("requester")
    requester.submits(view, {"typed": (ADAPTER_LUN.scsi_id or "")[-6:]})
    stage.wait("another request", lambda: stage.now(name).followed_by != "")
    follows = stage.now(stage.now(name).followed_by)
    assert (follows.kind, follows.purpose, follows.lun) == (Kind.HBA, Purpose.FORMAT, ADAPTER_LUN)
    stage.card(follows.id, f"for a new HBA SR over the SR `{HELD.uuid}` for pool `xenct`")


def test_a_pool_that_the_channel_does_not_have_is_refused(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add hba pool=nowhere")
    stage.private("requester", "nowhere", "/sr add hba pool=nowhere")


def test_a_look_that_shows_nothing_can_be_tried_again(stage: Stage) -> None:
    name = stage.asked("/sr add hba").id
    stage.step_fails(name, "no_adapter_luns")
    card = stage.card("The adapters of the pool master show no LUN that could be used.", name)
    stage.person("requester").presses(card, "Try again")
    stage.wait("another look", lambda: stage.now(name).state is State.DISCOVERING_LUNS)
    assert stage.now(name).luns in {None, Finding("luns1", 0)}
