"""A session of one connection: one request at a time, and what a target says in between.

Source: RFC 7143, sections 4.2.2 (numbering), 11.4, 11.7, 11.9, 11.17 to 11.19.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.dialling import Endpoint, in_time
from deploy.sandbox.pool.network.iscsi import pdu
from deploy.sandbox.pool.network.iscsi.connection import Connection, connect
from deploy.sandbox.pool.network.iscsi.login import MovedError, Purpose, log_in
from deploy.sandbox.pool.network.iscsi.pdu import Numbers, Opcode, Pdu
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from deploy.sandbox.pool.network.iscsi.cdb import Cdb
    from deploy.sandbox.pool.network.settings import Times

_MOST_IN_BETWEEN = 64
_LONGEST_TEXT = 1024 * 1024
_MOST_TEXTS = 256
_HAS_STATUS = 0x01
_SERIAL = 0xFFFFFFFF
_HALF = 0x80000000
# An asynchronous SCSI event is for a unit; all others end the session or ask for that. Source: RFC 7143, 11.9.1.
_OF_A_UNIT = 0
# What takes a number in the order of statuses. Source: RFC 7143, 4.2.2.2.
_CARRIES_STATUS = frozenset(
    {Opcode.SCSI_RESPONSE, Opcode.TEXT_RESPONSE, Opcode.LOGOUT_RESPONSE, Opcode.ASYNC_MESSAGE, Opcode.REJECT}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command brought: a SCSI status, and the data or the sense data."""

    status: int
    data: bytes = b""
    sense: bytes = b""


class Session:
    def __init__(self, connection: Connection, numbers: Numbers) -> None:
        self._connection = connection
        self._numbers = numbers
        self._tag = 1

    async def command(self, lun: bytes, cdb: Cdb) -> Answer:
        """Carry out a command that looks."""
        await self._begin()
        await self._connection.send(pdu.scsi_command(lun, self._tag, self._numbers, cdb.raw, cdb.wanted))
        self._count()
        data = bytearray()
        while True:
            heard = await self._hear()
            if heard.opcode == Opcode.DATA_IN:
                _take(data, heard, cdb.wanted)
                if heard.flags & _HAS_STATUS:
                    return Answer(heard.header[3], bytes(data))
            elif heard.opcode == Opcode.SCSI_RESPONSE:
                return _response(heard, bytes(data))
            else:
                message = "the target answered a command with something else"
                raise ProtocolError(message)

    async def text(self, request: bytes) -> bytes:
        """The whole answer to a text request."""
        data, target_tag = b"", pdu.NO_TAG
        for _ in range(_MOST_TEXTS):
            await self._begin()
            await self._connection.send(pdu.text(self._tag, target_tag, self._numbers, b"" if data else request))
            self._count()
            heard = await self._hear()
            if heard.opcode != Opcode.TEXT_RESPONSE:
                message = "the target answered a question with something else"
                raise ProtocolError(message)
            data, target_tag = data + heard.data, heard.target_tag
            if len(data) > _LONGEST_TEXT:
                break
            if heard.flags & pdu.FINAL:
                return data
        message = "the target's answer has no end"
        raise ProtocolError(message)

    async def log_out(self) -> None:
        self._tag += 1
        await self._connection.send(pdu.logout(self._tag, self._numbers))
        await self._hear()

    async def _begin(self) -> None:
        """Wait until the target takes a command."""
        while not _at_most(self._numbers.command, self._numbers.window):
            await self._next()
        self._tag += 1

    def _count(self) -> None:
        self._numbers = replace(self._numbers, command=self._numbers.command + 1 & _SERIAL)

    async def _hear(self) -> Pdu:
        """The next PDU for the request under way."""
        for _ in range(_MOST_IN_BETWEEN):
            heard = await self._next()
            if heard is None:
                continue
            if heard.tag != self._tag:
                message = "the target answered a request that nobody made"
                raise ProtocolError(message)
            return heard
        message = "the target goes on about other things"
        raise ProtocolError(message)

    async def _next(self) -> Pdu | None:
        """The next PDU; None when it was one in between, which has been dealt with."""
        heard = await self._connection.receive()
        self._note(heard)
        if heard.opcode == Opcode.NOP_IN:
            if heard.target_tag != pdu.NO_TAG:
                await self._connection.send(pdu.nop_out(heard, self._numbers))
            return None
        if heard.opcode == Opcode.ASYNC_MESSAGE:
            _check_event(heard)
            return None
        if heard.opcode == Opcode.REJECT:
            message = f"the target rejected a request, reason {heard.header[2]:#04x}"
            raise ProtocolError(message)
        return heard

    def _note(self, heard: Pdu) -> None:
        """Serial numbers go round; a window never shrinks. Source: RFC 1982."""
        carries = heard.opcode in _CARRIES_STATUS or (heard.opcode == Opcode.DATA_IN and heard.flags & _HAS_STATUS)
        if carries:
            self._numbers = replace(self._numbers, status=heard.stat_sn + 1 & _SERIAL)
        if _at_most(self._numbers.window, heard.max_cmd_sn):
            self._numbers = replace(self._numbers, window=heard.max_cmd_sn)


@contextlib.asynccontextmanager
async def opened(endpoint: Endpoint, purpose: Purpose, times: Times) -> AsyncIterator[Session]:
    """A session, logged out at the end whatever happened; a target that moved is followed once."""
    try:
        connection, numbers = await _logged_in(endpoint, purpose, times)
    except MovedError as moved:
        try:
            connection, numbers = await _logged_in(moved.to, purpose, times)
        except MovedError as again:
            message = f"the target has moved to {moved.to}, and from there to {again.to}"
            raise DeniedError(message) from again
    session = Session(connection, numbers)
    try:
        yield session
    finally:
        await _part(session, connection, times)


async def _logged_in(endpoint: Endpoint, purpose: Purpose, times: Times) -> tuple[Connection, Numbers]:
    connection = await connect(endpoint, times.connect)
    try:
        async with in_time(times.login, f"the login at {endpoint}"):
            return connection, await log_in(connection, purpose)
    except BaseException:
        await connection.close()
        raise


async def _part(session: Session, connection: Connection, times: Times) -> None:
    """A target that doesn't say goodbye in time is left without one."""
    try:
        with contextlib.suppress(NetworkError):
            async with in_time(times.goodbye, "the logout"):
                await session.log_out()
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(times.goodbye):
                await connection.close()


def _take(data: bytearray, heard: Pdu, wanted: int) -> None:
    """Data comes in its order and is never more than was asked for. Source: RFC 7143, 11.7."""
    if heard.number(40) != len(data) or len(data) + len(heard.data) > wanted:
        message = "the target sent data that nobody asked for"
        raise ProtocolError(message)
    data += heard.data


def _response(heard: Pdu, data: bytes) -> Answer:
    """Response 0 says that the command ended; sense data follows its own length. Source: RFC 7143, 11.4."""
    if heard.header[2]:
        message = "the target could not carry the command out"
        raise ProtocolError(message)
    length = int.from_bytes(heard.data[:2], "big")
    return Answer(heard.header[3], data, heard.data[2 : 2 + length])


def _check_event(heard: Pdu) -> None:
    if heard.header[36] != _OF_A_UNIT:
        message = f"the target asked to end the session, event {heard.header[36]}"
        raise ProtocolError(message)


def _at_most(one: int, other: int) -> bool:
    """Whether a serial number isn't behind another."""
    return (other - one & _SERIAL) < _HALF
