from __future__ import annotations

from pathlib import Path

import pytest

from bot.ledger.outbox import Outbox
from bot.request.model import State
from tests.integration.slack.stage import Stage, opened
from tests.servers import empty_url
from tests.stories import TARGET


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500},
        {"error": "internal_error"},
    ],
)
def test_a_card_that_slack_does_not_take_at_first_stands_later(stage: Stage, fault: dict[str, object]) -> None:
    stage.control("fault", {"method": "chat.postMessage", "times": 1, **fault})
    name = stage.asked().id
    card = stage.card("looking for targets", name)
    stage.control("fault", {"method": "chat.update", "times": 1, **fault})
    stage.targets_are_found(name, [TARGET])
    stage.card("Choose a target", name)
    stage.thread(card, "1 target")
    stage.wait("an empty outbox", stage._hurried, 30)


def test_a_card_whose_answer_was_lost_is_not_posted_twice(tmp_path: Path) -> None:
    with opened(tmp_path, empty_url(), optional_scopes=True) as stage:
        stage.bot_starts()
        stage.control("fault", {"method": "chat.postMessage", "cut": True, "times": 1})
        name = stage.asked().id
        stage.targets_are_found(name, [TARGET])
        card = stage.card("Choose a target")
        stage.thread(card, "1 target")
        numbers = [m["metadata"]["event_payload"]["sequence"] for m in stage.transcript() if m.get("metadata")]
        assert sorted(numbers) == [0, 1, 2]


def test_a_thread_line_whose_answer_was_lost_is_not_posted_twice(tmp_path: Path) -> None:
    with opened(tmp_path, empty_url(), optional_scopes=True) as stage:
        stage.bot_starts()
        stage.asked()
        seen = stage.card("looking for targets")
        stage.thread(seen, "asked for")
        stage.control("fault", {"method": "chat.postMessage", "cut": True, "times": 1})
        (name,) = stage.ledger.open_requests()
        stage.targets_are_found(name, [TARGET])
        stage.thread(seen, "1 target")
        stage.outbox_is_empty()
        numbers = [m["metadata"]["event_payload"]["sequence"] for m in stage.transcript() if m.get("metadata")]
        assert sorted(numbers) == [0, 1, 2]


def test_a_channel_that_can_not_be_written_to_does_not_lose_the_request(own_stage: Stage) -> None:
    name = own_stage.asked().id
    own_stage.card("looking for targets")
    own_stage.outbox_is_empty()
    own_stage.control("channel", {"channel": own_stage.channel, "is_archived": True})
    own_stage.targets_are_found(name, [TARGET])
    own_stage.outbox_is_empty()
    assert own_stage.now(name).state is State.CHOOSING_TARGET
    own_stage.control("channel", {"channel": own_stage.channel, "is_archived": False})
    own_stage.luns_may_follow(name)
    own_stage.card("looking for its LUNs")


def test_a_card_that_somebody_deleted_is_posted_anew(stage: Stage) -> None:
    name = stage.asked().id
    stage.card("looking for targets", name)
    stage.control("fault", {"method": "chat.update", "error": "message_not_found", "times": 1})
    stage.targets_are_found(name, [TARGET])
    stage.card("Choose a target", name)


def test_an_entry_without_a_request_is_dropped(stage: Stage) -> None:
    stage.redis.xadd("srbot:outbox", {"kind": "request", "id": "nosuchone"})
    stage.redis.xadd("srbot:outbox", {"kind": "question", "id": "nosuchone"})
    stage.outbox_is_empty()


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
def test_a_fatal_error_ends_the_bot_and_keeps_the_entry(own_stage: Stage, error: str) -> None:
    own_stage.control("fault", {"method": "chat.postMessage", "error": error, "times": 1})
    own_stage.asked()
    (bot,) = own_stage.bots
    assert bot.ended.wait(10)
    assert error in bot.failure
    assert Outbox(own_stage.redis, "test").wait("0", 1)


def test_socket_mode_switched_off_ends_the_bot(own_stage: Stage) -> None:
    own_stage.control("disconnect", {"reason": "link_disabled"})
    (bot,) = own_stage.bots
    assert bot.ended.wait(10)
    assert "link_disabled" in bot.failure


def test_an_event_that_cannot_be_read_is_dropped_and_the_rest_goes_on(own_stage: Stage) -> None:
    name = own_stage.asked().id
    own_stage.card("looking for targets")
    own_stage.outbox_is_empty()
    own_stage.redis.rpush(f"srbot:trail:{name}", b"{}")
    own_stage.redis.xadd("srbot:outbox", {"kind": "request", "id": name})
    own_stage.outbox_is_empty()
    own_stage.asked("/sr add iscsi 10.0.0.6")
    own_stage.card("looking for targets", "10.0.0.6")


def test_nothing_is_unfurled_and_no_names_are_linked(stage: Stage) -> None:
    name = stage.asked('/sr add iscsi 10.0.0.5 name="@channel https://evil.example"').id
    stage.card("looking for targets", name)
    posts = [each for each in stage.control("log") if each["what"] == "chat.postMessage" and each["direction"] == "in"]
    bodies = [each["summary"] for each in posts]
    assert bodies
    assert all("unfurl_links" in str(body) for body in bodies)
    assert "<!channel>" not in {ping for message in stage.transcript() for ping in message["pings"]}
