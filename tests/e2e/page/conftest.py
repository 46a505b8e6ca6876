"""The page in Chromium, before a real local Slack to which a small Bolt app is connected."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from deploy.sandbox.slack.serving import Running, start
from tests.browser import chromium
from tests.e2e.page.sample_app import listen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 10_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Running]:
    with start(tmp_path) as running:
        yield running


@pytest.fixture
def client(slack: Running) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


@contextmanager
def connected(slack: Running, client: WebClient) -> Iterator[None]:
    with ThreadPoolExecutor(4) as executor:
        app = App(client=client, listener_executor=executor)
        listen(app)
        handler = SocketModeHandler(app, app_token=slack.app_token)
        handler.connect()  # type: ignore[no-untyped-call] # Bolt's handler has no types
        try:
            yield
        finally:
            hang_up(slack, handler)


def hang_up(slack: Running, handler: SocketModeHandler) -> None:
    """Cut the socket from the server's side first: the client's own close waits 3 s for its reading thread."""
    handler.client.auto_reconnect_enabled = False
    headers = {"X-Sandbox": "1", "Content-Type": "application/json"}
    cut = Request(f"{slack.url}/control/disconnect", data=b'{"drop": true}', headers=headers)  # noqa: S310 - our own server
    with urlopen(cut):  # noqa: S310 - our own server
        handler.close()  # type: ignore[no-untyped-call] # Bolt's handler has no types


@pytest.fixture
def app(slack: Running, client: WebClient) -> Iterator[None]:
    with connected(slack, client):
        yield


@pytest.fixture
def page(browser: Browser, slack: Running) -> Iterator[Page]:
    """Show #storage to the requester; at the end, no error was reported in the browser's console."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{slack.url}/#user={slack.users['requester']}&channel={slack.channels['storage']}")
    expect(opened.get_by_test_id("composer").locator("textarea")).to_be_enabled()
    yield opened
    context.close()
    assert complaints == []
