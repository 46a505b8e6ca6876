from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.ledger.store import Ledger, LedgerUnavailable
from bot.request import events as e
from bot.request.found import HeldSr
from bot.request.model import Request, State
from bot.request.plan import Purpose, to_type
from bot.slack.cards.sentences import UNKNOWN_REQUEST
from bot.slack.groups import UNREAD
from bot.slack.listeners import approving, overriding
from bot.slack.listeners.filling_in import Someone
from tests.integration.slack.stage import Stage
from tests.stories import HELD, LUN

END = to_type(LUN)


def found(stage: Stage) -> str:
    """A request whose LUN holds an SR."""
    name = stage.inspecting()
    stage.sr_is_found(name)
    return name


def asks_to_format(stage: Stage, name: str, card: Any = None) -> dict[str, Any]:  # noqa: ANN401 - a message seen
    """The requester presses; gives the dialog."""
    stage.person("requester").presses(card or stage.card("The LUN holds an SR already", name), "Format over it…")
    return stage.dialog("requester")


def formatting(stage: Stage) -> str:
    """A request to format over an SR that waits for approval; its plan is made."""
    view = asks_to_format(stage, found(stage))
    stage.person("requester").submits(view, {"typed": END})
    name = new_of(view)
    stage.plan_is_made(name, purpose=Purpose.FORMAT, held=HELD)
    stage.person("requester").presses(stage.card("is destroyed", name, "Request approval"), "Request approval")
    return name


def new_of(view: dict[str, Any]) -> str:
    return str(view["private_metadata"]).rpartition(":")[2]


def test_formatting_over_is_asked_in_a_request_of_its_own_by_typing_the_end_of_the_scsi_id(stage: Stage) -> None:
    name = found(stage)
    requester = stage.person("requester")
    card = stage.card("The LUN holds an SR already", name)
    view = asks_to_format(stage, name, card)
    assert all(text in str(view) for text in (HELD.uuid, "Old builds", "is destroyed", str(LUN.scsi_id), "LUN 0"))
    refused = requester.submits(view, {"typed": "006047"})
    assert "That is not the end of the LUN's SCSIid" in refused["errors"]["typed"]
    held = requester.dialog()
    assert held is not None
    assert held["state"]["values"]["typed"]["input"]["value"] == "006047"
    assert stage.now(name).state is State.FOUND_SR
    assert requester.submits(view, {"typed": f" {END} "})["response_action"] is None

    new = stage.now(new_of(view))
    assert (new.purpose, new.dies, new.follows, new.state) == (Purpose.FORMAT, HELD, name, State.INSPECTING)
    assert (stage.now(name).state, stage.now(name).followed_by) == (State.CANCELLED, new.id)
    card = stage.card(f"This goes on from request `{name}`", f"over the SR `{HELD.uuid}`", new.id)
    stage.thread(card, "and typed the end of that", f"It goes on from request `{name}`")
    assert any(seen.says(f"This goes on as request `{new.id}`") for seen in requester.reads(stage.channel))


def test_a_dialog_submitted_twice_makes_one_request(stage: Stage) -> None:
    name = found(stage)
    view = asks_to_format(stage, name)
    before = set(stage.ledger.open_requests())
    for _ in range(2):
        assert submitted(stage, view["private_metadata"], END) is None
    assert set(stage.ledger.open_requests()) - before == {new_of(view)}


def test_of_the_same_dialog_submitted_twice_at_once_the_later_one_is_told_that_it_was_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = found(stage)
    view = asks_to_format(stage, name)
    (bot,) = stage.bots

    def opens(asked: e.Event) -> Request:
        ledger = Ledger(stage.redis)
        ledger.open(asked)  # the other one was faster
        return ledger.open(replace(asked, at=asked.at + 1))

    with monkeypatch.context() as patched:
        patched.setattr(bot.context.ledger, "open", opens)
        answer = submitted(stage, view["private_metadata"], END)
    assert answer is not None
    assert "That was done already" in str(answer["view"])
    assert stage.ledger.open_requests() == [new_of(view)]
    assert stage.now(name).followed_by == new_of(view)


def test_where_the_ledger_falls_silent_nobody_is_told_that_it_was_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = found(stage)
    view = asks_to_format(stage, name)
    (bot,) = stage.bots
    loads: list[str] = []

    def load(request_id: str) -> Request | None:
        loads.append(request_id)
        if len(loads) > 3:
            raise LedgerUnavailable("TimeoutError")
        return Ledger(stage.redis).load(request_id)

    def opens(_: e.Event) -> Request:
        raise LedgerUnavailable("TimeoutError", sent=True)

    with monkeypatch.context() as patched:
        patched.setattr(bot.context.ledger, "load", load)
        patched.setattr(bot.context.ledger, "open", opens)
        answer = submitted(stage, view["private_metadata"], END)
    assert answer is not None
    assert "Look at the card before you press again" in answer["errors"]["typed"]
    assert stage.now(name).state is State.FOUND_SR


def test_a_dialog_cannot_name_the_request_of_somebody_else_as_its_own(stage: Stage) -> None:
    theirs, name = found(stage), found(stage)
    answer = submitted(stage, f"{name}:1:{theirs}", END)
    assert answer is not None
    assert "no request that srbot knows" in str(answer["view"])
    assert stage.now(name).state is stage.now(theirs).state is State.FOUND_SR


def submitted(
    stage: Stage, metadata: str, typed: str, person: str = "requester", callback: str = "format_over"
) -> dict[str, Any] | None:
    """Deliver a dialog as Slack does, whether or not one is open; gives what the ack says."""
    payload = {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": metadata,
            "state": {"values": {"typed": {"input": {"type": "plain_text_input", "value": typed}}}},
        },
    }
    ack = stage.control("deliver", {"type": "interactive", "payload": payload})["ack"]
    return ack.get("payload") or None


@pytest.mark.parametrize(
    ("person", "metadata", "told"),
    [
        ("outsider", "{name}:1:newaaaaa2", "Only the person who asked can do that"),
        ("requester", "{name}:7:newaaaaa3", "The plan has changed since that card was drawn"),
        ("requester", "nosuchone:1:newaaaaa4", "no request that srbot knows"),
        ("requester", "{name}:1", "no request that srbot knows"),
        ("requester", "{name}:1:we rd<!ch", "no request that srbot knows"),
        ("guest", "{name}:1:newaaaaa5", "Guests can't use srbot"),
    ],
)
def test_a_dialog_that_is_not_somebodys_to_submit_changes_nothing(
    stage: Stage, person: str, metadata: str, told: str
) -> None:
    name = found(stage)
    answer = submitted(stage, metadata.replace("{name}", name), END, person)
    assert answer is not None
    assert told in str(answer["view"])
    assert stage.now(name).state is State.FOUND_SR
    assert stage.ledger.open_requests() == [name]


@pytest.mark.parametrize(
    ("person", "value", "told"),
    [
        ("outsider", "{name}:1", "Only the person who asked can do that"),
        ("requester", "{name}:7", "The plan has changed"),
        ("requester", "forged", "no request that srbot knows"),
        ("requester", "nosuchone:1", "no request that srbot knows"),
    ],
)
def test_a_dialog_does_not_open_for_what_would_be_refused(stage: Stage, person: str, value: str, told: str) -> None:
    name = found(stage)
    stage.clicks(person, {"action_id": "format_over", "value": value.replace("{name}", name)})
    stage.private(person, told)
    assert stage.person(person).dialog() is None


def test_a_dialog_does_not_open_while_the_ledger_is_silent_nor_where_no_sr_was_named(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = stage.inspecting()
    stage.sr_is_found(name, held=None)
    stage.card("The LUN holds an SR already", name, without=["Attach it"])
    stage.clicks("requester", {"action_id": "format_over", "value": f"{name}:1"})
    stage.private("requester", "That isn't possible at this point of the request")
    (bot,) = stage.bots

    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError")

    with monkeypatch.context() as patched:
        patched.setattr(bot.context.ledger, "load", silent)
        stage.clicks("requester", {"action_id": "format_over", "value": f"{name}:1"})
        stage.private("requester", "could not record that in time")
    assert stage.person("requester").dialog() is None


def test_a_dialog_about_a_request_that_is_gone_begins_nothing(stage: Stage) -> None:
    (bot,) = stage.bots
    wish = overriding.Wish("nosuchone", 1, "new9")
    assert overriding._begun(bot.context, Someone("U1", UNREAD), wish, END) == UNKNOWN_REQUEST
    assert approving._approved(bot.context, Someone("U1", UNREAD), "forged", {"view": {}}) == UNKNOWN_REQUEST


def test_a_late_dialog_of_a_request_that_went_another_way_begins_nothing(stage: Stage) -> None:
    name = found(stage)
    card = stage.card("The LUN holds an SR already", name)
    view = asks_to_format(stage, name, card)
    stage.person("requester").presses(card, "Attach it")
    stage.wait("attaching", lambda: stage.now(name).state is State.CONFIRMING)
    told = stage.person("requester").submits(view, {"typed": END})
    assert told["response_action"] == "update"
    assert stage.ledger.load(new_of(view)) is None
    asks_again = stage.clicks("requester", {"action_id": "format_over", "value": f"{name}:1"})
    assert asks_again["delivered"]
    stage.private("requester", "That isn't possible at this point of the request")


def test_a_request_that_goes_another_way_in_that_moment_takes_the_new_one_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = found(stage)
    view = asks_to_format(stage, name)
    (bot,) = stage.bots
    ledger = bot.context.ledger

    def opens(asked: e.Event) -> Request:
        stage.happens(name, e.AttachChosen(at=stage.clock(), actor=stage.slack.users["requester"], plan_number=1))
        return Ledger(stage.redis).open(asked)

    monkeypatch.setattr(ledger, "open", opens)
    told = submitted(stage, view["private_metadata"], END)
    assert "That isn't possible at this point" in str(told)
    new = stage.now(new_of(view))
    assert (new.state, new.ended_by) == (State.CANCELLED, None)
    assert "went another way" in new.ended_because
    assert stage.now(name).state is State.CONFIRMING


@pytest.mark.parametrize("method", ["load", "open", "commit"])
def test_a_ledger_that_does_not_answer_leaves_the_dialog_open_and_a_second_try_makes_no_second_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    name = found(stage)
    view = asks_to_format(stage, name)
    (bot,) = stage.bots

    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError", sent=method == "open")

    with monkeypatch.context() as patched:
        patched.setattr(bot.context.ledger, method, silent)
        answer = submitted(stage, view["private_metadata"], END)
    assert answer is not None
    assert "srbot could not" in answer["errors"]["typed"]
    assert submitted(stage, view["private_metadata"], END) is None
    assert stage.ledger.open_requests() == [new_of(view)]
    assert stage.now(name).followed_by == new_of(view)


def test_an_approver_types_it_too_and_one_of_them_may_override(stage: Stage) -> None:
    name = formatting(stage)
    card = stage.card("Waiting for approval", "Approve…", "is destroyed", "somebody who may override", name)
    first, second = stage.person("approver-1"), stage.person("approver-2")
    stage.thread(card, f"of <@{first.id}>, <@{second.id}>. One of those who may override has to be among them")

    second.presses(card, "Approve…")
    view = stage.dialog("approver-2")
    assert all(text in str(view) for text in (HELD.uuid, "is destroyed", str(LUN.scsi_id), name))
    assert "That is not the end" in second.submits(view, {"typed": "000000"})["errors"]["typed"]
    assert second.submits(view, {"typed": END})["response_action"] is None
    card = stage.card("Still missing: 1 approval by somebody who may override", f"Approved by <@{second.id}>", name)
    stage.thread(card, f"<@{second.id}> approved plan 1 and typed the end of the SCSIid.")
    assert stage.now(name).state is State.AWAITING_APPROVAL

    first.presses(card, "Approve…")
    first.submits(stage.dialog("approver-1"), {"typed": END})
    stage.card("Approved, waiting for a worker", name)
    assert [yes.typed for yes in stage.now(name).approvals] == [END, END]


@pytest.mark.parametrize(
    ("person", "told"),
    [("requester", "You asked for this yourself"), ("outsider", "You are not among those who decide")],
)
def test_who_must_not_approve_gets_no_dialog(stage: Stage, person: str, told: str) -> None:
    name = formatting(stage)
    stage.person(person).presses(stage.card("Waiting for approval", name), "Approve…")
    stage.private(person, told)
    assert stage.person(person).dialog() is None
    answer = submitted(stage, f"{name}:1", END, person, "approve_over")
    assert told in str(answer)
    assert not stage.now(name).approvals


def test_an_approval_without_the_dialog_lets_no_sr_die(stage: Stage) -> None:
    name = formatting(stage)
    stage.clicks("approver-1", {"action_id": "approve", "value": f"{name}:1"})
    stage.private("approver-1", "That is not the end of the LUN's SCSIid")
    assert not stage.now(name).approvals
    assert "no request that srbot knows" in str(submitted(stage, "forged", END, "approver-1", "approve_over"))


def test_a_plan_that_lets_no_sr_die_has_no_dialog(stage: Stage) -> None:
    name = stage.awaiting()
    stage.clicks("approver-1", {"action_id": "approve_over", "value": f"{name}:1"})
    stage.private("approver-1", "That isn't possible at this point of the request")
    assert stage.person("approver-1").dialog() is None


def test_a_dialog_to_approve_submitted_late_counts_once(stage: Stage) -> None:
    name = formatting(stage)
    stage.card("Waiting for approval", name)
    assert submitted(stage, f"{name}:1", END, "approver-2", "approve_over") is None
    assert "You have approved this already" in str(submitted(stage, f"{name}:1", END, "approver-2", "approve_over"))
    assert len(stage.now(name).approvals) == 1
    stage.happens(name, e.Cancelled(at=stage.clock()))
    late = submitted(stage, f"{name}:1", END, "approver-1", "approve_over")
    assert "This request has ended already" in str(late)


def test_a_found_sr_without_a_name_or_size_can_be_formatted_over(stage: Stage) -> None:
    name = stage.inspecting()
    stage.sr_is_found(name, held=HeldSr("0b2f-uuid"))
    view = asks_to_format(stage, name)
    assert "The SR `0b2f-uuid` is destroyed" in str(view)
