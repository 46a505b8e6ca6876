from __future__ import annotations

import pytest

from bot.request import events as e
from bot.request.found import HeldSr, Trouble
from bot.request.model import Kind, State
from bot.request.plan import Purpose
from tests import stories
from tests.integration.slack.speaking import rejects
from tests.integration.slack.stage import Stage
from tests.stories import SR

STORIES = [
    (f"/sr scan {SR.uuid}", f"asks to scan the SR `{SR.uuid}` of pool", "Scanning the SR", "was scanned."),
    ('/sr repair "Nightly builds"', "asks to repair the SR `Nightly builds`", "Repairing the SR", "on 2 of 2 hosts"),
    (
        '/sr rename "Nightly builds" name="Weekly builds"',
        "to `Weekly builds`",
        "Renaming the SR",
        "was renamed from `Nightly builds` to `Weekly builds`.",
    ),
    (
        '/sr default "Nightly builds"',
        "asks to make the SR `Nightly builds` the default of pool",
        "Making the SR the pool's default",
        "is the default of pool `xenct` now",
    ),
    (
        '/sr detach "Nightly builds" reason="array goes: home"',
        "array goes: home",
        "Detaching the SR",
        "was detached from all 2 hosts.",
    ),
    (
        '/sr forget "Nightly builds"',
        "asks to forget the SR `Nightly builds`",
        "Forgetting the SR",
        "is forgotten; what is on it stays.",
    ),
]


def confirming(stage: Stage, typed: str, **changes: object) -> str:
    """A request about an SR that the pool knows, whose plan is shown."""
    name = stage.asked(typed).id
    stage.managing_plan_is_made(name, **changes)
    return name


def awaiting(stage: Stage, typed: str, **changes: object) -> str:
    name = confirming(stage, typed, **changes)
    stage.person("requester").presses(stage.card("is this what you want?", name), "Request approval")
    stage.card("Waiting for approval", name)
    return name


@pytest.mark.parametrize(("typed", "asks", "doing", "end"), STORIES, ids=[typed for typed, *_ in STORIES])
def test_what_is_typed_is_looked_at_planned_approved_and_done(
    stage: Stage, typed: str, asks: str, doing: str, end: str
) -> None:
    requester, approver = stage.person("requester"), stage.person("approver-2")
    name = stage.asked(typed).id
    stage.card("Looking at the SR", asks, name)
    stage.managing_plan_is_made(name)
    card = stage.card("*Plan 1:*", SR.uuid, "Nightly builds", "`xenct-xen1`, `xenct-xen2`", name)
    requester.presses(card, "Request approval")
    approver.presses(stage.card("Waiting for approval", name), "Approve")
    stage.card("Approved, waiting for a worker", approver.id, name)
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "unplugging the PBD of xenct-xen2")
    stage.card(doing, "Now: `unplugging the PBD of xenct-xen2`", name, without=["Cancel"])
    stage.is_done(name)
    card = stage.card(name, stage.now(name).purpose.value, without=["Now:", doing])
    assert not list(card.elements())
    stage.thread(card, end)
    stage.thread(card, f"<@{approver.id}> approved plan 1.")
    assert stage.now(name).state is State.SUCCEEDED


def test_an_sr_is_destroyed_once_its_name_was_typed(stage: Stage) -> None:
    name = awaiting(stage, '/sr destroy "Nightly builds"')
    card = stage.card("The SR is destroyed, with everything on it", "• `web1 root` (20.0 GiB), of `web1`", name)
    second = stage.person("approver-2")
    second.presses(card, "Approve…")
    view = stage.dialog("approver-2")
    assert all(text in str(view) for text in (SR.uuid, "is destroyed", "The name of the SR", "3 disks", name))
    refused = second.submits(view, {"typed": "nightly builds"})
    assert "That is not the name of the SR. Nothing was changed" in refused["errors"]["typed"]
    assert stage.now(name).state is State.AWAITING_APPROVAL
    assert second.submits(view, {"typed": "  Nightly   builds "})["response_action"] is None
    card = stage.card("Approved, waiting for a worker", "(and typed the SR's name)", name)
    assert [yes.typed for yes in stage.now(name).approvals] == [SR.name]
    stage.thread(card, "approved plan 1 and typed the SR's name.")
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "destroying the SR")
    stage.is_done(name)
    card = stage.card("The SR is destroyed", name)
    stage.thread(card, "is destroyed, with 3 disks of 60.0 GiB in all.")


def test_an_sr_is_not_destroyed_by_a_press_alone_nor_by_who_asked(stage: Stage) -> None:
    name = awaiting(stage, '/sr destroy "Nightly builds"')
    stage.clicks("approver-1", {"action_id": "approve", "value": f"{name}:1"})
    stage.private("approver-1", "That is not the name of the SR. Nothing was changed")
    card = stage.card("Waiting for approval", name)
    stage.person("requester").presses(card, "Approve…")
    stage.private("requester", "You asked for this yourself")
    stage.person("outsider").presses(card, "Approve…")
    stage.private("outsider", "You are not among those who decide")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_an_sr_whose_name_is_blank_is_destroyed_by_typing_its_uuid(stage: Stage) -> None:
    name = awaiting(stage, f"/sr destroy {SR.uuid}", held=HeldSr(SR.uuid, "  "))
    approver = stage.person("approver-1")
    approver.presses(stage.card("Waiting for approval", name), "Approve…")
    assert approver.submits(stage.dialog("approver-1"), {"typed": SR.uuid})["response_action"] is None
    stage.card("Approved, waiting for a worker", name)


def test_a_pool_that_was_not_asked_needs_one_who_may_override_before_an_sr_is_destroyed(stage: Stage) -> None:
    name = awaiting(stage, '/sr destroy "Nightly builds"', not_asked=("other",))
    card = stage.card("could not be asked whether it uses this SR", "somebody who may override", name)
    for person in ("approver-2", "approver-1"):
        stage.person(person).presses(card, "Approve…")
        assert stage.person(person).submits(stage.dialog(person), {"typed": SR.name})["response_action"] is None
        if person == "approver-2":
            card = stage.card("Still missing: 1 approval by somebody who may override", name)
    stage.card("Approved, waiting for a worker", name)


@pytest.mark.parametrize(
    ("reason", "facts", "said", "next_step"),
    [
        ("sr_unknown", {"sr": "Nightly builds"}, "has no SR with the UUID or the name `Nightly builds`", "/sr list"),
        ("sr_ambiguous", {"sr": "N", "sr_uuid": "u1, u2"}, "have the name `N`: `u1, u2`", "Ask with the UUID"),
        ("sr_is_tools", {"sr_name": "XenServer Tools"}, "holds XenServer's own tools", "Ask for another SR"),
        ("sr_not_attached", {"sr_name": "N"}, "is attached to no host", "/sr repair"),
        ("sr_only_forgotten", {"sr_name": "N"}, "not the pool's to erase", "/sr forget"),
        ("sr_indestructible", {"sr_name": "N"}, "is marked as indestructible", "/sr forget"),
        ("sr_in_use_by_vms", {"sr_name": "N", "vms": "web1, web2"}, "are open now, of `web1, web2`", "Shut these VMs"),
        (
            "lun_in_use",
            {"sr_name": "T", "sr_uuid": "0b2f", "pool": "other"},
            "`T` `0b2f` (pool `other`)",
            "freed there",
        ),
        ("pool_not_asked", {"pool": "other"}, "could not be asked whether it uses this storage", "reachable"),
        (
            "lun_taken",
            {"request": "other1"},
            "The plan of request `other1` runs on the same storage",
            "Look at the card",
        ),
    ],
)
def test_why_it_can_not_be_done_is_said_with_the_next_step(
    stage: Stage, reason: str, facts: dict[str, str], said: str, next_step: str
) -> None:
    name = stage.asked('/sr destroy "Nightly builds"').id
    stage.step_fails(name, reason, **facts)
    card = stage.card("This needs your help", said, next_step, name, without=["Change address", "Pick another"])
    stage.thread(card, "The step could not be done:", said)
    stage.person("requester").presses(card, "Cancel")
    stage.card("Cancelled", "It could not be done:", said, name)


def test_once_what_hindered_it_is_gone_it_is_tried_again(stage: Stage) -> None:
    name = stage.asked('/sr detach "Nightly builds"').id
    stage.step_fails(name, "sr_in_use_by_vms", sr_name=SR.name, vms="web1")
    card = stage.card("This needs your help", name)
    stage.person("outsider").presses(card, "Try again")
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").presses(card, "Try again")
    card = stage.card("Looking at the SR", name)
    stage.thread(card, "had the SR inspected again")
    stage.managing_plan_is_made(name)
    stage.card("Out of reach meanwhile", "Request approval", name)


@pytest.mark.parametrize(
    "action", ["change_address", "change_credential", "change_lun", "change_target", "accept_hosts"]
)
def test_there_is_no_other_address_lun_or_credential_to_go_to(stage: Stage, action: str) -> None:
    name = confirming(stage, '/sr detach "Nightly builds"')
    stage.clicks("requester", {"action_id": action, "value": f"{name}:1"})
    stage.private("requester", "That isn't possible at this point of the request")
    assert stage.person("requester").dialog() is None
    assert stage.now(name).state is State.CONFIRMING


def test_a_forged_dialog_sends_no_such_request_to_another_address(stage: Stage) -> None:
    name = confirming(stage, '/sr detach "Nightly builds"')
    values = {
        "address": {"input": {"type": "plain_text_input", "value": "10.0.0.5"}},
        "credential": {"input": {"type": "static_select", "selected_option": {"value": "by-address"}}},
    }
    payload = {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users["requester"], "team_id": stage.slack.workspace["team_id"]},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "mend",
            "private_metadata": name,
            "state": {"values": values},
        },
    }
    answer = stage.control("deliver", {"type": "interactive", "payload": payload})["ack"]["payload"]
    assert "That isn't possible at this point of the request" in str(answer)
    assert stage.now(name).state is State.CONFIRMING


def test_who_else_is_about_the_same_sr_is_named(stage: Stage) -> None:
    first = awaiting(stage, '/sr detach "Nightly builds"')
    second = confirming(stage, '/sr forget "Nightly builds"')
    card = stage.card("Another request is about the same storage", f"request `{first}`", second)
    stage.thread(card, f"The storage is wanted by request `{first}` too.")


def test_a_rejected_one_a_stale_one_and_one_that_nobody_knows_the_end_of_say_what_that_means(stage: Stage) -> None:
    name = awaiting(stage, '/sr forget "Nightly builds"')
    rejects(stage, "approver-1", stage.card("Waiting for approval", name))
    stage.card("Rejected", "Nothing was changed", SR.uuid, name)
    for event in (
        lambda step: e.WentStale(at=stage.clock(), step=step, changes=("the SR was attached to no host",)),
        lambda step: e.LostTrack(at=stage.clock(), step=step, trouble=Trouble("xen_timeout", reference="ref-7")),
    ):
        name = awaiting(stage, '/sr destroy "Nightly builds"')
        yes = e.Approved(at=stage.clock(), actor=stage.slack.users["approver-1"], plan_number=1, plan_digest="d")
        stage.happens(name, yes, e.Queued(at=stage.clock()))
        step = stage.is_taken_up(name).work.step
        ended = stage.happens(name, event(step))
        if ended.state is State.STALE:
            stage.card("things have changed since the approval", "• the SR was attached to no host", name)
        else:
            stage.card("It is not known whether the SR was destroyed", "may be erased all the same", "ref-7", name)
            stage.redis.delete(f"srbot:lun-run:{SR.uuid}")


def test_a_repair_that_left_a_host_out_is_tried_again(stage: Stage) -> None:
    name = awaiting(stage, '/sr repair "Nightly builds"')
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("the queue", lambda: stage.now(name).state is State.QUEUED)
    stage.is_taken_up(name)
    stage.is_created_partly(name, stories.managed_outcome(Purpose.REPAIR, second_host=False))
    card = stage.card(
        "but not on every host", "`xenct-xen2`: *PBD not attached*. ", "Retry", name, without=["initiator"]
    )
    stage.thread(card, "was repaired, but is only attached on 1 of 2 hosts.")
    stage.person("requester").presses(card, "Retry")
    stage.wait("another try", lambda: stage.now(name).state is State.REPAIRING)
    stage.is_taken_up(name)
    stage.is_created(name, stories.managed_outcome(Purpose.REPAIR))
    stage.card("The SR is repaired", "attached on 2 of 2 hosts", name)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/sr detach", "The UUID or the name of the SR is missing."),
        ("/sr detach Nightly builds", "A name with blanks needs quotes"),
        ("/sr rename Nightly", "The new name is missing"),
        ("/sr destroy uuid=abc", "The SR stands by itself"),
        ("/sr detach Nightly pool=other", "In this channel the pool is one of: xenct"),
        ("/sr show Nightly pool=other", "In this channel the pool is one of: xenct"),
    ],
)
def test_what_can_not_be_read_or_is_not_allowed_is_told_privately(stage: Stage, typed: str, told: str) -> None:
    stage.person("requester").types(stage.channel, typed)
    stage.private("requester", told)
    assert not stage.ledger.open_requests()


def test_an_iso_library_is_asked_for_planned_approved_and_its_images_are_listed(stage: Stage) -> None:
    text = "/sr add iso 10.0.0.5:/isos"
    request = stage.asked(text)
    assert request.kind is Kind.ISO
    stage.card("Looking at the pool", "asks for an ISO library from `10.0.0.5:/isos`", request.id)
    plan = stories.share_plan()
    step = request.work.step
    stage.happens(request.id, e.PlanMade(at=stage.clock(), step=step, plan=plan))
    stage.card("The share becomes an ISO library", "Remote ISO Library on: nas.example:/isos", request.id)
