from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from structlog.testing import capture_logs

from bot.ledger.outbox import Outbox
from bot.slack.hanging_up import hang_up
from bot.slack.publishing.posting import metadata
from deploy.sandbox.slack.workspace.model import Message
from tests.integration.slack.stage import Stage, opened
from tests.servers import empty_url
from tests.stories import TARGET, asked


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


@pytest.mark.parametrize("error", ["is_archived", "restricted_action"])
def test_a_card_is_not_lost_while_its_channel_can_not_be_written_to(stage: Stage, error: str) -> None:
    name = stage.asked().id
    stage.card("looking for targets", name)
    stage.outbox_is_empty()
    with capture_logs() as logs:
        stage.control("fault", {"method": "chat.update", "error": error, "times": 2})
        stage.targets_are_found(name, [TARGET])
        card = stage.card("Choose a target", name)
    stage.thread(card, "1 target")
    pauses = [(each["error"], each["seconds"]) for each in logs if each["event"] == "not_shown_yet"]
    assert pauses == [(error, 1.0), (error, 2.0)]


def test_a_first_card_comes_when_srbot_is_in_the_channel_again(own_stage: Stage) -> None:
    srbot = {"channel": own_stage.channel, "user": own_stage.slack.workspace["bot_user_id"]}
    # srbot was still in the channel when it was asked, and no longer when it answers.
    own_stage.person("requester").types(own_stage.channel, "/sr help")
    own_stage.control("member", srbot | {"member": False})
    name = own_stage.asked().id
    (bot,) = own_stage.bots
    own_stage.wait("a refusal", lambda: any(each.pause > 1 for each in list(bot.publisher._waiting.values())))
    assert Outbox(own_stage.redis, "test").wait("0", 1)
    own_stage.control("member", srbot | {"member": True})
    own_stage.card("looking for targets", name)
    own_stage.outbox_is_empty()


def test_a_message_of_another_app_is_not_taken_for_a_card_of_ours(tmp_path: Path) -> None:
    with opened(tmp_path, empty_url(), optional_scopes=True) as stage:
        theirs: dict[str, Any] = {
            "type": "message",
            "user": stage.slack.users["outsider"],
            "ts": stage.slack.slack.workspace.next_ts(),
            "text": "not a card",
            "bot_id": "B0OTHER",
            "app_id": "A0OTHER",
            "metadata": metadata("abc234xyz", 0),
        }
        message = Message(stage.channel, theirs["ts"], theirs)
        stage.slack.slack.workspace.keep(message)
        stage.ledger.open(asked(channel=stage.channel))
        stage.bot_starts()  # it doubts what stands in the outbox already, so it looks before it posts
        card = stage.card("looking for targets", "abc234xyz")
        assert card.ts != theirs["ts"]
        stage.outbox_is_empty()


def test_a_card_that_can_not_be_changed_is_posted_anew_after_growing_pauses(stage: Stage) -> None:
    name = stage.asked().id
    stage.card("looking for targets", name)
    stage.outbox_is_empty()
    with capture_logs() as logs:
        stage.control("fault", {"method": "chat.update", "error": "cant_update_message", "times": 1})
        stage.control("fault", {"method": "chat.postMessage", "error": "cannot_reply_to_message", "times": 1})
        stage.targets_are_found(name, [TARGET])
        stage.card("Choose a target", name)
    assert [each["seconds"] for each in logs if each["event"] == "not_shown_yet"] == [1.0, 2.0]


def test_a_look_for_a_card_that_slack_holds_up_does_not_count_as_not_there(tmp_path: Path) -> None:
    with opened(tmp_path, empty_url(), optional_scopes=True) as stage:
        stage.bot_starts()
        for fault in ({"status": 429, "retry_after": 1}, {"error": "internal_error"}):
            stage.control("fault", {"method": "conversations.history", "times": 1, **fault})
        stage.control("fault", {"method": "chat.postMessage", "cut": True, "times": 1})
        stage.asked()
        card = stage.card("looking for targets")
        stage.thread(card, "asked for")
        numbers = [m["metadata"]["event_payload"]["sequence"] for m in stage.transcript() if m.get("metadata")]
        assert sorted(numbers) == [0, 1]
        assert all(each["happened"] for each in stage.control("faults"))


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


def test_a_bot_that_closes_while_slack_hangs_up_comes_to_its_end(own_stage: Stage) -> None:
    (bot,) = own_stage.bots
    client = bot.handler.client
    assert isinstance(client, SocketModeClient)
    session = client.current_session
    assert session is not None
    session.sock_receive_lock = Vanishing(session)  # type: ignore[assignment]  # the lock's other holder closes first
    own_stage.bot_stops(bot)
    assert client.closed
    with pytest.raises(RuntimeError, match="after shutdown"):
        client.message_workers.submit(print)


def test_a_session_that_begins_while_a_bot_closes_is_ended_all_the_same() -> None:
    client = SocketModeClient("xapp-canary")
    handler = BeginsMeanwhile(client)
    hang_up(handler)  # type: ignore[arg-type]  # all of a handler that is used here
    assert handler.ended
    assert client.closed


class BeginsMeanwhile:
    """A handler whose session begins to run after it was told to end, and only then looks whether it was."""

    def __init__(self, client: SocketModeClient) -> None:
        self.client = client
        self.ended = False

    def close(self) -> None:
        self.client.current_session_state.terminated = False
        until = time.monotonic() + 10
        while not self.client.current_session_state.terminated and time.monotonic() < until:
            threading.Event().wait(0.01)
        self.ended = self.client.current_session_state.terminated
        self.client.close()


class Vanishing:
    """A lock whose other holder has closed and forgotten the socket by the time it is taken."""

    def __init__(self, session: Connection) -> None:
        self.session = session

    def __enter__(self) -> None:
        if self.session.sock is not None:
            self.session.sock.close()
        self.session.sock = None

    def __exit__(self, *_: object) -> None:
        pass


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
