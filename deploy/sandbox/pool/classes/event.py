"""event.from: what changed since a token, waiting for it if need be.

Source: xapi: xapi_event.ml. A token is two numbers of 20 digits, the last event and the last message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes.accessors import view
from deploy.sandbox.pool.classes.method import Call, Method, params
from deploy.sandbox.pool.classes.schema.fields import record_to_wire
from deploy.sandbox.pool.state.objects import CLASSES, VOLATILE, Change

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.wire import Wire

_TOKEN = re.compile(r"(\d{20}),(\d{20})")
_NAMES = {cls.lower(): cls for cls in CLASSES if cls not in VOLATILE}
# Secrets make no events: their snapshot would hold the value.
_SILENT = frozenset({"secret"})
_EVERYTHING = "*"


def methods() -> list[Method]:
    text = params("classes:set:string token:string timeout:float")
    return [Method("event.from", text, _from, "read-only")]


async def _from(call: Call, classes: list[str], token: str, timeout: float) -> Wire:  # noqa: ASYNC109 - XenAPI's
    since = _generation(call, token)
    wanted = [_subscription(call, one) for one in classes]
    ends = call.model.clock() + timeout
    while True:
        found = _changes(call.model, since, wanted)
        remaining = ends - call.model.clock()
        if found or remaining <= 0:
            return _batch(call.model, found)
        await call.model.objects.changed(remaining)


def _generation(call: Call, token: str) -> int | None:
    """Nothing for the empty token, which asks for everything that there is."""
    if not token:
        return None
    match = _TOKEN.fullmatch(token)
    if match is None or int(match[1]) > call.model.objects.generation:
        raise call.fail("EVENT_FROM_TOKEN_PARSE_FAILURE", token)
    return int(match[1])


def _subscription(call: Call, text: str) -> tuple[str, str]:
    """A class and a reference, both of which may be `*`: `task`, `task/OpaqueRef:...` or `*`."""
    name, _, ref = text.partition("/")
    if name != _EVERYTHING and not name.isidentifier():
        raise call.fail("EVENT_SUBSCRIPTION_PARSE_FAILURE", text)
    return _NAMES.get(name.lower(), name), ref or _EVERYTHING


def _changes(model: Model, since: int | None, wanted: list[tuple[str, str]]) -> list[Change]:
    if since is None:
        every = ((cls, ref) for cls in _NAMES.values() for ref in model.objects.tables[cls])
        found = [Change(0, cls, "add", ref) for cls, ref in every]
    else:
        found = model.objects.since(since)
    return [change for change in found if _matches(change, wanted)]


def _matches(change: Change, wanted: list[tuple[str, str]]) -> bool:
    if change.cls in _SILENT:
        return False
    return any(cls in {_EVERYTHING, change.cls} and ref in {_EVERYTHING, change.ref} for cls, ref in wanted)


def _batch(model: Model, found: list[Change]) -> Wire:
    counts: dict[str, Wire] = {cls.lower(): len(model.objects.tables[cls]) for cls in _NAMES.values()}
    return {
        "events": [_event(model, change) for change in found],
        "valid_ref_counts": counts,
        "token": f"{model.objects.generation:020d},{0:020d}",
    }


def _event(model: Model, change: Change) -> Wire:
    event: dict[str, Wire] = {
        "id": str(change.generation),
        "timestamp": "0.",
        "class": change.cls.lower(),
        "operation": change.operation,
        "ref": change.ref,
    }
    if change.operation != "del":
        record = view(model, change.cls, change.ref)
        event["snapshot"] = record_to_wire(change.cls, model.flavour, record)
    return event
