"""The unmodified slack_sdk and slack_bolt against the server."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from deploy.sandbox.slack.serving import Running, start
from tests.contract.slack.desk import PATIENCE, Json, actions, button, modal, option, text_input
from tests.hanging_up import hang_up

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""


@dataclass(frozen=True, slots=True)
class Bolt:
    server: Running
    app: App
    client: WebClient
    heard: SimpleQueue[object] = field(default_factory=SimpleQueue)

    def next(self) -> object:
        return self.heard.get(timeout=PATIENCE)

    def page(self, name: str, **body: object) -> Json:
        return self._post(f"/page/{name}", {"user": self.server.users["requester"], **body})

    def command(self, text: str) -> Json:
        return self.page("command", channel="C0STORAGE1", text=text)

    def act(self, message: Json, action_id: str, **chosen: object) -> Json:
        container = {"type": "message", "channel_id": "C0STORAGE1", "message_ts": message["ts"]}
        block_id = message["blocks"][0]["block_id"]
        return self.page("action", container=container, block_id=block_id, action_id=action_id, **chosen)

    def transcript(self) -> list[Json]:
        return list(self._ask("GET", "/control/transcript?channel=C0STORAGE1", None)["messages"])

    def _post(self, path: str, body: Json) -> Json:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: Json | None) -> Json:
        place = urlsplit(self.server.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            headers = {"X-Sandbox": "1", "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer: Json = json.load(connection.getresponse())
            return answer


@pytest.fixture
def bolt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bolt]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with start(tmp_path) as server, ThreadPoolExecutor(5) as executor:
        client = WebClient(token=server.bot_token, base_url=server.api_url)
        yield Bolt(server, App(client=client, listener_executor=executor), client)


@contextlib.contextmanager
def connected(bolt: Bolt) -> Iterator[None]:
    handler = SocketModeHandler(bolt.app, bolt.server.app_token)
    hello = threading.Event()

    def noticed(_client: object, message: Json, _raw: object) -> None:
        if message.get("type") == "hello":
            hello.set()

    handler.client.message_listeners.append(noticed)
    handler.connect()  # type: ignore[no-untyped-call] # Bolt's adapters are not typed throughout
    try:
        assert hello.wait(PATIENCE)
        yield
    finally:
        hang_up(handler)
        handler.close()  # type: ignore[no-untyped-call] # the same


def test_a_command_its_ack_and_respond(bolt: Bolt) -> None:
    @bolt.app.command("/sr")
    def heard(ack: Ack, respond: Respond, command: Json) -> None:
        ack("at once")
        answer = respond(text="later", response_type="in_channel")
        bolt.heard.put((command["text"], answer.status_code))

    with connected(bolt):
        assert bolt.command("/sr add iscsi 10.0.0.5") == {"ok": True}
        assert bolt.next() == ("add iscsi 10.0.0.5", 200)
    assert sorted(each["text"] for each in bolt.transcript()) == ["/sr add iscsi 10.0.0.5", "at once", "later"]


def test_a_listener_that_fails_before_its_ack_is_an_operation_timeout(bolt: Bolt) -> None:
    @bolt.app.command("/sr")
    def heard() -> None:
        bolt.heard.put(None)

    with connected(bolt), ThreadPoolExecutor(1) as typing:
        typed = typing.submit(bolt.command, "/sr help")
        bolt.next()
        bolt._post("/control/clock", {"advance": 3.1})
        assert typed.result(PATIENCE) == {"ok": False, "error": "operation_timeout"}


def test_a_click_updates_its_message(bolt: Bolt) -> None:
    @bolt.app.action("go")
    def heard(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="pressed")
        bolt.heard.put(body["actions"][0]["value"])

    with connected(bolt):
        bolt.client.chat_postMessage(channel="C0STORAGE1", text="press", blocks=[actions(button())])
        assert bolt.act(bolt.transcript()[0], "go") == {"ok": True}
        assert bolt.next() == "1"
        assert bolt.transcript()[0]["text"] == "pressed"


def test_options_come_from_the_app(bolt: Bolt) -> None:
    @bolt.app.options("find")
    def asked(ack: Ack, payload: Json) -> None:
        ack(options=[option(5, f"found {payload['value']}")])

    with connected(bolt):
        menu = {"type": "external_select", "action_id": "find", "min_query_length": 0}
        bolt.client.chat_postMessage(channel="C0STORAGE1", text="find", blocks=[actions(menu)])
        (message,) = bolt.transcript()
        container = {"type": "message", "channel_id": "C0STORAGE1", "message_ts": message["ts"]}
        where = {"container": container, "block_id": message["blocks"][0]["block_id"], "action_id": "find"}
        assert bolt.page("options", **where, value="iqn")["options"] == [option(5, "found iqn")]


def test_a_view_is_opened_and_submitted(bolt: Bolt) -> None:
    @bolt.app.command("/sr")
    def heard(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        opened = client.views_open(trigger_id=body["trigger_id"], view=modal(text_input(), callback_id="form"))
        bolt.heard.put(opened["view"]["id"])

    @bolt.app.view("form")
    def submitted(ack: Ack, view: Json) -> None:
        value = view["state"]["values"]["name"]["value"]["value"]
        if value == "taken":
            ack(response_action="errors", errors={"name": "Already taken."})
        else:
            ack()

    with connected(bolt):
        bolt.command("/sr new")
        view_id = bolt.next()
        for typed, answer in (("taken", "errors"), ("free", None)):
            values = {"name": {"value": {"type": "plain_text_input", "value": typed}}}
            done = bolt.page("submit", view_id=view_id, state={"values": values})
            assert done["response_action"] == answer


CALLS: tuple[tuple[Callable[[WebClient], object], str], ...] = (
    (lambda client: client.chat_postMessage(channel="C0RANDOM01", text="x"), "not_in_channel"),
    (
        lambda client: client.chat_postEphemeral(channel="C0STORAGE1", user="U0STRANGE1", text="x"),
        "user_not_in_channel",
    ),
    (lambda client: client.conversations_history(channel="C0STORAGE1"), "missing_scope"),
    (lambda client: client.api_call("chat.postMesage"), "unknown_method"),
)


@pytest.mark.parametrize(("call", "error"), CALLS, ids=[error for _, error in CALLS])
def test_the_sdk_raises_slacks_error(bolt: Bolt, call: Callable[[WebClient], object], error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        call(bolt.client)


def test_the_sdks_own_wire_styles_are_understood(bolt: Bolt) -> None:
    client = bolt.client
    posted = client.chat_postMessage(channel="C0STORAGE1", text="x")
    assert client.chat_getPermalink(channel="C0STORAGE1", message_ts=posted["ts"])["permalink"]
    assert client.usergroups_users_list(usergroup="S0STORADM1", include_disabled=True)["users"]
    assert client.users_info(user="U0REQUEST1")["user"]["name"] == "requester"
    assert client.conversations_info(channel="C0STORAGE1")["channel"]["is_member"]
    pages = [len(page["members"]) for page in client.conversations_members(channel="C0STORAGE1", limit=2)]
    assert pages == [2, 2, 2, 1]
    assert client.chat_delete(channel="C0STORAGE1", ts=posted["ts"])["ok"]
    assert "chat:write" in client.auth_test().headers["X-OAuth-Scopes"]
