"""Frozen dataclasses to JSON and back, strictly: unknown fields are kept out, wrong types are errors."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from bot.audit import UNLINKED, Link, Unreadable, read, written
from bot.request.events import EVENTS, Event
from bot.request.model import Request

_EVENT_TYPES: Final = {kind.__name__: kind for kind in EVENTS}

T = TypeVar("T")

__all__ = ["Unreadable", "commit_of", "decode", "decode_event", "encode", "encode_event", "request_of"]


class _Happened(msgspec.Struct, frozen=True):
    """An event, and the request after it. `commit` is the same for all events of one transaction, and for no other."""

    type: str
    event: msgspec.Raw
    request: str
    version: int
    commit: str
    plan_digest: str = ""


def encode_event(event: Event, request: Request, plan_digest: str, commit: str = "", previous: str = "") -> bytes:
    """Write one event as the audit keeps it; `request` is the request after it, `previous` its last record's hash."""
    body = msgspec.Raw(msgspec.json.encode(event, order="sorted"))
    happened = _Happened(type(event).__name__, body, request.id, request.version, commit, plan_digest)
    return encode(happened, Link(request.id, request.version, previous))


def decode_event(raw: bytes) -> Event:
    """Read one event; raises Unreadable."""
    happened = decode(raw, _Happened)
    kind = _EVENT_TYPES.get(happened.type)
    if kind is None:
        message = f"unknown event {happened.type!r}"
        raise Unreadable(message)
    return _decoded(bytes(happened.event), kind)


def commit_of(raw: bytes) -> str:
    """Say in which transaction an event was written; raises Unreadable."""
    return decode(raw, _Happened).commit


class _About(msgspec.Struct, frozen=True):
    """Of any record of the audit: which request it is about, if it is about one."""

    request: str = ""


def request_of(raw: bytes) -> str:
    """Say which request a record of the audit is about; empty for one that is about something else."""
    return decode(raw, _About).request


def encode(value: object, link: Link = UNLINKED) -> bytes:
    """Write any of our dataclasses, or a list of them, as a record; `link` is its place in a chain, if it has one."""
    return written(value, link)


def decode(raw: bytes, kind: type[T]) -> T:
    """Read a record as a type; raises Unreadable where it doesn't fit."""
    return _decoded(bytes(read(raw).data), kind)


def _decoded(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"a stored {getattr(kind, '__name__', kind)} can't be read: {error}"
        raise Unreadable(message) from None
