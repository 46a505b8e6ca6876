"""Remote procedure calls over TCP, one at a time. Source: RFC 5531 (section 11: records)."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.dialling import Endpoint, Wire, dial
from deploy.sandbox.pool.network.files import xdr
from deploy.sandbox.pool.network.files.xdr import Reader
from deploy.sandbox.pool.network.troubles import DeniedError, ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CALL, _REPLY = 0, 1
_VERSION = 2
_ACCEPTED, _SUCCESS = 0, 0
_LAST = 0x80000000
_LONGEST_RECORD = 1024 * 1024
_MOST_FRAGMENTS = 256
_LONGEST_VERIFIER = 400
_NO_CREDENTIALS = xdr.word(0) + xdr.opaque(b"")
_UNIX = 1
_CLIENT = b"srbot-sandbox"


@dataclass(frozen=True, slots=True)
class Program:
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class Caller:
    """A connection to a server's programs; calls go as the superuser, as a host's own do (AUTH_SYS)."""

    wire: Wire

    async def call(self, program: Program, procedure: int, arguments: bytes = b"") -> Reader:
        """The result; DeniedError where the server doesn't carry it out."""
        number = secrets.randbits(32)
        head = (number, _CALL, _VERSION, program.number, program.version, procedure)
        asked = b"".join(map(xdr.word, head)) + _credentials() + _NO_CREDENTIALS + arguments
        try:
            self.wire.writer.write(xdr.word(_LAST | len(asked)) + asked)
            await self.wire.writer.drain()
            answer = Reader(await self._record())
        except (OSError, asyncio.IncompleteReadError) as error:
            message = "the server ended the connection"
            raise ProtocolError(message) from error
        check_reply(answer, number)
        return answer

    async def _record(self) -> bytes:
        record = b""
        for _ in range(_MOST_FRAGMENTS):
            mark = int.from_bytes(await self.wire.reader.readexactly(4), "big")
            if len(record) + (mark & ~_LAST) > _LONGEST_RECORD:
                break
            record += await self.wire.reader.readexactly(mark & ~_LAST)
            if mark & _LAST:
                return record
        message = "the server's answer has no end"
        raise ProtocolError(message)


@contextlib.asynccontextmanager
async def calling(endpoint: Endpoint, seconds: float) -> AsyncIterator[Caller]:
    """From a port of a superuser where that is possible: many servers ask for one."""
    wire = await dial(endpoint, seconds, reserved=True)
    try:
        yield Caller(wire)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wire.close()


def check_reply(answer: Reader, number: int) -> None:
    """Leaves the reader at the result."""
    if answer.word() != number or answer.word() != _REPLY:
        message = "the server answered a call that nobody made"
        raise ProtocolError(message)
    if answer.word() != _ACCEPTED:
        message = "the server does not accept the call"
        raise DeniedError(message)
    answer.word()
    answer.opaque(_LONGEST_VERIFIER)
    if answer.word() != _SUCCESS:
        message = "the server does not have this program, in this version"
        raise DeniedError(message)


def _credentials() -> bytes:
    """Stamp, machine's name, user 0, group 0, no other groups. Source: RFC 5531, appendix A."""
    body = xdr.word(0) + xdr.opaque(_CLIENT) + xdr.word(0) * 3
    return xdr.word(_UNIX) + xdr.opaque(body)
