"""What whoever asked is told privately."""

from __future__ import annotations

from bot.request import events as e
from bot.request.model import State
from tests.integration.slack.speaking import rejects
from tests.integration.slack.stage import Stage


def test_who_asked_is_told_that_others_decided(stage: Stage) -> None:
    name = stage.awaiting()
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.private("requester", f"Your request `{name}` is approved: a worker takes it up now.")
    other = stage.awaiting()
    rejects(stage, "approver-2", stage.card("Waiting for approval", other), "not this week")
    second = stage.slack.users["approver-2"]
    told = f"Your request `{other}` was rejected by <@{second}>. Reason: `not this week`. Nothing was changed."
    stage.private("requester", told)


def test_who_asked_is_told_that_nobody_decided_in_time(stage: Stage) -> None:
    waiting, approved = stage.awaiting(), stage.awaiting()
    stage.happens(approved, e.Queued(at=stage.clock(), within=1.0))
    stage.happens(approved, e.Expired(at=stage.clock()))
    stage.happens(waiting, e.Expired(at=stage.clock()))
    stage.private("requester", f"Your request `{waiting}` is over: nobody approved it in time.")
    stage.private("requester", f"Your request `{approved}` is over: it was approved, but not run in time.")


def test_who_asked_is_told_what_keeps_it_from_running(stage: Stage) -> None:
    name = stage.awaiting()
    stage.happens(name, e.Queued(at=stage.clock()))
    held = e.Held(at=stage.clock(), until=stage.clock() + 60, because="frozen", by="U0APPROVE1", why="a storm")
    stage.happens(name, held)
    stage.private("requester", f"Your request `{name}` is approved, and held: <@U0APPROVE1> froze the pool: `a storm`.")
    stage.happens(name, e.ApprovalReopened(at=stage.clock()))
    stage.private("requester", f"Your request `{name}` needs more approvals before it runs")


def test_what_one_did_oneself_is_no_news(stage: Stage) -> None:
    name = stage.awaiting()
    stage.person("requester").presses(stage.card("Waiting for approval", name), "Cancel")
    stage.card("Cancelled", name)
    stage.outbox_is_empty()
    assert not [text for text in stage.private_texts("requester") if text.startswith("Your request")]


def test_news_are_told_once_though_the_line_after_them_has_to_be_tried_again(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.postMessage", "status": 503, "times": 1})
    stage.happens(name, e.Rejected(at=stage.clock(), actor="U0APPROVE1", because="no"))
    stage.thread(card, "rejected the request. Reason: `no`.")
    told = [text for text in stage.private_texts("requester") if text.startswith(f"Your request `{name}`")]
    assert len(told) == 1


def test_somebody_who_has_left_the_channel_is_told_nothing_and_the_thread_goes_on(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.postEphemeral", "error": "user_not_in_channel", "times": 1})
    stage.happens(name, e.Rejected(at=stage.clock(), actor="U0APPROVE1", because="no"))
    stage.thread(card, "rejected the request. Reason: `no`.")
    stage.control("fault", {"method": "chat.postEphemeral", "error": "internal_error", "times": 1})
    other = stage.awaiting()
    stage.happens(other, e.Rejected(at=stage.clock(), actor="U0APPROVE1", because="no"))
    stage.private("requester", f"Your request `{other}` was rejected")
    assert stage.now(other).state is State.REJECTED
