"""The two forms in which xapi takes calls: XML-RPC on any path, JSON-RPC 1.0 and 2.0 on /jsonrpc.

Source: xapi: api_server.ml; ocaml-rpc: jsonrpc.ml; xapi-project.github.io/xen-api: "Wire Protocol for Remote API
Calls".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool import wire
from deploy.sandbox.pool.wire import UnreadableRequestError

if TYPE_CHECKING:
    from deploy.sandbox.pool.wire import Wire

JSON_PATH = "/jsonrpc"
_LIST = "system.listMethods"
_NEWER = "2.0"
# The one code that there is: which error it was stands in the message.
_ERROR = 1


@dataclass(frozen=True, slots=True)
class Received:
    """A call, and how its answer is written down."""

    name: str
    arguments: list[Wire]
    content_type: str
    success: Callable[[Wire], bytes]
    failure: Callable[[tuple[str, ...]], bytes]


def received(path: str, body: bytes) -> Received:
    """What came in on this path; UnreadableRequestError where it is no call."""
    return _from_json(body) if path == JSON_PATH else _from_xml(body)


def _from_xml(body: bytes) -> Received:
    """The list of methods alone comes bare, as introspection has it elsewhere."""
    name, arguments = wire.read_call(body)
    success = wire.bare if name == _LIST else wire.success
    return Received(name, arguments, "text/xml", success, wire.failure)


def _from_json(body: bytes) -> Received:
    call = _object(body)
    newer, identity = _is_newer(call), call.get("id")
    name, arguments = call.get("method"), _arguments(call, newer=newer)
    if not isinstance(name, str) or isinstance(identity, bool) or not isinstance(identity, str | int):
        raise UnreadableRequestError
    answer = _newer if newer else _older

    def success(value: Wire) -> bytes:
        return answer(identity, value, None)

    def failure(details: tuple[str, ...]) -> bytes:
        return answer(identity, None, details)

    return Received(name, arguments, "application/json", success, failure)


def _object(body: bytes) -> dict[str, Any]:
    try:
        call = json.loads(body)
    except ValueError as error:
        raise UnreadableRequestError from error
    if not isinstance(call, dict):
        raise UnreadableRequestError
    return call


def _is_newer(call: dict[str, Any]) -> bool:
    if call.get("jsonrpc", _NEWER) != _NEWER:
        raise UnreadableRequestError
    return "jsonrpc" in call


def _arguments(call: dict[str, Any], *, newer: bool) -> list[Wire]:
    """Only 2.0 may leave them out, or name them; what has names is one argument."""
    params: Any = call.get("params")
    if newer and (params is None or isinstance(params, dict)):
        return [] if params is None else [params]
    if not isinstance(params, list):
        raise UnreadableRequestError
    return list(params)


def _older(identity: str | int, value: Wire | None, details: tuple[str, ...] | None) -> bytes:
    return _written({"result": value, "error": list(details) if details else None, "id": identity})


def _newer(identity: str | int, value: Wire | None, details: tuple[str, ...] | None) -> bytes:
    if details is None:
        return _written({"jsonrpc": _NEWER, "result": value, "id": identity})
    error = {"code": _ERROR, "message": details[0], "data": list(details[1:])}
    return _written({"jsonrpc": _NEWER, "error": error, "id": identity})


def _written(answer: dict[str, Any]) -> bytes:
    """Dates are texts, as whole numbers are."""
    return json.dumps(answer, default=str).encode()
