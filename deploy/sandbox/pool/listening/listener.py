"""What a host listens with: calls over HTTP POST on any path, with the scripted faults around them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.pool import accidents
from deploy.sandbox.pool.dispatch import Arrived, answer, befallen
from deploy.sandbox.pool.listening.formats import received
from deploy.sandbox.pool.state.accounts import Client
from deploy.sandbox.pool.wire import ApiFailureError, UnreadableRequestError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from deploy.sandbox.pool.listening.formats import Received
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.wire import Wire

_MAX_REQUEST_BYTES = 16 * 1024 * 1024
_PAGE = "<html><body><h1>{}</h1></body></html>"
_LOGIN = "session.login_with_password"
_ORIGINATOR_AT = 3
_KINDS = (
    "http",
    "cut_before",
    "delay",
    "hang",
    "cut_after",
    "cut_within",
    "late",
    "junk",
    "error",
    *accidents.KINDS,
)


def listener(model: Model, address: str) -> web.Application:
    """The application of the host that has this address."""

    async def post(request: web.Request) -> web.StreamResponse:
        return await _post(model, model.host_at(address), request)

    async def page(_: web.Request) -> web.StreamResponse:
        return _html(200, model.flavour.product)

    app = web.Application(client_max_size=_MAX_REQUEST_BYTES)
    app.router.add_post("/{path:.*}", post)
    app.router.add_get("/{path:.*}", page)
    return app


async def _post(model: Model, host: str, request: web.Request) -> web.StreamResponse:
    if not model.conditions[host].up:
        return _cut(request)
    try:
        call = received(request.path, await request.read())
    except UnreadableRequestError:
        return _html(500, "Internal Server Error")
    model.calls.count(call.name, _client(model, call.name, call.arguments))
    arrived = Arrived(model, host, call.name, call.arguments)
    return await _interruptible(model, _faulted(request, arrived, call))


async def _interruptible(model: Model, work: Coroutine[None, None, web.StreamResponse]) -> web.StreamResponse:
    """A restart of xapi ends the calls that are under way."""
    running = asyncio.get_running_loop().create_task(work)
    model.running.add(running)
    running.add_done_callback(model.running.discard)
    return await running


async def _faulted(request: web.Request, arrived: Arrived, call: Received) -> web.StreamResponse:
    fault = arrived.model.faults.strike(arrived.name, *_KINDS)
    kind = fault.kind if fault else ""
    if fault and kind == "http":
        return _html(int(fault.details[0]), "Error")
    if kind == "cut_before":
        return _cut(request)
    if kind == "late":
        _leave(arrived, call)
        return _cut(request)
    if fault and not fault.done:
        await befallen(arrived.model, fault)
    body = call.failure(fault.details) if fault and kind == "error" else await _body(arrived, call)
    if fault and fault.done:
        await befallen(arrived.model, fault)
    return await _answered(request, kind, body, call.content_type)


async def _answered(request: web.Request, kind: str, body: bytes, content_type: str) -> web.StreamResponse:
    """What is left of the answer on its way."""
    if kind == "cut_after":
        return _cut(request)
    if kind == "cut_within":
        return await _half(request, body, content_type)
    return web.Response(body=_spoiled(body) if kind == "junk" else body, content_type=content_type)


def _leave(arrived: Arrived, call: Received) -> None:
    """A server that has read a request carries it out, whether anybody waits for the answer or not."""
    running = asyncio.get_running_loop().create_task(_body(replace(arrived, late=True), call))
    arrived.model.running.add(running)
    running.add_done_callback(arrived.model.running.discard)


async def _body(arrived: Arrived, call: Received) -> bytes:
    answers = arrived.model.conditions[arrived.host].answers
    if answers:
        return call.failure(answers)
    try:
        return call.success(await answer(arrived))
    except ApiFailureError as error:
        return call.failure(error.details)


def _client(model: Model, name: str, arguments: list[Wire]) -> Client:
    if name == _LOGIN:
        return Client(str(arguments[_ORIGINATOR_AT]) if len(arguments) > _ORIGINATOR_AT else "")
    ref = str(arguments[0]) if arguments else ""
    session = model.objects.tables["session"].get(ref)
    return Client(str(session["originator"]), ref) if session else Client()


def _html(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(text), content_type="text/html")


def _spoiled(body: bytes) -> bytes:
    """With a character that XML forbids, as a broken serial number brings it."""
    return body.replace(b"</methodResponse>", b"\x01\x00</methodResponse>")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, body: bytes, content_type: str) -> web.StreamResponse:
    """The headers and half of the answer, then nothing more."""
    response = web.StreamResponse(headers={"Content-Type": content_type, "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response
