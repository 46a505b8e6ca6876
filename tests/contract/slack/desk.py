"""A desk to test the local Slack from: a plain HTTP and WebSocket client beside a server in the same loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from deploy.sandbox.slack import manifest
from deploy.sandbox.slack.serving import Options, Running, serving

Json = dict[str, Any]
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class AppSocket:
    """An app's end of a socket."""

    ws: ClientWebSocketResponse

    async def next(self) -> Json:
        frame: Json = await self.ws.receive_json(timeout=PATIENCE)
        return frame

    async def ack(self, envelope: Json, payload: object = None) -> None:
        frame: Json = {"envelope_id": envelope["envelope_id"]}
        await self.ws.send_json(frame if payload is None else frame | {"payload": payload})

    async def answer(self, payload: object = None) -> Json:
        """Take the next envelope, ack it, and return its payload."""
        envelope = await self.next()
        await self.ack(envelope, payload)
        body: Json = envelope["payload"]
        return body


@dataclass(frozen=True, slots=True)
class Desk:
    server: Running
    session: ClientSession

    async def api(self, method: str, token: str | None = "bot", **args: object) -> Json:
        return (await self.call(method, args, token)).body

    async def call(self, method: str, args: Json, token: str | None = "bot", style: str = "json") -> Reply:
        known = {"bot": self.server.bot_token, "app": self.server.app_token}
        headers = {"Authorization": f"Bearer {known.get(token, token)}"} if token else {}
        url = self.server.api_url + method
        if style == "json":
            made = self.session.post(url, json=args, headers=headers)
        elif style == "form":
            made = self.session.post(url, data=_flat(args), headers=headers)
        else:
            made = self.session.get(url, params=_flat(args), headers=headers)
        async with made as response:
            return Reply(response.status, dict(response.headers), await response.json())

    async def get(self, path: str) -> Any:  # noqa: ANN401 - a list here, an object there
        async with self.session.get(self.server.url + path) as response:
            return await response.json()

    async def post(self, url: str, body: Json) -> Reply:
        url = url if url.startswith("http") else self.server.url + url
        async with self.session.post(url, json=body, headers={"X-Sandbox": "1"}) as response:
            return Reply(response.status, dict(response.headers), await response.json())

    async def page(self, name: str, user: str = "requester", **body: object) -> Json:
        asked = {"user": self.server.users[user], **body}
        return (await self.post(f"/page/{name}", asked)).body

    async def control(self, name: str, **body: object) -> Json:
        return (await self.post(f"/control/{name}", body)).body

    async def transcript(self, channel: str = "storage") -> list[Json]:
        found = await self.get(f"/control/transcript?channel={self.channel(channel)}")
        return list(found["messages"])

    def channel(self, name: str) -> str:
        return self.server.channels.get(name, name)

    def user(self, name: str) -> str:
        return self.server.users[name]

    def command(self, text: str = "/sr help", user: str = "requester", channel: str = "storage") -> asyncio.Task[Json]:
        """Type a command; the task ends when the app has acked, or hasn't in time."""
        typed = self.page("command", user, channel=self.channel(channel), text=text)
        return asyncio.create_task(typed)

    def doing(self, name: str, user: str = "requester", **body: object) -> asyncio.Task[Json]:
        return asyncio.create_task(self.page(name, user, **body))

    def click(self, message: Json, action_id: str, user: str = "requester", **chosen: object) -> asyncio.Task[Json]:
        return self.doing("action", user, **self.pointing(message, action_id), **chosen)

    def pointing(self, message: Json, action_id: str) -> Json:
        """Point at an element of a message that a transcript has shown."""
        container = {
            "type": "message",
            "channel_id": message["channel"],
            "message_ts": message["ts"],
            "is_ephemeral": message["ephemeral"],
        }
        return {"container": container, "block_id": _block_of(message, action_id), "action_id": action_id}

    @contextlib.asynccontextmanager
    async def app(self) -> AsyncIterator[AppSocket]:
        opened = await self.api("apps.connections.open", token="app")
        async with self.session.ws_connect(opened["url"]) as ws:
            socket = AppSocket(ws)
            assert (await socket.next())["type"] == "hello"
            yield socket

    async def turn_clock(self, seconds: float) -> None:
        await self.control("clock", advance=seconds)


def _flat(args: Json) -> dict[str, str]:
    """Write arguments as forms and queries carry them."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in args.items()}


def _block_of(shown: Json, action_id: str) -> str:
    for block in shown["blocks"]:
        inside = [*block.get("elements", []), block.get("accessory", {}), block.get("element", {})]
        if any(element.get("action_id") == action_id for element in inside):
            return str(block["block_id"])
    return "absent"


Scenario = Callable[[Desk], Awaitable[None]]


async def play(data: Path, scenario: Scenario, options: Options | None = None) -> None:
    async with serving(data, options) as server, ClientSession() as session:
        await scenario(Desk(server, session))


def sandboxed(scenario: Scenario) -> Callable[[Path], None]:
    """Turn a scenario into a test with a server of its own."""

    def test(tmp_path: Path) -> None:
        asyncio.run(play(tmp_path / "slack", scenario))

    test.__name__ = scenario.__name__
    return test


def altered(folder: Path, old: str, new: str) -> Options:
    """Return options with a manifest in which `old` became `new`."""
    text = manifest.DEFAULT.read_text(encoding="utf-8")
    assert old in text
    path = folder / "manifest.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Options(manifest=path)


def button(action_id: str = "go", **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": "1"} | more


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(number: int = 1, text: str = "") -> Json:
    return {"text": plain(text or f"option {number}"), "value": f"v{number}"}


def select(count: int = 3, **more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option(n) for n in range(count)], **more}


def text_input(block_id: str = "name", action_id: str = "value", **element: object) -> Json:
    inner = {"type": "plain_text_input", "action_id": action_id, **element}
    return {"type": "input", "block_id": block_id, "label": plain("Name"), "element": inner}


def modal(*blocks: Json, **more: object) -> Json:
    given = {"type": "modal", "title": plain("A dialog"), "submit": plain("OK"), "blocks": list(blocks)}
    return given | more
