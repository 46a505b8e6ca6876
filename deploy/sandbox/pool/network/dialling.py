"""Names to addresses and TCP connections, both within a time."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import random
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.troubles import SilentError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# What a server takes for the port of a superuser. Source: nfs-utils: exports(5), secure.
_RESERVED = range(665, 1024)
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Endpoint:
    host: str
    """A name or an address, without brackets."""
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


@contextlib.asynccontextmanager
async def in_time(seconds: float, what: str) -> AsyncIterator[None]:
    """SilentError where it takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        message = f"{what} took longer than {seconds:g} s"
        raise SilentError(message) from error


async def dial(endpoint: Endpoint, seconds: float, *, reserved: bool = False) -> Wire:
    """A connection, from a port of a superuser if `reserved` and if this process may; UnreachableError."""
    try:
        async with asyncio.timeout(seconds):
            if reserved and (wire := await _from_a_reserved_port(endpoint)):
                return wire
            return Wire(*await asyncio.open_connection(endpoint.host, endpoint.port))
    except (OSError, UnicodeError) as error:
        message = f"{endpoint} can't be reached"
        raise UnreachableError(message) from error


async def addresses_of(names: list[str], seconds: float) -> dict[str, str]:
    """By lower-cased name, the first address that it resolves to; those that resolve to nothing are left out."""
    found = await asyncio.gather(*(_address_of(name, seconds) for name in names))
    return {name.lower(): address for name, address in zip(names, found, strict=True) if address}


async def _address_of(name: str, seconds: float) -> str | None:
    """Brackets are no address."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(name))
    try:
        async with asyncio.timeout(seconds):
            rows = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    return str(rows[0][4][0]) if rows else None


async def _from_a_reserved_port(endpoint: Endpoint) -> Wire | None:
    """None where this process may not bind one, or all that it tried are taken; other errors are the caller's."""
    here = "::" if ":" in endpoint.host else "0.0.0.0"  # noqa: S104 - nothing listens, it is where a call comes from
    for port in random.sample(_RESERVED, _ATTEMPTS):
        if (bound := _bound(here, port)) is None:
            continue
        try:
            await asyncio.get_running_loop().sock_connect(bound, (endpoint.host, endpoint.port))
            return Wire(*await asyncio.open_connection(sock=bound))
        except BaseException:
            bound.close()
            raise
    return None


def _bound(here: str, port: int) -> socket.socket | None:
    bound = socket.socket(socket.AF_INET6 if ":" in here else socket.AF_INET, socket.SOCK_STREAM)
    bound.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    try:
        bound.bind((here, port))
    except OSError:
        bound.close()
        return None
    return bound
