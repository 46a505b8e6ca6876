"""One record: what happened, as canonical JSON, and which record of its chain it follows.

Canonical: UTF-8, no spaces, members in the order of their names, numbers as short as they can be (RFC 8785, but for
the spelling of numbers above 2^53, which no record holds). So whoever reads a record can write the same bytes again.
A record's hash is the SHA-256 of all of it but its signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

SCHEMA: Final = 1
"""The version of what is written; each record carries it."""

_SIGNATURE: Final = b',"signature":"'
"""It stands last: no other member's name comes behind it."""


class Unreadable(Exception):  # noqa: N818 - it names what happened
    """A record can't be read; nothing may be decided on it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A record's place: the chain, its number there (from 1), and the hash of the record before it, 64 hex digits."""

    chain: str
    number: int
    previous: str


FIRST: Final = ""
"""What the first record of a chain follows."""

UNLINKED: Final = Link("", 0, FIRST)
"""The place of what is in no chain."""


class Record(msgspec.Struct, frozen=True):
    """What is written. `key` and `signature` say who wrote it; they are empty until records are signed."""

    schema: int
    data: msgspec.Raw
    chain: str = ""
    number: int = 0
    previous: str = FIRST
    key: str = ""
    signature: str = ""

    @property
    def link(self) -> Link:
        """Where it stands."""
        return Link(self.chain, self.number, self.previous)


def written(data: object, link: Link = UNLINKED) -> bytes:
    """Write what happened as a record at a place: any of our dataclasses, or a list of them."""
    body = msgspec.Raw(msgspec.json.encode(data, order="sorted"))
    return msgspec.json.encode(Record(SCHEMA, body, link.chain, link.number, link.previous), order="sorted")


def read(raw: bytes) -> Record:
    """Read a record; raises Unreadable."""
    try:
        record = msgspec.json.decode(raw, type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"a record can't be read: {error}"
        raise Unreadable(message) from None
    if record.schema != SCHEMA:
        message = f"a stored record has schema {record.schema}, this is {SCHEMA}"
        raise Unreadable(message)
    return record


def digest_of(raw: bytes) -> str:
    """Give the hash of a record, 64 hex digits; raises Unreadable for what is none."""
    body, found, _ = raw.rpartition(_SIGNATURE)
    if not found:
        message = "a record can't be read: it has no signature, not even an empty one"
        raise Unreadable(message)
    return hashlib.sha256(body + b"}").hexdigest()


def following(raw: bytes) -> Link:
    """Give the place of the record that comes after this one in its chain; raises Unreadable."""
    record = read(raw)
    return Link(record.chain, record.number + 1, digest_of(raw))


def is_canonical(raw: bytes) -> bool:
    """Say whether writing what was read gives the same bytes."""
    try:
        return msgspec.json.encode(msgspec.json.decode(raw), order="sorted") == raw
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
