"""`/sr request` and `/sr cancel`, as people see their answers."""

from __future__ import annotations

import pytest

from bot.request import events as e
from bot.request.model import State
from deploy.sandbox.tour.person import Seen
from tests.integration.slack.elsewhere import asked_elsewhere, asks
from tests.integration.slack.stage import Stage

UNKNOWN = "srbot knows no request `{}` of yours or of this channel. Nothing was changed"


def words(seen: Seen) -> list[str]:
    return [str(block["text"]["text"]) for block in seen.blocks]


def test_what_a_card_says_is_shown_privately_with_a_link_and_nothing_to_press(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    seen = asks(stage, "outsider", f"/sr request {name}", "Waiting for approval", name, "10.0.0.5:3260")
    assert seen.says("xenct-xen1", f"<@{stage.slack.users['requester']}> asks for an iSCSI SR named `Builds`")
    assert seen.says(f"/archives/{stage.channel}/p{card.ts.replace('.', '')}|Its card and its thread>")
    assert not list(seen.elements())
    assert not stage.private_texts("requester")


def test_an_id_is_taken_as_it_is_copied_from_a_card(stage: Stage) -> None:
    name = stage.awaiting()
    asks(stage, "approver-1", f"/sr request `{name.upper()}`.", "Waiting for approval", name)


def test_who_asked_sees_a_request_of_another_channel(stage: Stage) -> None:
    name = asked_elsewhere(stage)
    asks(stage, "requester", f"/sr request {name}", "Looking for targets", name)


def test_of_another_channel_nobody_else_learns_more_than_of_none(stage: Stage) -> None:
    name = asked_elsewhere(stage)
    for typed in ("request", "cancel"):
        there = asks(stage, "approver-1", f"/sr {typed} {name}", UNKNOWN.format(name), "You typed")
        none = asks(stage, "approver-1", f"/sr {typed} nosuchone", UNKNOWN.format("nosuchone"), "You typed")
        assert [said.replace(name, "nosuchone") for said in words(there)] == words(none)
    assert stage.now(name).version == 1


def test_without_a_card_or_a_link_the_rest_is_shown(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.getPermalink", "error": "internal_error", "times": 1})
    asks(stage, "requester", f"/sr request {name}", "Waiting for approval", "Slack gives no link to it at the moment")
    asks(stage, "requester", f"/sr request {name}", "Waiting for approval", "|Its card and its thread>")
    stage.redis.delete(f"srbot:shown:{name}")
    asks(stage, "requester", f"/sr request {name}", "Waiting for approval", "Its card isn't there yet")


def test_a_link_that_slack_takes_its_time_for_delays_no_answer(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.getPermalink", "delay": 2.5, "times": 1})
    asks(stage, "requester", f"/sr request {name}", "Waiting for approval", "Slack gives no link to it at the moment")


def test_a_ledger_that_does_not_answer_is_said(own_stage: Stage) -> None:
    name = own_stage.awaiting()
    own_stage.card("Waiting for approval", name)
    own_stage.outbox_is_empty()
    asks(own_stage, "requester", "/sr help", "What srbot understands")
    own_stage.redis.client_pause(2500)
    asks(own_stage, "requester", f"/sr request {name}", "could not look that up in time. Try again", "You typed")
    asks(own_stage, "requester", f"/sr cancel {name}", "could not record that in time. Nothing was changed")
    own_stage.redis.ping()  # answered when the pause is over
    assert own_stage.now(name).state is State.AWAITING_APPROVAL


def test_who_asked_cancels_by_typing(stage: Stage) -> None:
    name = stage.awaiting()
    asks(stage, "requester", f"/sr cancel {name}", f"Request `{name}` is cancelled. Nothing was changed for it")
    stage.card("Cancelled", name, without=["Approve"])
    assert stage.now(name).ended_by == stage.slack.users["requester"]


def test_who_asked_cancels_from_another_channel_too(stage: Stage) -> None:
    name = asked_elsewhere(stage)
    asks(stage, "requester", f"/sr cancel {name}", "is cancelled")
    assert stage.now(name).state is State.CANCELLED


@pytest.mark.parametrize("person", ["approver-1", "outsider"])
def test_nobody_cancels_for_somebody_else(stage: Stage, person: str) -> None:
    name = stage.awaiting()
    asks(stage, person, f"/sr cancel {name}", "Only the person who asked can do that", "You typed", name)
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_what_has_ended_or_changes_the_pool_can_not_be_cancelled(stage: Stage) -> None:
    name = stage.awaiting()
    approved = e.Approved(at=stage.clock(), actor=stage.slack.users["approver-1"], plan_number=1, plan_digest="d")
    stage.happens(name, approved, e.Queued(at=stage.clock()))
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "creating the SR")
    asks(stage, "requester", f"/sr cancel {name}", "The pool is being changed already, so it is too late to cancel")
    stage.is_created(name)
    asks(stage, "requester", f"/sr cancel {name}", "This request has ended already. Nothing was changed")
    assert stage.now(name).state is State.SUCCEEDED


def test_a_time_that_is_over_is_said(own_stage: Stage) -> None:
    name = own_stage.awaiting()
    own_stage.card("Waiting for approval", name)
    own_stage.bots[0].context.clock.offset = 10**6  # type: ignore[attr-defined]  # the stage's own clock
    asks(own_stage, "requester", f"/sr cancel {name}", "The time for this is over")


def test_a_guest_is_refused_here_too(stage: Stage) -> None:
    name = stage.awaiting()
    for line in (f"/sr request {name}", f"/sr cancel {name}"):
        asks(stage, "guest", line, "Guests can't use srbot")
    assert stage.now(name).state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/sr request", "The id of the request is missing"),
        ("/sr cancel", "The id of the request is missing"),
        ("/sr cancel Builds", "is not the id of a request: its card shows it at the foot"),
        ("/sr cancel abc234xyz def567uvw", "One request is named at a time"),
        ("/sr cancel <@U1|alice>", "is not the id of a request: its card shows it at the foot"),
    ],
)
def test_a_line_without_an_id_says_where_ids_are(stage: Stage, line: str, told: str) -> None:
    asks(stage, "requester", line, told)
