from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession

from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.manifest import ManifestError
from deploy.sandbox.slack.serving import Options, start
from tests.contract.slack.desk import PATIENCE, Desk, Json, altered, play, sandboxed

ROOT = Path(__file__).parents[3]


def _process(data: Path, *more: str) -> tuple[subprocess.Popen[str], Json]:
    command = [sys.executable, "-m", "deploy.sandbox.slack", "--data", str(data), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 - our own
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_and_ends_within_a_second(tmp_path: Path, number: signal.Signals) -> None:
    process, ready = _process(tmp_path / "data")
    with process:
        assert ready["ready"] is True
        assert ready["api_url"] == f"{ready['url']}/api/"
        asyncio.run(_hold_a_socket_while(ready, tmp_path / "data", process, number))
        began = time.monotonic()
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 1
    for name, begins in (("bot-token", "xoxb-"), ("app-token", "xapp-1-")):
        path = tmp_path / "data" / name
        assert path.read_text(encoding="ascii").startswith(begins)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def _hold_a_socket_while(ready: Json, data: Path, process: subprocess.Popen[str], number: signal.Signals) -> None:
    """End the process while an app and a page are connected."""
    token = (data / "app-token").read_text(encoding="ascii").strip()
    async with ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(f"{ready['api_url']}apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        events = await session.get(f"{ready['url']}/page/events?user=U0REQUEST1")
        async with session.ws_connect(url) as ws:
            await ws.receive_json()
            os.kill(process.pid, number)
            while not ws.closed:
                await ws.receive(PATIENCE)
        events.close()


def test_messages_tokens_and_people_are_there_after_a_restart(tmp_path: Path) -> None:
    async def before(desk: Desk) -> None:
        await desk.api("chat.postMessage", channel="C0STORAGE1", text="kept")
        await desk.api("chat.postEphemeral", channel="C0STORAGE1", user="U0GUEST001", text="gone")
        deleted = await desk.api("chat.postMessage", channel="C0STORAGE1", text="deleted")
        await desk.api("chat.delete", channel="C0STORAGE1", ts=deleted["ts"])
        await desk.control("user", user="U0GUEST001", deleted=True)
        await desk.control("member", channel="C0RANDOM01", user="U0SRBOT001", member=True)
        await desk.control("member", channel="C0STORAGE1", user="U0OUTSIDE1", member=False)
        await desk.control("channel", channel="C0GENERAL1", is_pending_ext_shared=True)
        await desk.control("usergroup", usergroup="S0STORADM1", users=["U0APPROVE1"])

    async def after(desk: Desk) -> None:
        assert [each["text"] for each in await desk.transcript()] == ["kept"]
        assert (await desk.api("users.info", user="U0GUEST001"))["user"]["deleted"] is True
        assert (await desk.api("chat.postMessage", channel="C0RANDOM01", text="x"))["ok"]
        shared = await desk.api("conversations.info", channel="C0GENERAL1")
        assert shared["channel"]["is_pending_ext_shared"] is True
        members = (await desk.api("conversations.members", channel="C0STORAGE1"))["members"]
        assert "U0OUTSIDE1" not in members
        assert (await desk.api("usergroups.users.list", usergroup="S0STORADM1"))["users"] == ["U0APPROVE1"]
        tokens.append(desk.server.bot_token)

    tokens: list[str] = []
    for scenario in (before, after, after):
        asyncio.run(play(tmp_path, scenario))
    assert tokens[0] == tokens[1]
    ids = json.loads((tmp_path / "workspace.json").read_text(encoding="utf-8"))
    assert ids["channels"]["storage"] == "C0STORAGE1"


def test_a_thread_serves_until_the_block_ends(tmp_path: Path) -> None:
    with start(tmp_path, clock=Clock(lambda: 1000.0)) as server:
        assert server.bot_token not in repr(server)
        place = urlsplit(server.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        connection.request("POST", "/api/api.test")
        assert json.load(connection.getresponse())["ok"]
        connection.close()


def test_a_manifest_without_socket_mode_is_refused_where_the_server_is_started(tmp_path: Path) -> None:
    options = altered(tmp_path, "socket_mode_enabled: true", "socket_mode_enabled: false")
    with pytest.raises(ManifestError, match="socket_mode_enabled"), start(tmp_path, manifest=options.manifest):
        pass


async def _guards(desk: Desk) -> None:
    url = desk.server.url
    for path, headers in (
        ("/page/state", {"Host": "evil.example"}),
        ("/page/state", {"Host": "evil.example:80"}),
        ("/control/log", {"Host": "evil.example"}),
    ):
        async with desk.session.get(url + path, headers=headers) as response:
            assert response.status == 403
    async with desk.session.post(f"{url}/control/clock", json={"advance": 1}) as response:
        assert response.status == 403
    async with desk.session.get(f"{url}/page/state", headers={"Host": "localhost"}) as response:
        assert response.status == 200


test_other_sites_cannot_use_the_page_or_the_controls = sandboxed(_guards)


async def _bodies(desk: Desk) -> None:
    for body, error in (("{", "invalid_json"), ("[]", "json_not_object")):
        headers = {"Content-Type": "application/json", "X-Sandbox": "1"}
        for path in ("/api/api.test", "/page/command", "/control/clock", "/hooks/x"):
            async with desk.session.post(desk.server.url + path, data=body, headers=headers) as response:
                assert (await response.json())["error"] == error
    assert (await desk.control("clock"))["ok"] is False
    assert (await desk.control("user", user="U0NOBODY01"))["error"] == "not_found"
    assert (await desk.control("user", user="U0GUEST001", colour="red"))["ok"] is False
    token = {"token": desk.server.bot_token}
    assert (await desk.call("auth.test", token, None, "form")).body["ok"]


test_bodies_that_cannot_be_read_are_refused = sandboxed(_bodies)


async def _masked(desk: Desk) -> None:
    await desk.api("chat.postMessage", channel="C0STORAGE1", text=f"leak {desk.server.bot_token}")
    log = json.dumps(await desk.get("/control/log"))
    assert desk.server.bot_token not in log
    assert "leak xoxb-" in log


test_no_token_is_in_the_log = sandboxed(_masked)


async def _state(desk: Desk) -> None:
    mine = await desk.get(f"/page/state?user={desk.user('requester')}")
    names = {each["name"]: each for each in mine["channels"]}
    assert names.keys() == {"storage", "general", "random", "partners", "secrets-team", "srbot"}
    assert names["random"]["bot_is_member"] is False
    assert (names["srbot"]["kind"], names["srbot"]["user"]) == ("im", "U0SRBOT001")
    assert mine["commands"][0]["command"] == "/sr"
    assert {each["initials"] for each in mine["people"]} >= {"R", "FA", "SA"}
    theirs = await desk.get(f"/page/state?user={desk.user('stranger')}")
    assert [each["name"] for each in theirs["channels"]] == ["partners"]
    hidden = await desk.get(f"/page/history?user={desk.user('stranger')}&channel=C0STORAGE1")
    assert hidden["error"] == "channel_not_found"
    assert (await desk.get("/page/state?user=U0SRBOT001"))["error"] == "user_not_found"


test_each_person_sees_their_own_channels = sandboxed(_state)


async def _event(events: ClientResponse) -> Json:
    while True:
        line = await asyncio.wait_for(events.content.readline(), PATIENCE)
        if line.startswith(b"data: "):
            event: Json = json.loads(line[6:])
            return event


async def _live(desk: Desk) -> None:
    async with desk.session.get(f"{desk.server.url}/page/events?user={desk.user('requester')}") as events:
        await events.content.readline()
        sent = await desk.api("chat.postMessage", channel="C0STORAGE1", text="one")
        assert (await _event(events))["message"]["text"] == "one"
        at: Json = {"channel": "C0STORAGE1", "ts": sent["ts"]}
        await desk.api("chat.update", **at, text="two")
        assert (await _event(events))["type"] == "message_changed"
        await desk.api("chat.postEphemeral", channel="C0STORAGE1", user=desk.user("guest"), text="not yours")
        await desk.api("chat.postMessage", channel="C0STORAGE1", text="reply", thread_ts=sent["ts"])
        assert (await _event(events))["message"]["thread_ts"] == sent["ts"]
        assert (await _event(events))["message"]["reply_count"] == 1
        await desk.api("chat.delete", **at)
        gone = {"type": "message_deleted", **at, "ephemeral": False}
        assert await _event(events) == gone
        async with desk.app():
            assert await _event(events) == {"type": "connections", "count": 1}


test_a_page_is_told_of_what_its_person_may_see = sandboxed(_live)


def test_the_pages_files_are_served_and_nothing_beside_them(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<title>x</title>", encoding="utf-8")
    (page / "main.js").write_text("export {}", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")

    async def scenario(desk: Desk) -> None:
        found = {}
        for path in ("/", "/main.js", "/%2e%2e/secret.js", "/absent.js"):
            async with desk.session.get(desk.server.url + path) as response:
                found[path] = (response.status, response.content_type)
                csp = response.headers.get("Content-Security-Policy", "")
                assert response.status != 200 or csp.startswith("default-src 'self'")
        assert found == {
            "/": (200, "text/html"),
            "/main.js": (200, "text/javascript"),
            "/%2e%2e/secret.js": (404, "text/plain"),
            "/absent.js": (404, "text/plain"),
        }

    asyncio.run(play(tmp_path / "data", scenario, Options(page=page)))
