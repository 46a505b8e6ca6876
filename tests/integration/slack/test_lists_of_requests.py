"""`/sr requests`, as people see its answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.request import events as e
from bot.request.model import State
from bot.request.plan import digest
from deploy.sandbox.tour.person import Seen
from tests.integration.slack.elsewhere import ANOTHER, asked_elsewhere, asks
from tests.integration.slack.stage import Stage

NAME = re.compile(r"\* · `([a-z0-9]{9})`")
TITLES = {"mine": "Your requests", "waiting": "Waiting for you to decide", "all": "Open requests of this channel"}


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    """With empty lists: what the tests before have asked for has ended, and is forgotten."""
    shared_stage.begins_anew()
    for key in shared_stage.redis.scan_iter("srbot:ended-of:*"):
        shared_stage.redis.delete(key)
    return shared_stage


def listed(seen: Seen) -> list[str]:
    """Give the ids of the rows."""
    return NAME.findall(str(seen.blocks))


def lists(stage: Stage, person: str, whose: str, *texts: str) -> Seen:
    return asks(stage, person, f"/sr requests {whose}", TITLES[whose], *texts)


def several(stage: Stage, count: int) -> list[str]:
    """Open requests of this channel, the newest first, whose cards are not looked at."""
    made = [stage.asked('/sr add iscsi 10.0.0.5 name="Builds"').id for _ in range(count)]
    return made[::-1]


def test_who_asked_sees_their_own_the_open_ones_first_in_every_channel(stage: Stage) -> None:
    ended, here, there = stage.asked().id, stage.awaiting(), asked_elsewhere(stage)
    asked_elsewhere(stage, "approver-1")
    stage.happens(ended, e.Cancelled(at=stage.clock(), actor=stage.slack.users["requester"]))
    seen = asks(stage, "requester", "/sr requests", "Your requests", "2 open · 1 ended within the last 30 days")
    assert listed(seen) == [there, here, ended]
    assert seen.says("Looking for targets", "Waiting for approval", "Cancelled")
    assert seen.says(f"in <#{stage.slack.channels[ANOTHER]}>")
    assert not stage.private_texts("outsider")


def test_each_row_leads_to_the_thread_of_its_request(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    seen = lists(stage, "requester", "mine", name)
    assert seen.says(f"/archives/{stage.channel}/p{card.ts.replace('.', '')}|its thread>")


def test_a_row_comes_without_its_link_where_slack_gives_none(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.getPermalink", "error": "ratelimited", "times": 1})
    assert not lists(stage, "requester", "all", name).says("its thread")
    assert lists(stage, "requester", "all", name).says("its thread")


def test_a_link_is_asked_of_slack_once(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    since = stage.control("log")[-1]["n"]
    for person in ("requester", "approver-1", "requester"):
        assert lists(stage, person, "all", name).says("its thread")
    asked = [each for each in stage.control(f"log?since={since}") if each["what"] == "chat.getPermalink"]
    assert len([each for each in asked if each["direction"] == "in"]) == 1


def test_what_waits_is_shown_to_those_who_neither_asked_nor_approved(stage: Stage) -> None:
    stage.confirming()
    waiting, approved = stage.awaiting(), stage.awaiting(not_asked=("other",))
    plan = stage.now(approved).plan
    assert plan is not None
    by = stage.slack.users["approver-2"]  # who may not override, so that one more is missing
    stage.happens(approved, e.Approved(at=stage.clock(), actor=by, plan_number=1, plan_digest=digest(plan)))
    assert listed(lists(stage, "approver-2", "waiting", "2 of this channel waiting for approval")) == [waiting]
    assert listed(lists(stage, "approver-1", "waiting")) == [approved, waiting]
    assert not listed(lists(stage, "outsider", "waiting"))
    assert not listed(lists(stage, "requester", "waiting", "No request of this channel waits for you"))


def test_all_are_the_open_ones_of_this_channel(stage: Stage) -> None:
    asked_elsewhere(stage)
    ended, open_one = stage.asked().id, stage.asked().id
    stage.happens(ended, e.Cancelled(at=stage.clock(), actor=stage.slack.users["requester"]))
    assert listed(lists(stage, "outsider", "all", "1 open")) == [open_one]


def test_an_empty_list_says_so(stage: Stage) -> None:
    lists(stage, "outsider", "mine", "You have no open request", "`/sr help` shows what you can ask for")
    lists(stage, "outsider", "all", "No request of this channel is open")


def test_pages_are_turned_in_place(stage: Stage) -> None:
    names = several(stage, 18)
    seen = lists(stage, "outsider", "all", "18 open · here 1 to 8")
    assert listed(seen) == names[:8]
    stage.person("outsider").presses(seen, "Next")
    seen = stage.private("outsider", "here 9 to 16")
    assert listed(seen) == names[8:16]
    stage.person("outsider").presses(seen, "Next")
    seen = stage.private("outsider", "here 17 to 18")
    assert listed(seen) == names[16:]
    stage.person("outsider").presses(seen, "Previous")
    assert listed(stage.private("outsider", "here 9 to 16")) == names[8:16]


def test_a_page_shows_what_is_there_when_it_is_turned(stage: Stage) -> None:
    names = several(stage, 9)
    seen = lists(stage, "outsider", "all", "9 open")
    for name in names[3:]:
        stage.happens(name, e.Cancelled(at=stage.clock()))
    stage.person("outsider").presses(seen, "Next")
    assert listed(stage.private("outsider", "3 open")) == names[:3]


def test_who_presses_sees_their_own_list_whatever_the_button_carries(stage: Stage) -> None:
    theirs = stage.asked().id
    stage.outbox_is_empty()
    since = stage.control("log")[-1]["n"]
    stage.clicks("outsider", {"action_id": "next_requests", "value": "mine:0"})
    stage.private("outsider", "You have no open request")
    assert not [each for each in stage.control(f"log?since={since}") if theirs in str(each)]


@pytest.mark.parametrize("value", ["yours:1", "mine", "mine:-1", "mine:x", "", "forged"])
def test_a_button_that_carries_no_list_is_told_so(stage: Stage, value: str) -> None:
    seen = len(stage.private_texts("requester"))
    stage.clicks("requester", {"action_id": "previous_requests", "value": value})
    stage.wait("an answer", lambda: len(stage.private_texts("requester")) > seen)
    assert stage.private_texts("requester")[-1].startswith("srbot doesn't know this list any more. Ask again with")


def test_a_position_far_behind_the_end_shows_the_last_page(stage: Stage) -> None:
    name = stage.asked().id
    stage.clicks("requester", {"action_id": "next_requests", "value": f"all:{10**40}"})
    assert listed(stage.private("requester", TITLES["all"], name)) == [name]


def test_a_request_that_is_gone_hides_no_other(stage: Stage) -> None:
    gone, name = stage.asked().id, stage.asked().id
    kept: Any = stage.redis.dump(f"srbot:request:{gone}")
    stage.redis.delete(f"srbot:request:{gone}")
    assert listed(lists(stage, "outsider", "all", "2 open")) == [name]
    stage.redis.restore(f"srbot:request:{gone}", 0, kept)
    assert stage.now(gone).state is State.DISCOVERING_TARGETS


def test_a_ledger_that_does_not_answer_is_said(own_stage: Stage) -> None:
    asks(own_stage, "requester", "/sr help", "What srbot understands")
    own_stage.redis.client_pause(2500)
    asks(own_stage, "requester", "/sr requests", "could not look that up in time. Try again in a moment", "You typed")
    own_stage.clicks("requester", {"action_id": "next_requests", "value": "all:8"})
    own_stage.private("requester", "could not look that up in time. Try again in a moment")
    own_stage.redis.ping()  # answered when the pause is over


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/sr requests wating", "/sr requests waiting"),
        ("/sr requests yours", "there are mine, waiting, all"),
        ("/sr requests --all", "/sr requests all"),
        ("/sr requests pool=xenct", "There are no options here"),
    ],
)
def test_a_list_that_there_is_not_is_told_with_those_that_there_are(stage: Stage, line: str, told: str) -> None:
    asks(stage, "requester", line, told, "You typed")


def test_a_guest_sees_no_list(stage: Stage) -> None:
    stage.asked()
    asks(stage, "guest", "/sr requests all", "Guests can't use srbot")
    stage.clicks("guest", {"action_id": "next_requests", "value": "all:0"})
    stage.wait("an answer", lambda: len(stage.private_texts("guest")) > 1)
    assert stage.private_texts("guest")[-1].startswith("Guests can't use srbot")
