"""Saying no with a reason, asking first, saying that one looks, and taking an approval back."""

from __future__ import annotations

import pytest

from bot.request import events as e
from bot.request.model import State
from bot.request.plan import digest
from tests.integration.slack.speaking import rejects, says
from tests.integration.slack.stage import Stage

HOSTILE = "<!channel> <@U0REQUEST1> *no*\n```"


def test_a_rejection_says_why_on_the_card_and_in_the_thread(stage: Stage) -> None:
    name = stage.awaiting()
    rejects(stage, "approver-1", stage.card("Waiting for approval", name), "too   large:\nask for 1 TiB")
    card = stage.card("Rejected", "too large: ask for 1 TiB", name)
    stage.thread(card, "rejected the request. Reason: `too large: ask for 1 TiB`.")
    assert stage.now(name).ended_because == "too large: ask for 1 TiB"


def test_a_question_stands_in_the_thread_and_decides_nothing(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    says(stage, "approver-2", card, "Ask a question…", "Which builds?")
    asks, asked = stage.slack.users["approver-2"], stage.slack.users["requester"]
    stage.thread(card, f"<@{asks}> asks <@{asked}>: `Which builds?`")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_what_is_said_calls_nobody_and_is_no_markup(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    says(stage, "approver-2", card, "Ask a question…", HOSTILE)
    stage.thread(card, "&lt;!channel&gt; &lt;@U0REQUEST1&gt; *no*")
    assert "<!channel>" not in {ping for message in stage.transcript() for ping in message["pings"]}


def test_who_looks_at_it_stands_on_the_card_until_they_approve(stage: Stage) -> None:
    name = stage.awaiting(not_asked=("other",))
    second = stage.person("approver-2")
    second.presses(stage.card("Waiting for approval", name), "I'm looking")
    card = stage.card(f"<@{second.id}> is looking at it, since", name)
    stage.thread(card, f"<@{second.id}> is looking at it.")
    stage.clicks("approver-2", {"action_id": "claim", "value": f"{name}:1"})
    stage.private("approver-2", "You said already that you are looking at it")
    second.presses(card, "Approve")
    stage.card("Approved by", name, without=["is looking at it"])


def test_an_approval_is_withdrawn_before_and_after_it_was_enough(stage: Stage) -> None:
    name = stage.awaiting()
    first = stage.person("approver-1")
    first.presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    card = stage.card("Approved, waiting for a worker", "Withdraw my approval", name)
    stage.person("approver-2").presses(card, "Withdraw my approval")
    stage.private("approver-2", "There is no approval of yours to withdraw")
    first.presses(card, "Withdraw my approval")
    card = stage.card("Waiting for approval", "Still missing: 1 approval", name, without=["Approved by"])
    stage.thread(card, f"<@{first.id}> withdrew the approval of plan 1.")
    assert (stage.now(name).state, stage.now(name).approvals) == (State.AWAITING_APPROVAL, ())
    first.presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)


def test_an_approval_is_not_withdrawn_from_what_is_being_changed(stage: Stage) -> None:
    name = stage.awaiting()
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    stage.is_taken_up(name)
    stage.changes_the_pool(name, "creating the SR")
    stage.card("Creating the SR", name, without=["Withdraw my approval"])
    stage.clicks("approver-1", {"action_id": "withdraw", "value": f"{name}:1"})
    stage.private("approver-1", "The pool is being changed already, so it is too late to withdraw an approval")
    assert len(stage.now(name).approvals) == 1
    stage.is_created(name)


@pytest.mark.parametrize("button", ["Reject…", "Ask a question…", "I'm looking"])
def test_who_does_not_decide_has_nothing_to_say(stage: Stage, button: str) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.person("outsider").presses(card, button)
    stage.private("outsider", "You are not among those who decide")
    stage.person("requester").presses(card, button)
    stage.private("requester", "You asked for this yourself")
    assert stage.person("outsider").dialog() is None
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_dialog_that_is_submitted_after_somebody_else_decided_changes_nothing(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.person("approver-2").presses(card, "Reject…")
    view = stage.dialog("approver-2")
    plan = stage.now(name).plan
    assert plan is not None
    first = stage.slack.users["approver-1"]
    yes = e.Approved(at=stage.clock(), actor=first, plan_number=1, plan_digest=digest(plan))
    stage.happens(name, yes, e.Queued(at=stage.clock()))
    told = stage.person("approver-2").submits(view, {"said": "too late"})
    assert told["response_action"] == "update"
    assert "isn't waiting for a decision" in str(stage.dialog("approver-2"))
    assert stage.now(name).state is State.QUEUED


def test_a_forged_dialog_belongs_to_no_request(stage: Stage) -> None:
    name = stage.awaiting()
    stage.person("approver-2").presses(stage.card("Waiting for approval", name), "Reject…")
    view = stage.dialog("approver-2")
    stage.person("approver-2").closes(view)
    for metadata in ("", "nonsense", f"{name}:x"):
        payload = {"view": {**view, "private_metadata": metadata, "state": {"values": {}}}, "actions": None}
        stage.clicks("approver-2", {}, type="view_submission", **payload)
    assert stage.now(name).state is State.AWAITING_APPROVAL
