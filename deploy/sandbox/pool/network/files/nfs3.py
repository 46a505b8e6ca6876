"""What lies in the root of an export, by READDIRPLUS of NFS version 3. Source: RFC 1813 (2.5, 3.3.17)."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.files import xdr
from deploy.sandbox.pool.network.files.entries import MOST_ENTRIES, Entry
from deploy.sandbox.pool.network.files.rpc import Caller, Program, calling
from deploy.sandbox.pool.network.files.xdr import Reader
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError

_NFS = 100003
_NULL, _READDIRPLUS = 0, 17
_FILE, _DIRECTORY = 1, 2
_LONGEST_NAME, _LONGEST_HANDLE = 255, 64
_VERIFIER = 8
# fattr3 whole; its first word is the type, its sixth and seventh the size.
_ATTRIBUTES, _BEFORE_SIZE = 84, 16
_NAMES_AT_ONCE, _BYTES_AT_ONCE = 8192, 65536


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a folder, and where the next one begins."""

    entries: list[Entry]
    cookie: int
    verifier: bytes
    end: bool


async def speaks(endpoint: Endpoint, version: int, seconds: float) -> bool:
    """Whether the server answers a call of the version that does nothing."""
    try:
        async with calling(endpoint, seconds) as server:
            await server.call(Program(_NFS, version), _NULL)
    except NetworkError:
        return False
    return True


async def listed(endpoint: Endpoint, handle: bytes, seconds: float) -> list[Entry]:
    """Everything in the folder, without itself and what is above it."""
    found: list[Entry] = []
    async with calling(endpoint, seconds) as server:
        cookie, verifier, end = 0, bytes(_VERIFIER), False
        while not end:
            part = await _part(server, handle, cookie, verifier)
            found += part.entries
            if len(found) > MOST_ENTRIES or not (part.end or part.entries):
                message = "the server's folder has no end"
                raise ProtocolError(message)
            cookie, verifier, end = part.cookie, part.verifier, part.end
    return [entry for entry in found if entry.name not in {".", ".."}]


async def _part(server: Caller, handle: bytes, cookie: int, verifier: bytes) -> Listing:
    place = xdr.opaque(handle) + xdr.double_word(cookie) + verifier
    arguments = place + xdr.word(_NAMES_AT_ONCE) + xdr.word(_BYTES_AT_ONCE)
    return listing_in(await server.call(Program(_NFS, 3), _READDIRPLUS, arguments))


def listing_in(answer: Reader) -> Listing:
    """DeniedError where the server doesn't list the folder."""
    status = answer.word()
    _attributes(answer)
    if status:
        message = "the server does not list the folder"
        raise DeniedError(message)
    verifier, cookie, entries = answer.fixed(_VERIFIER), 0, []
    while answer.flag():
        answer.double_word()
        name, cookie = answer.text(_LONGEST_NAME), answer.double_word()
        kind, size = _attributes(answer)
        if answer.flag():
            answer.opaque(_LONGEST_HANDLE)
        entries.append(Entry(name, kind == _DIRECTORY, size))
    return Listing(entries, cookie, verifier, answer.flag())


def _attributes(answer: Reader) -> tuple[int, int]:
    """Type and size, where the server tells them; else a file of unknown size."""
    if not answer.flag():
        return _FILE, 0
    whole = Reader(answer.fixed(_ATTRIBUTES))
    kind = whole.word()
    whole.fixed(_BEFORE_SIZE)
    return kind, whole.double_word()
