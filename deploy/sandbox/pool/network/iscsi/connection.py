"""PDUs over one TCP connection. Source: RFC 7143, section 11.2."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from deploy.sandbox.pool.network.dialling import Endpoint, Wire, dial
from deploy.sandbox.pool.network.iscsi import pdu
from deploy.sandbox.pool.network.iscsi.pdu import Pdu
from deploy.sandbox.pool.network.troubles import ProtocolError


@dataclass(frozen=True, slots=True)
class Connection:
    """No digests are ever agreed on, so there are none to read."""

    wire: Wire

    async def send(self, raw: bytes) -> None:
        try:
            self.wire.writer.write(raw)
            await self.wire.writer.drain()
        except OSError as error:
            raise _ended() from error

    async def receive(self) -> Pdu:
        """The next PDU; ProtocolError at the end of the connection, or for one that is too long."""
        try:
            header = await self.wire.reader.readexactly(pdu.HEADER_LENGTH)
            additional, data = pdu.lengths(header)
            body = await self.wire.reader.readexactly(additional + pdu.padded(data))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise _ended() from error
        return Pdu(header, body[additional : additional + data])

    async def close(self) -> None:
        await self.wire.close()


async def connect(endpoint: Endpoint, seconds: float) -> Connection:
    return Connection(await dial(endpoint, seconds))


def _ended() -> ProtocolError:
    return ProtocolError("the target ended the connection")
