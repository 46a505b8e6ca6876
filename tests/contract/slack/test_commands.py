from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deploy.sandbox.slack.serving import Options
from tests.contract.slack.desk import Desk, Json, Scenario, altered, play, sandboxed


async def _one_command(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command("/sr add iscsi 10.0.0.5")
        form = await app.answer()
        assert (await typed) == {"ok": True}
        assert form["command"] == "/sr"
        assert form["text"] == "add iscsi 10.0.0.5"
        assert form["user_id"] == desk.user("requester")
        assert form["channel_name"] == "storage"
        assert form["is_enterprise_install"] == "false"
        assert form["response_url"].startswith(desk.server.url)
        assert await desk.transcript() == []


test_an_acked_command_carries_slacks_fields_and_shows_nothing = sandboxed(_one_command)


ESCAPED = (
    ("<b> & co", "&lt;b&gt; &amp; co"),
    ("@Approver-1 and @nobody", "<@U0APPROVE1> and @nobody"),
    ("@storage-admins", "<!subteam^S0STORADM1>"),
    ("#general #secrets-team #nowhere", "<#C0GENERAL1|general> <#C0SECRETS1|> #nowhere"),
    ("http://10.0.0.5:3261/x?a=1&b=2", "<http://10.0.0.5:3261/x?a=1&amp;b=2>"),
    ("san.example.com 10.0.0.5 san.example", "<http://san.example.com|san.example.com> 10.0.0.5 san.example"),
    ("  a\nb  ", "a\nb"),
)


@pytest.mark.parametrize(("typed", "sent"), ESCAPED)
def test_text_is_escaped_as_should_escape_asks(tmp_path: Path, typed: str, sent: str) -> None:
    asyncio.run(play(tmp_path / "data", _sends(typed, sent)))


def test_text_goes_as_typed_without_should_escape(tmp_path: Path) -> None:
    options = altered(tmp_path, "should_escape: true", "should_escape: false")
    asyncio.run(play(tmp_path / "data", _sends("<@approver-1>", "<@approver-1>"), options))


def _sends(typed: str, sent: str) -> Scenario:
    async def scenario(desk: Desk) -> None:
        async with desk.app() as app:
            task = desk.command(f"/sr {typed}")
            assert (await app.answer())["text"] == sent
            await task

    return scenario


async def _nobody_listens(desk: Desk) -> None:
    assert await desk.command() == {"ok": False, "error": "dispatch_failed"}
    (note,) = await desk.transcript()
    assert note["user"] == "USLACKBOT"
    assert note["text"] == "/sr failed with the error “dispatch_failed”"
    assert note["to"] == desk.user("requester")
    assert note["ephemeral"]


test_a_command_that_nobody_listens_to_is_a_dispatch_failure = sandboxed(_nobody_listens)


async def _no_ack(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command()
        envelope = await app.next()
        await desk.turn_clock(3.1)
        assert await typed == {"ok": False, "error": "operation_timeout"}
        await app.ack(envelope, {"text": "late"})
        (note,) = await desk.transcript()
        assert "operation_timeout" in note["text"]
        typed = desk.command()
        await app.answer()
        await typed
        acks = [each["status"] for each in await desk.get("/control/log") if each["what"] == "ack"]
        assert acks == ["late", "taken"]
        assert len(await desk.transcript()) == 1


test_an_ack_after_three_seconds_is_too_late_and_shows_nothing = sandboxed(_no_ack)


ACKS: tuple[tuple[object, list[tuple[str, str, bool]]], ...] = (
    ({}, []),
    ({"text": "privately"}, [("U0SRBOT001", "privately", True)]),
    ("privately", [("U0SRBOT001", "privately", True)]),
    (
        {"text": "for all", "response_type": "in_channel"},
        [("U0REQUEST1", "/sr help", False), ("U0SRBOT001", "for all", False)],
    ),
    ({"response_type": "in_channel"}, [("U0REQUEST1", "/sr help", False)]),
)


@pytest.mark.parametrize(("payload", "shown"), ACKS)
def test_what_an_ack_carries_is_shown(tmp_path: Path, payload: Json, shown: list[tuple[str, str, bool]]) -> None:
    async def scenario(desk: Desk) -> None:
        async with desk.app() as app:
            typed = desk.command()
            await app.answer(payload)
            assert (await typed)["ok"]
            found = await desk.transcript()
            assert [(each["user"], each["text"], each["ephemeral"]) for each in found] == shown

    asyncio.run(play(tmp_path, scenario))


@pytest.mark.parametrize("payload", [{"text": "x", "blocks": [{"type": "x"}]}, ["x"], {"text": 7}])
def test_an_ack_that_slack_cannot_show_is_told_to_the_person(tmp_path: Path, payload: object) -> None:
    async def scenario(desk: Desk) -> None:
        async with desk.app() as app:
            typed = desk.command()
            await app.answer(payload)
            assert (await typed)["error"] == "invalid_command_response"
            assert "invalid_command_response" in (await desk.transcript())[-1]["text"]

    asyncio.run(play(tmp_path, scenario))


REFUSED = (
    ({"text": "/nope"}, "unknown_command", "/nope is not a valid command."),
    ({"text": "/sr help", "thread_ts": "1.000001"}, "not_in_thread", "/sr is not supported in threads. Sorry!"),
    ({"text": "/sr", "channel": "C0SECRETS1", "user": "outsider"}, "not_in_channel", "not in this channel"),
    ({"text": "/sr", "channel": "C0ARCHIVE1"}, "not_in_channel", "not in this channel"),
    ({"text": "/sr", "channel": "C0PARTNER1", "user": "stranger"}, "unknown_command", "not a valid command"),
)


@pytest.mark.parametrize(("asked", "error", "told"), REFUSED)
def test_slack_itself_refuses_a_command(tmp_path: Path, asked: Json, error: str, told: str) -> None:
    async def scenario(desk: Desk) -> None:
        body = {"user": "requester", "channel": "C0STORAGE1", **asked}
        assert (await desk.page("command", **body))["error"] == error
        assert told in (await desk.transcript(body["channel"]))[-1]["text"]

    asyncio.run(play(tmp_path, scenario))


async def _response_url(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command(channel="random")
        url = (await app.answer())["response_url"]
        await typed
    for number in range(5):
        answer = await desk.post(url, {"text": f"{number}", "response_type": "in_channel"})
        assert (answer.status, answer.body) == (200, {"ok": True})
    spent = await desk.post(url, {"text": "6"})
    assert (spent.status, spent.body["error"]) == (404, "used_url")
    assert [each["text"] for each in await desk.transcript("random")] == ["/sr help", "0", "1", "2", "3", "4"]


test_a_response_url_posts_five_times_even_where_the_bot_is_no_member = sandboxed(_response_url)


async def _response_url_rules(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command()
        url = (await app.answer())["response_url"]
        await typed
    assert (await desk.post(url, {})).body["error"] == "no_text"
    assert (await desk.post(url, {"text": "x", "blocks": [{"type": "x"}]})).status == 400
    assert (await desk.post(url, {"delete_original": True})).body["error"] == "message_not_found"
    assert (await desk.post(url, {"text": "new", "replace_original": True})).status == 200
    assert (await desk.post(f"{desk.server.url}/hooks/actions/x", {"text": "x"})).body["error"] == "no_such_url"
    await desk.turn_clock(30 * 60 + 1)
    late = await desk.post(url, {"text": "late"})
    assert (late.status, late.body["error"]) == (404, "expired_url")
    (shown,) = await desk.transcript()
    assert (shown["text"], shown["response_to"], shown["to"]) == ("new", "/sr help", desk.user("requester"))


test_a_response_url_expires_and_a_commands_own_answer_cannot_be_replaced = sandboxed(_response_url_rules)


def test_optional_scopes_are_granted_on_demand(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        posted = await desk.api(
            "chat.postMessage",
            channel="C0STORAGE1",
            text="x",
            metadata={"event_type": "card", "event_payload": {"id": "1"}},
        )
        plain = await desk.api("conversations.history", channel="C0STORAGE1")
        assert "metadata" not in plain["messages"][0]
        full = await desk.api("conversations.history", channel="C0STORAGE1", include_all_metadata=True)
        assert full["messages"][0]["metadata"]["event_payload"] == {"id": "1"}
        thread = await desk.api("conversations.replies", channel="C0STORAGE1", ts=posted["ts"])
        assert [each["ts"] for each in thread["messages"]] == [posted["ts"]]
        assert (await desk.api("conversations.history", channel="C0RANDOM01"))["error"] == "not_in_channel"
        gone = await desk.api("conversations.replies", channel="C0STORAGE1", ts="1.000001")
        assert gone["error"] == "thread_not_found"

    asyncio.run(play(tmp_path, scenario, Options(optional_scopes=True)))
