from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import ClientError

from tests.contract.slack.desk import Desk, Json, actions, altered, button, mrkdwn, play, sandboxed, section

STORED: tuple[tuple[str, str, list[str]], ...] = (
    ("a & b <c> &amp; d", "a &amp; b &lt;c&gt; &amp; d", []),
    ("<!channel> <@U0REQUEST1>", "<!channel> <@U0REQUEST1>", ["<!channel>", "<@U0REQUEST1>"]),
    ("&lt;!channel&gt;", "&lt;!channel&gt;", []),
    ("@channel", "@channel", []),
    ("http://x.example/?a=1&b=2", "<http://x.example/?a=1&amp;b=2>", []),
    ("<http://x.example|x> <#C0GENERAL1>", "<http://x.example|x> <#C0GENERAL1>", []),
    ("<!subteam^S0STORADM1>", "<!subteam^S0STORADM1>", ["<!subteam^S0STORADM1>"]),
)


@pytest.mark.parametrize(("text", "stored", "pings"), STORED)
def test_text_is_stored_escaped_and_its_pings_are_known(
    tmp_path: Path, text: str, stored: str, pings: list[str]
) -> None:
    async def scenario(desk: Desk) -> None:
        await desk.api("chat.postMessage", channel="C0STORAGE1", text=text)
        await desk.api("chat.postMessage", channel="C0STORAGE1", text="x", blocks=[section(text)])
        plain, marked = await desk.transcript()
        assert (plain["text"], plain["pings"]) == (stored, pings)
        assert marked["pings"] == pings

    asyncio.run(play(tmp_path, scenario))


async def _pings(desk: Desk) -> None:
    leaf = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0GUEST001"}]}
    header = {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}
    blocks = [{"type": "rich_text", "elements": [leaf]}, header]
    await desk.api("chat.postMessage", channel="C0STORAGE1", text="@here", link_names=True, blocks=blocks)
    assert (await desk.transcript())[0]["pings"] == ["<!here>", "<@U0GUEST001>"]


test_rich_text_and_link_names_ping_and_plain_text_does_not = sandboxed(_pings)


async def _update(desk: Desk) -> None:
    first = await desk.api(
        "chat.postMessage",
        channel="C0STORAGE1",
        text="one",
        blocks=[actions(button(), block_id="b")],
        metadata={"event_type": "card", "event_payload": {}},
        attachments=[{"text": "a"}],
    )
    at: Json = {"channel": "C0STORAGE1", "ts": first["ts"]}
    only_blocks = await desk.api("chat.update", **at, blocks=[section("two")])
    assert (only_blocks["text"], "edited" in only_blocks["message"]) == ("one", False)
    assert only_blocks["message"]["metadata"]["event_type"] == "card"
    only_text = await desk.api("chat.update", **at, text="three")
    assert "blocks" not in only_text["message"]
    assert only_text["message"]["edited"]["user"] == "U0SRBOT001"
    cleared = await desk.api("chat.update", **at, text="three", attachments=[], metadata={})
    assert (cleared["message"]["attachments"], cleared["message"]["metadata"]) == ([], None)
    assert (await desk.api("chat.update", **at))["error"] == "no_text"
    assert (await desk.api("chat.update", **at, text="x" * 4001))["error"] == "msg_too_long"
    link = await desk.api("chat.getPermalink", channel="C0STORAGE1", message_ts=first["ts"])
    assert link["permalink"].endswith(f"/archives/C0STORAGE1/p{first['ts'].replace('.', '')}")
    assert (await desk.api("chat.delete", **at))["ts"] == first["ts"]
    assert (await desk.api("chat.update", **at, text="x"))["error"] == "message_not_found"


test_an_update_takes_blocks_away_and_keeps_attachments_and_metadata = sandboxed(_update)


async def _others(desk: Desk) -> None:
    said = await desk.page("message", channel="C0STORAGE1", text="hi @approver-1 <!channel>")
    at = {"channel": "C0STORAGE1", "ts": said["ts"]}
    assert (await desk.api("chat.update", **at, text="x"))["error"] == "cant_update_message"
    assert (await desk.api("chat.delete", **at))["error"] == "cant_delete_message"
    (shown,) = await desk.transcript()
    assert (shown["text"], shown["user"]) == ("hi <@U0APPROVE1> &lt;!channel&gt;", desk.user("requester"))
    reply = await desk.page("message", "guest", channel="C0STORAGE1", text="yes", thread_ts=said["ts"])
    assert reply["ok"]
    assert (await desk.page("message", "stranger", channel="C0STORAGE1", text="x"))["error"] == "not_in_channel"
    assert (await desk.page("message", channel="C0STORAGE1", text=""))["error"] == "no_text"


test_the_bot_changes_only_its_own_messages = sandboxed(_others)


async def _long(desk: Desk) -> None:
    sent = await desk.api("chat.postMessage", channel="C0STORAGE1", text="x" * 40_001)
    assert len(sent["message"]["text"]) == 40_000
    echoed = (await desk.api("chat.postMessage", channel="C0STORAGE1", blocks=[section()]))["message"]["blocks"]
    assert echoed[0]["text"] == {**mrkdwn("hello"), "verbatim": False}
    assert echoed[0]["block_id"]


test_a_long_text_is_cut_and_blocks_come_back_filled = sandboxed(_long)


def test_scopes_are_those_of_the_manifest(tmp_path: Path) -> None:
    options = altered(tmp_path, "      - usergroups:read\n", "      - chat:write.public\n      - im:write\n")

    async def scenario(desk: Desk) -> None:
        assert (await desk.api("usergroups.list"))["needed"] == "usergroups:read"
        reply = await desk.call("usergroups.users.list", {"usergroup": "S0STORADM1"})
        assert (reply.body["error"], reply.body["needed"]) == ("missing_scope", "usergroups:read")
        assert reply.body["provided"] == reply.headers["X-OAuth-Scopes"]
        assert reply.headers["X-Accepted-OAuth-Scopes"] == "usergroups:read"
        assert (await desk.api("chat.postMessage", channel="C0RANDOM01", text="x"))["ok"]
        opened = await desk.api("conversations.open", users=desk.user("guest"))
        assert opened["channel"]["id"] == "D0GUEST001"
        assert (await desk.api("conversations.open", users="U0STRANGE1"))["error"] == "user_not_visible"
        assert (await desk.api("conversations.open", users="U0SRBOT001"))["error"] == "cannot_dm_bot"

    asyncio.run(play(tmp_path / "data", scenario, options))


RATES = (
    ("usergroups.list", {"include_users": True}, 20, 60),
    ("usergroups.users.list", {"usergroup": "S0STORADM1"}, 20, 60),
    ("chat.postMessage", {"channel": "C0STORAGE1", "text": "x"}, 5, 1),
    ("users.info", {"user": "U0REQUEST1"}, 100, 60),
    ("chat.update", {"channel": "C0STORAGE1", "text": "x", "ts": "1.000001"}, 50, 60),
)


@pytest.mark.parametrize(("method", "args", "calls", "seconds"), RATES, ids=[row[0] for row in RATES])
def test_one_call_over_the_rate_is_told_when_to_come_back(
    tmp_path: Path, method: str, args: Json, calls: int, seconds: int
) -> None:
    async def scenario(desk: Desk) -> None:
        for _ in range(calls):
            assert (await desk.call(method, args)).status == 200
        limited = await desk.call(method, args)
        assert (limited.status, limited.body) == (429, {"ok": False, "error": "ratelimited"})
        assert 0 < int(limited.headers["Retry-After"]) <= seconds
        await desk.turn_clock(seconds)
        assert (await desk.call(method, args)).status == 200

    asyncio.run(play(tmp_path, scenario))


async def _other_channel(desk: Desk) -> None:
    for _ in range(5):
        await desk.api("chat.postMessage", channel="C0STORAGE1", text="x")
    assert (await desk.api("chat.postMessage", channel="C0GENERAL1", text="x"))["ok"]


test_messages_are_counted_by_channel = sandboxed(_other_channel)


@pytest.mark.parametrize("method", ["usergroups.list", "users.info", "views.publish"])
def test_a_planned_fault_strikes_any_method(tmp_path: Path, method: str) -> None:
    async def scenario(desk: Desk) -> None:
        for fault, status in (({"status": 429, "retry_after": 9}, 429), ({"status": 503}, 503), ({"error": "x"}, 200)):
            await desk.control("fault", method=method, **fault)
            reply = await desk.call(method, {})
            assert (reply.status, reply.body["ok"]) == (status, False)
            assert status != 429 or reply.headers["Retry-After"] == "9"
        began = time.monotonic()
        await desk.control("fault", method=method, delay=0.05)
        await desk.call(method, {})
        assert time.monotonic() - began >= 0.05

    asyncio.run(play(tmp_path, scenario))


async def _faults(desk: Desk) -> None:
    args: Json = {"channel": "C0STORAGE1", "text": "x"}
    for fault, status, error in (
        ({"error": "internal_error"}, 200, "internal_error"),
        ({"status": 503}, 503, "internal_error"),
        ({"status": 429, "retry_after": 7}, 429, "ratelimited"),
    ):
        await desk.control("fault", method="chat.postMessage", **fault)
        reply = await desk.call("chat.postMessage", args)
        assert (reply.status, reply.body["error"]) == (status, error)
    assert reply.headers["Retry-After"] == "7"
    assert await desk.transcript() == []
    await desk.control("fault", method="chat.postMessage", delay=0.001)
    assert (await desk.call("chat.postMessage", args)).body["ok"]
    await desk.control("fault", method="chat.postMessage", cut=True)
    with pytest.raises(ClientError):
        await desk.call("chat.postMessage", args)
    assert len(await desk.transcript()) == 2
    assert [each["happened"] for each in await desk.get("/control/faults")] == [1] * 5
    assert not (await desk.control("fault", method="x", colour="red"))["ok"]


test_planned_faults_happen_once_and_a_cut_comes_after_the_effect = sandboxed(_faults)
