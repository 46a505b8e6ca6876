"""A target by script: well-behaved unless a test says what it answers to which kind of request."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.iscsi.chap import Credentials
from deploy.sandbox.pool.network.iscsi.discovery import Offered, send_targets
from deploy.sandbox.pool.network.iscsi.inquiring import FoundLun, found_luns
from deploy.sandbox.pool.network.iscsi.login import Purpose
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.settings import Times

NOP_OUT, SCSI, LOGIN, TEXT, LOGOUT = 0x00, 0x01, 0x03, 0x04, 0x06
IQN = "iqn.2026-01.com.example:scripted"
INITIATOR = "iqn.2026-11.com.example:looking"
QUICK = Times(connect=1.0, login=0.3, discovery=0.4, inquiry=0.4, goodbye=0.1, files=0.4)
PATIENT = Times(goodbye=1.0)
DISK = (b"\x00\x00\x05\x02\x1f\x00\x00\x02" + b"ACME    " + b"WHEELS          " + b"0001").ljust(36, b"\0")
THE_LUN = FoundLun(3, "35000c50012345678", 4096, "ACME", "SN7")
"""As which the disk of `usual` is found."""
NAA = b"\x01\x03\x00\x08\x50\x00\xc5\x00\x12\x34\x56\x78"


@dataclass(frozen=True)
class Heard:
    header: bytes
    data: bytes

    @property
    def kind(self) -> int:
        return self.header[0] & 0x3F

    @property
    def tag(self) -> int:
        return int.from_bytes(self.header[16:20], "big")

    @property
    def command_number(self) -> int:
        return int.from_bytes(self.header[24:28], "big")

    @property
    def cdb(self) -> bytes:
        return self.header[32:48]

    @property
    def pairs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.data.decode().split("\0") if line)


Reply = Callable[[Heard], Iterable[bytes] | None]


@dataclass
class Target:
    on: dict[int, Reply] = field(default_factory=dict)
    """By opcode; None leaves the answer to the target's good manners."""
    units: dict[int, Callable[[bytes], bytes | None]] = field(default_factory=dict)
    """By the first byte of a command: its data, or None for a check condition."""
    heard: list[Heard] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                header = await reader.readexactly(48)
                length = int.from_bytes(header[5:8], "big")
                body = await reader.readexactly(length + -length % 4)
                for raw in self._answers(Heard(header, body[:length])):
                    writer.write(raw)
                await writer.drain()

    def _answers(self, heard: Heard) -> Iterable[bytes]:
        self.heard.append(heard)
        scripted = self.on[heard.kind](heard) if heard.kind in self.on else None
        return scripted if scripted is not None else self.politely(heard)

    def politely(self, heard: Heard) -> Iterable[bytes]:
        if heard.kind == LOGIN:
            return [login(heard)]
        if heard.kind == TEXT:
            return [response(0x24, heard, data=f"TargetName={IQN}\0TargetAddress=127.0.0.1:9,1\0".encode())]
        if heard.kind == LOGOUT:
            return [response(0x26, heard)]
        if heard.kind == SCSI:
            return self.carried_out(heard)
        return []

    def carried_out(self, heard: Heard) -> list[bytes]:
        data = self.units.get(heard.cdb[0], usual)(heard.cdb)
        if data is None:
            return [response(0x21, heard, status=2, data=b"\x00\x12" + b"\x70\x00\x05".ljust(18, b"\0"))]
        return [data_in(heard, data)]


def usual(cdb: bytes) -> bytes | None:
    """What a disk of 8 blocks of 512 bytes says of itself."""
    if cdb[0] == 0xA0:
        return struct.pack(">II", 8, 0) + bytes((0, 3)) + bytes(6)
    if cdb[0] == 0x12 and cdb[1] & 1:
        pages = {0x00: b"\x00\x80\x83", 0x80: b" SN 7 ", 0x83: NAA}
        body = pages[cdb[2]]
        return bytes((0, cdb[2])) + struct.pack(">H", len(body)) + body
    if cdb[0] == 0x12:
        return DISK
    return b"" if cdb[0] == 0 else struct.pack(">QI", 7, 512).ljust(32, b"\0")


def response(
    opcode: int,
    to: Heard,
    *,
    flags: int = 0x80,
    status: int = 0,
    target_tag: int = 0xFFFFFFFF,
    tag: int | None = None,
    window: int = 64,
    tail: bytes = b"",
    data: bytes = b"",
) -> bytes:
    """The answer to a request; `status` is the fourth byte, `tail` begins at the 37th."""
    number = to.tag if tag is None else tag
    head = bytes((opcode, flags, 0, status, 0)) + len(data).to_bytes(3, "big") + bytes(8)
    fields = struct.pack(">IIIII", number, target_tag, 9, to.command_number, to.command_number + window & 0xFFFFFFFF)
    return (head + fields + tail).ljust(48, b"\0") + data + bytes(-len(data) % 4)


def login(to: Heard, pairs: dict[str, str] | None = None, flags: int | None = None, status: bytes = b"\0\0") -> bytes:
    data = b"".join(f"{key}={value}".encode() + b"\0" for key, value in (pairs or {}).items())
    return response(0x23, to, flags=to.header[1] if flags is None else flags, tail=status, data=data)


def data_in(to: Heard, data: bytes, *, offset: int = 0, flags: int = 0x81) -> bytes:
    """Data, and the status with it."""
    return response(0x25, to, flags=flags, tail=struct.pack(">III", 0, offset, 0), data=data)


def nop_in(to: Heard, target_tag: int = 7) -> bytes:
    return response(0x20, to, tag=0xFFFFFFFF, target_tag=target_tag)


def event(to: Heard, kind: int) -> bytes:
    return response(0x32, to, tag=0xFFFFFFFF, tail=bytes((kind,)))


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[Endpoint]:
    running: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(cast("asyncio.Task[None]", asyncio.current_task()))
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield Endpoint("127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def stage(heard: Heard) -> int:
    """The stage that a login request is in."""
    return heard.header[1] >> 2 & 3


def looking(
    outgoing: tuple[str, str] | None = None, incoming: tuple[str, str] | None = None, target: str = IQN
) -> Purpose:
    return Purpose(INITIATOR, Credentials(outgoing, incoming), target)


def luns(target: Target, purpose: Purpose | None = None, times: Times = PATIENT) -> list[FoundLun]:
    async def look() -> list[FoundLun]:
        async with listening(target.serve) as at, opened(at, purpose or looking(), times) as session:
            return await found_luns(session)

    return asyncio.run(look())


def targets(target: Target, purpose: Purpose | None = None, times: Times = PATIENT) -> list[Offered]:
    async def look() -> list[Offered]:
        async with listening(target.serve) as at:
            return await send_targets(at, purpose or looking(target=""), times)

    return asyncio.run(look())
