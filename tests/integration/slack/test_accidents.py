"""What other approval bots got wrong, each as a test of what must not happen.

=============================================  ===================================================================
it happened                                    here it would fail
=============================================  ===================================================================
a denied job ran                               test_a_rejected_request_is_never_queued
approved once, run as something else           test_what_was_altered_after_its_approval_is_never_run
two clicks at once made two jobs               test_fifty_who_approve_at_once_make_one_job
fifty clicks at once counted some twice        test_where_all_fifty_are_needed_each_counts_once_however_often_...
the message said approved, it was not          test_a_card_never_says_approved_when_the_approval_was_not_recorded
buttons stayed after the time-out              test_no_buttons_stay_after_expiry_and_a_late_click_is_told_and_...
expiry waited for a sweep                      test_a_click_that_comes_before_the_timekeeper_is_late_all_the_same
somebody who may not approved                  test_the_requester_and_outsiders_cannot_approve
somebody who no longer may approved            test_who_has_left_the_group_since_the_card_was_drawn_approves_...
what was approved had changed when it ran      test_each_change_alone_makes_it_stale_and_is_named
what was approved was not what was shown       test_a_click_on_an_older_plan_is_told_so_and_changes_nothing
one person counted twice                       test_nobody_approves_twice
one person filled the places of two groups     test_one_person_in_two_groups_does_not_fill_the_places_of_both
the state was read before the lock             test_the_decision_is_made_again_when_somebody_was_faster
an error while deciding meant yes              test_an_error_while_deciding_means_no
a reason that holds ": " was cut               test_a_reason_that_holds_a_colon_is_never_cut
a channel out of reach lost the request        test_a_card_is_not_lost_while_its_channel_can_not_be_written_to
a restart forgot which messages were sent      test_a_bot_that_starts_later_shows_what_happened_meanwhile
two bots posted everything twice               test_two_bots_post_each_message_once
=============================================  ===================================================================
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rq.utils import utcformat

from bot.ledger.effects import JOBS
from bot.ledger.queueing import queue_for
from bot.request import events as e
from bot.request.model import State
from bot.settings import SettingsError
from bot.settings.environment import Tokens
from bot.settings.sealed import Secret
from bot.slack.app import build
from tests.integration.slack.speaking import rejects
from tests.integration.slack.stage import Stage
from tests.stories import TARGET


def test_each_accident_of_the_table_has_its_test() -> None:
    tests = Path(__file__).parents[2]
    known = {name for path in tests.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}
    for named in re.findall(r"  (test_\w+?)_?(?:\.\.\.)?$", __doc__ or "", re.MULTILINE):
        assert any(name.startswith(named) for name in known), named


def approved_jobs(stage: Stage, name: str) -> list[str]:
    """The jobs that would create an SR for a request."""
    jobs = queue_for(stage.redis, "xenct").jobs
    return [job.id for job in jobs if job.func_name == JOBS[State.QUEUED] and job.args[0] == name]


def test_fifty_who_approve_at_once_make_one_job(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    assert card.says("Approve")
    action = {"action_id": "approve", "value": f"{name}:1"}
    people = ["approver-1", "approver-2"] * 25
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda person: stage.clicks(person, action), people))
    assert all(answer["ack"] is not None for answer in answers)
    assert stage.now(name).state is State.QUEUED
    assert len([event for event in stage.ledger.trail(name) if isinstance(event, e.Approved)]) == 1
    assert len(approved_jobs(stage, name)) == 1


def test_no_buttons_stay_after_expiry_and_a_late_click_is_told_and_changes_nothing(own_stage: Stage) -> None:
    stage = own_stage
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    stage.clock.offset = 25 * 3600
    late = stage.card("Expired", "Nothing was changed")
    assert not list(late.elements())
    assert stage.clicks("approver-1", {"action_id": "approve", "value": f"{name}:1"})["ack"] is not None
    stage.private("approver-1", "This request has ended already. Nothing was changed")
    assert stage.now(name).state is State.EXPIRED
    assert not approved_jobs(stage, name)
    stage.thread(card, "The request expired")


def test_a_click_that_comes_before_the_timekeeper_is_late_all_the_same(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.bot_starts()
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    at = stage.now(name).expires_at
    assert at is not None
    stage.ledger.forget_due("expire", name)
    stage.clock.offset = at - stage.clock() + 60
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "The time for this is over")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_rejected_request_is_never_queued(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    rejects(stage, "approver-2", card)
    after = stage.card("Rejected", stage.slack.users["approver-2"], "rejected this", "not this week")
    assert not list(after.elements())
    stage.clicks("approver-1", {"action_id": "approve", "value": f"{name}:1"})
    stage.private("approver-1", "This request has ended already. Nothing was changed")
    assert stage.now(name).state is State.REJECTED
    assert not approved_jobs(stage, name)


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_a_click_on_an_older_plan_is_told_so_and_changes_nothing(stage: Stage, action: str) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.clicks("approver-1", {"action_id": action, "value": f"{name}:7"})
    stage.private("approver-1", "The plan has changed since that card was drawn. Nothing was changed")
    assert stage.now(name).state is State.AWAITING_APPROVAL


@contextlib.contextmanager
def no_commits(stage: Stage) -> Iterator[None]:
    """Let the store answer everything but EXEC, as one does whose disk is full or that became a replica."""
    stage.redis.acl_setuser(
        "default", enabled=True, keys=["*"], channels=["*"], commands=["+@all", "-exec"], nopass=True
    )
    try:
        yield
    finally:
        stage.redis.acl_setuser("default", enabled=True, keys=["*"], channels=["*"], commands=["+@all"], nopass=True)


def test_a_card_never_says_approved_when_the_approval_was_not_recorded(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    before = stage.transcript()
    with no_commits(stage):
        stage.person("approver-1").presses(card, "Approve")
        stage.private("approver-1", "could not see in time whether that was recorded. Look at the card")
    stage.person("outsider").presses(card, "Approve")
    stage.private("outsider", "You are not among those who decide")
    assert stage.now(name).state is State.AWAITING_APPROVAL
    assert [m for m in stage.transcript() if not m.get("to")] == [m for m in before if not m.get("to")]


def test_a_reason_that_holds_a_colon_is_never_cut(stage: Stage) -> None:
    reason = "more: room: for builds: urgent"
    name = stage.asked(f'/sr add iscsi 10.0.0.5 reason="{reason}"').id
    card = stage.card("looking for targets", name)
    assert [each["text"] for block in card.blocks for each in leaves(block) if "urgent" in each["text"]] == [reason]
    assert stage.thread(card, "asked for").says(f"Reason: `{reason}`.")
    assert stage.now(name).reason == reason


def leaves(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The texts of a block of rich text."""
    if block["type"] == "rich_text":
        for part in block["elements"]:
            yield from part["elements"]


def test_the_requester_can_cancel_and_the_buttons_go(stage: Stage) -> None:
    name = stage.asked().id
    stage.person("requester").presses(stage.card("looking for targets", name), "Cancel")
    card = stage.card("Cancelled", name)
    assert not list(card.elements())
    assert not stage.now(name).expires_at


def test_approvers_are_mentioned_once_and_nobody_else_is_pinged_by_data(stage: Stage) -> None:
    before = len(stage.transcript())
    name = stage.confirming()
    stage.person("requester").presses(stage.card(name, "erases"), "Request approval")
    card = stage.card("Waiting for approval", name)
    stage.thread(card, "requested the approval")
    messages = stage.transcript()[before:]
    approvers = {f"<@{stage.slack.users[who]}>" for who in ("approver-1", "approver-2")}
    mentioning = [m for m in messages if approvers & set(m["pings"])]
    assert len(mentioning) == 1
    assert {ping for m in messages for ping in m["pings"]} <= approvers | {f"<@{stage.slack.users['requester']}>"}


def test_the_card_says_that_no_worker_runs_and_for_how_long_already(own_stage: Stage) -> None:
    own_stage.asked()
    own_stage.card("looking for targets")
    own_stage.clock.offset = 12
    own_stage.card("Still waiting", "No worker is running for pool `xenct`", "for 1")


WORKER: dict[Any, Any] = {"birth": "2026-01-01T00:00:00.000000Z", "queues": "srbot-xenct"}


def test_the_card_says_what_a_slow_pool_is_doing(own_stage: Stage) -> None:
    name = own_stage.asked().id
    own_stage.redis.sadd("rq:workers:srbot-xenct", "rq:worker:w1")
    own_stage.redis.hset("rq:worker:w1", mapping={**WORKER, "last_heartbeat": utcformat(datetime.now(UTC))})
    own_stage.clock.offset = 12
    own_stage.card("The worker of pool `xenct` is busy")
    own_stage.is_taken_up(name)
    progress = e.Progressed(at=own_stage.clock(), step=1, doing="asking for targets")
    own_stage.happens(name, progress)
    own_stage.clock.offset = 60
    own_stage.card("takes its time", "asking for targets")


def test_a_bot_that_starts_later_shows_what_happened_meanwhile(empty_stage: Stage) -> None:
    stage = empty_stage
    bot = stage.bot_starts()
    name = stage.asked().id
    stage.card("looking for targets")
    stage.outbox_is_empty()
    stage.bot_stops(bot)
    stage.targets_are_found(name, [TARGET])
    stage.bot_starts()
    card = stage.card("Choose a target")
    stage.thread(card, "1 target")
    cards = [m for m in stage.transcript() if (m.get("metadata") or {}).get("event_payload", {}).get("sequence") == 0]
    assert len(cards) == 1


def test_two_bots_post_each_message_once(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.bot_starts()
    stage.bot_starts()
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    card = stage.card("Choose a target")
    stage.thread(card, "1 target")
    stage.outbox_is_empty()
    sequences = [m["metadata"]["event_payload"]["sequence"] for m in stage.transcript() if m.get("metadata")]
    assert sorted(sequences) == [0, 1, 2]


def test_a_bot_whose_token_is_of_another_workspace_does_not_start(empty_stage: Stage) -> None:
    tokens = Tokens(Secret(empty_stage.slack.bot_token), Secret(empty_stage.slack.app_token))
    other = replace(empty_stage.settings, slack=replace(empty_stage.settings.slack, team="T0OTHER"))
    with pytest.raises(SettingsError, match="belongs to workspace"):
        build(other, tokens, empty_stage.redis_url)
    wrong = Tokens(Secret("xoxb-wrong"), tokens.app)
    with pytest.raises(SettingsError, match="invalid_auth"):
        build(empty_stage.settings, wrong, empty_stage.redis_url)
