"""Frozen dataclasses to JSON and back, strictly: unknown fields are kept out, wrong types are errors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, TypeVar

import msgspec

from bot.request.events import EVENTS, Event
from bot.request.model import Request

SCHEMA: Final = 1
"""The version of what is written; each record carries it."""

_EVENT_TYPES: Final = {kind.__name__: kind for kind in EVENTS}

T = TypeVar("T")


class Unreadable(Exception):  # noqa: N818 - it names what happened
    """A stored record can't be read; nothing may be decided on it."""


class _Envelope(msgspec.Struct, frozen=True):
    """A record of one event. `key` and `signature` say who wrote it; they are empty until records are signed."""

    schema: int
    type: str
    event: msgspec.Raw
    request: str
    version: int
    plan_digest: str = ""
    key: str = ""
    signature: str = ""


def encode_event(event: Event, request: Request, plan_digest: str) -> bytes:
    """Write one event as the audit keeps it; `request` is the request after it."""
    body = msgspec.Raw(msgspec.json.encode(event))
    kind = type(event).__name__
    envelope = _Envelope(SCHEMA, kind, body, request.id, request.version, plan_digest)
    return msgspec.json.encode(envelope)


def decode_event(raw: bytes) -> Event:
    """Read one event; raises Unreadable."""
    envelope = decode(raw, _Envelope)
    kind = _EVENT_TYPES.get(envelope.type)
    if kind is None or envelope.schema != SCHEMA:
        message = f"unknown record {envelope.type!r} of schema {envelope.schema}"
        raise Unreadable(message)
    return decode(bytes(envelope.event), kind)


def encode(value: object) -> bytes:
    """Write any of our dataclasses, or a list of them, as JSON."""
    return msgspec.json.encode(value)


def decode(raw: bytes, kind: type[T]) -> T:
    """Read JSON as a type; raises Unreadable where it doesn't fit."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"a stored {getattr(kind, '__name__', kind)} can't be read: {error}"
        raise Unreadable(message) from None


def plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass of ours
    """Give a dataclass as nested dicts, for canonical JSON."""
    return asdict(value)
