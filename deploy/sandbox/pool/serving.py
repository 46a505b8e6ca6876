"""The pool as a running server, in this process's own thread or as the whole process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from deploy.sandbox.pool import reporting
from deploy.sandbox.pool.control import change_fault, control
from deploy.sandbox.pool.flavours import FLAVOURS
from deploy.sandbox.pool.listening.listener import listener
from deploy.sandbox.pool.scenario.building import open_model
from deploy.sandbox.pool.scenario.xenct import xenct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.scenario.shape import Scenario

_LOOPBACK = "127.0.0.1"
_BACKLOG = 128
# A port that is free on one loopback address may be taken on the next.
_ATTEMPTS = 8
_SHUTDOWN_SECONDS = 0.2
_START_SECONDS = 30.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    flavour: str = "8"
    delay_factor: float = 1.0
    port: int = 0
    control_port: int = 0
    root_file: Path | None = None
    tls: tuple[Path, Path] | None = None
    """Certificate and key."""
    scenario: Callable[[], Scenario] = xenct
    beside: Model | None = None
    """Another pool, in this process, whose arrays this one shares."""


@dataclass(frozen=True, slots=True)
class Addresses:
    url: str
    slave_url: str | None
    control_url: str


@dataclass(slots=True)
class Server:
    model: Model
    addresses: Addresses
    runners: list[web.AppRunner] = field(default_factory=list)

    async def close(self) -> None:
        for running in self.model.running:
            running.cancel()
        for runner in self.runners:
            await runner.cleanup()
        self.model.store.close()


async def start(settings: Settings) -> Server:
    """Open the model and listen for every host whose address can be bound, and for control."""
    scenario = settings.scenario()
    flavour = FLAVOURS[settings.flavour]
    model = open_model(settings.data, flavour, scenario, settings.root_file, settings.beside)
    model.delays.factor = settings.delay_factor
    try:
        return await _listen(model, settings)
    except BaseException:
        model.store.close()
        raise


async def _listen(model: Model, settings: Settings) -> Server:
    hosts = [record["address"] for record in model.objects.tables["host"].values()]
    context = _tls(settings)
    sockets = _bind_hosts(hosts, settings.port)
    for address in hosts:
        model.conditions[model.host_at(address)].listening = address in sockets
    own = _bind(_LOOPBACK, settings.control_port)
    server = Server(model, _addresses(sockets, own, "https" if context else "http"))
    for address, bound in sockets.items():
        server.runners.append(await _run(listener(model, address), bound, context))
    server.runners.append(await _run(control(model), own, None))
    return server


@dataclass(frozen=True, slots=True)
class RunningPool:
    """A pool in a thread of this process, for tests."""

    url: str
    slave_url: str | None
    control_url: str
    password: str = field(repr=False)
    data: Path
    flavour: str
    _model: Model = field(repr=False)
    _loop: asyncio.AbstractEventLoop = field(repr=False)

    def do(self, work: Callable[[Model], _T]) -> _T:
        """Carry `work` out in the pool's own thread and return its result."""
        done: Future[_T] = Future()
        self._loop.call_soon_threadsafe(_settle, done, work, self._model)
        return done.result(timeout=_START_SECONDS)

    def report(self) -> dict[str, Any]:
        return self.do(reporting.report)

    def calls(self) -> dict[str, Any]:
        return self.do(reporting.calls)

    def fault(self, method: str, kind: str, **fields: object) -> None:
        """Script a fault: see faults.Fault for its kinds and fields."""
        self.do(lambda model: change_fault(model, {"method": method, "kind": kind, **fields}))

    def chap_password(self, user: str) -> str:
        return self.do(lambda model: model.files.of_chap(user).value)

    def share_password(self, user: str) -> str:
        return self.do(lambda model: model.files.of_share(user).value)

    def user_password(self, user: str) -> str:
        return self.do(lambda model: model.users[user][1].value)


@contextlib.contextmanager
def running_pool(
    data: Path,
    *,
    flavour: str = "8",
    delay_factor: float = 0.0,
    scenario: Callable[[], Scenario] = xenct,
    storage: RunningPool | None = None,
) -> Iterator[RunningPool]:
    """A pool on free ports, its state in `data`; without delays unless a factor is given.

    With `storage` it is on the storage network of that pool, and sees what is written there.
    """
    beside = storage.do(lambda model: model) if storage else None
    settings = Settings(data, flavour=flavour, delay_factor=delay_factor, scenario=scenario, beside=beside)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated-pool", daemon=True)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(start(settings), loop).result(_START_SECONDS)
        try:
            yield _handle(server, data, loop)
        finally:
            asyncio.run_coroutine_threadsafe(_finish(server), loop).result(_START_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _handle(server: Server, data: Path, loop: asyncio.AbstractEventLoop) -> RunningPool:
    at, password = server.addresses, server.model.users["root"][1].value
    model = server.model
    return RunningPool(at.url, at.slave_url, at.control_url, password, data, model.flavour.name, model, loop)


async def _finish(server: Server) -> None:
    await server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _settle(done: Future[_T], work: Callable[[Model], _T], model: Model) -> None:
    try:
        done.set_result(work(model))
    except Exception as error:  # noqa: BLE001 - it is raised again where the result is asked for
        done.set_exception(error)


async def _run(app: web.Application, bound: socket.socket, context: ssl.SSLContext | None) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    await web.SockSite(runner, bound, ssl_context=context, backlog=_BACKLOG).start()
    return runner


def _bind_hosts(addresses: list[str], port: int) -> dict[str, socket.socket]:
    """One port for all hosts; those addresses that this machine doesn't have are left out."""
    for _ in range(_ATTEMPTS):
        first = _bind(addresses[0], port)
        bound = {addresses[0]: first}
        for address in addresses[1:]:
            with contextlib.suppress(OSError):
                bound[address] = _bind(address, first.getsockname()[1])
        if len(bound) == len(addresses) or port:
            return bound
        for one in bound.values():
            one.close()
    return {addresses[0]: _bind(addresses[0], port)}


def _bind(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def _addresses(hosts: dict[str, socket.socket], own: socket.socket, scheme: str) -> Addresses:
    urls = [f"{scheme}://{address}:{bound.getsockname()[1]}" for address, bound in hosts.items()]
    control_url = f"http://{_LOOPBACK}:{own.getsockname()[1]}"
    return Addresses(urls[0], urls[1] if len(urls) > 1 else None, control_url)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*settings.tls)
    return context
