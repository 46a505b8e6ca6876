"""Start and stop the server: inside a running loop, or in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from deploy.sandbox.slack import manifest as manifests
from deploy.sandbox.slack import tokens
from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.delivery.hooks import ResponseUrls
from deploy.sandbox.slack.delivery.hub import Hub
from deploy.sandbox.slack.delivery.modals import Modals
from deploy.sandbox.slack.delivery.triggers import Triggers
from deploy.sandbox.slack.faults import Faults
from deploy.sandbox.slack.feed import Feed
from deploy.sandbox.slack.journal import Journal
from deploy.sandbox.slack.limits import Limits
from deploy.sandbox.slack.state import Slack
from deploy.sandbox.slack.surface import control, deeds, pages, webapi
from deploy.sandbox.slack.surface.requests import SLACK, local_only
from deploy.sandbox.slack.workspace.model import APP, BOT, BOT_USER, TEAM
from deploy.sandbox.slack.workspace.place import Workspace
from deploy.sandbox.slack.workspace.storing import Store

PAGE = Path(__file__).parent / "page"
# How long requests may still run when the server stops.
GRACE_SECONDS = 0.3
START_SECONDS = 30

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen at the start; `optional_scopes` grants the manifest's bot_optional ones too."""

    manifest: Path = manifests.DEFAULT
    page: Path = PAGE
    port: int = 0
    clock: Clock = field(default_factory=Clock)
    optional_scopes: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, with which tokens, and the ids of workspace.json."""

    url: str
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    workspace: Json
    slack: Slack = field(repr=False)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def channels(self) -> dict[str, str]:
        return dict(self.workspace["channels"])

    @property
    def users(self) -> dict[str, str]:
        return dict(self.workspace["users"])


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith(("/page/", "/control/")):
        local_only(request)
    try:
        return await handler(request)
    except ApiError as refused:
        return web.json_response(refused.body(), status=404)


def _assembled(data: Path, options: Options) -> Slack:
    data.mkdir(parents=True, exist_ok=True)
    manifest, clock, feed = manifests.load(options.manifest), options.clock, Feed()
    optional = manifest.optional_scopes if options.optional_scopes else frozenset[str]()
    journal, workspace = Journal(clock), Workspace.load(Store.open(data), clock)
    return Slack(
        manifest=manifest,
        scopes=manifest.scopes | optional,
        tokens=tokens.in_folder(data, APP),
        clock=clock,
        workspace=workspace,
        limits=Limits(clock),
        journal=journal,
        faults=Faults(),
        feed=feed,
        hub=Hub(clock, journal, feed),
        triggers=Triggers(clock),
        hooks=ResponseUrls(clock),
        modals=Modals(clock, feed, workspace.homes),
    )


def _application(slack: Slack, options: Options) -> web.Application:
    # Slack's largest request is a view of 250 kB.
    app = web.Application(middlewares=[_guard], client_max_size=2**20)
    app[SLACK] = slack
    app[pages.FOLDER] = options.page.resolve()
    app.add_routes([*webapi.ROUTES, *pages.ROUTES, *deeds.ROUTES, *control.ROUTES])
    app.add_routes([web.get("/{path:.*}", pages.file)])
    app.on_shutdown.append(_hang_up)
    return app


async def _hang_up(app: web.Application) -> None:
    app[SLACK].feed.end()
    await app[SLACK].hub.close()


def _ids(slack: Slack) -> Json:
    workspace = slack.workspace
    return {
        "team_id": TEAM,
        "app_id": APP,
        "bot_user_id": BOT_USER,
        "bot_id": BOT,
        "channels": {each.name: each.id for each in workspace.channels.values() if each.kind != "im"},
        "users": {each.name: each.id for each in workspace.users.values()},
        "direct_messages": {each.user: each.id for each in workspace.channels.values() if each.user},
        "usergroups": {each.handle: each.id for each in workspace.usergroups.values()},
    }


@contextlib.asynccontextmanager
async def serving(data: Path, options: Options | None = None) -> AsyncIterator[Running]:
    """Serve from this loop, with the state in `data`, until the block is left."""
    chosen = options or Options()
    slack = _assembled(data, chosen)
    runner = web.AppRunner(
        _application(slack, chosen), access_log=None, shutdown_timeout=GRACE_SECONDS, handle_signals=False
    )
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", chosen.port).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ids = _ids(slack)
        _written(data / "workspace.json", ids)
        yield Running(slack.url, slack.tokens.bot, slack.tokens.app, ids, slack)
    finally:
        await runner.cleanup()
        slack.workspace.store.close()


def _written(path: Path, body: Json) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(body, indent=2) + os.linesep, encoding="utf-8")
    fresh.replace(path)


@contextlib.contextmanager
def start(data: Path, port: int = 0, clock: Clock | None = None, **more: object) -> Iterator[Running]:
    """Serve from a thread of its own until the block is left; `more` are further Options."""
    options = Options(port=port, clock=clock or Clock(), **more)  # type: ignore[arg-type] # named as in Options
    thread = _Thread(data, options)
    thread.start()
    try:
        yield thread.running()
    finally:
        thread.stop()


class _Thread(threading.Thread):
    def __init__(self, data: Path, options: Options) -> None:
        super().__init__(name="sandbox-slack", daemon=True)
        self._data, self._options = data, options
        self._answered = threading.Event()
        self._running: Running | None = None
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - raised again in the thread that waits for the start
            self._failure = failure
        finally:
            self._answered.set()

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        async with serving(self._data, self._options) as running:
            self._running = running
            self._answered.set()
            await self._stopped.wait()

    def running(self) -> Running:
        self._answered.wait(START_SECONDS)
        if self._failure is not None:
            raise self._failure
        if self._running is None:
            raise TimeoutError
        return self._running

    def stop(self) -> None:
        if self._loop is not None and self._stopped is not None and self.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
        self.join(START_SECONDS)
