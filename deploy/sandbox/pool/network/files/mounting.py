"""Which exports a server has, and the way into one of them: the port mapper and version 3 of the mount protocol.

Source: RFC 1833 (3: PMAPPROC_GETPORT), RFC 1813 (appendix I).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.files import xdr
from deploy.sandbox.pool.network.files.rpc import Caller, Program, calling
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from deploy.sandbox.pool.network.files.xdr import Reader
    from deploy.sandbox.pool.network.settings import Network

_PORT_MAPPER, _GET_PORT = Program(100000, 2), 3
MOUNT = Program(100005, 3)
_MNT, _UMNT, _EXPORT = 1, 3, 5
_TCP = 6
_HIGHEST_PORT = 65535
_LONGEST_PATH, _LONGEST_NAME, _LONGEST_HANDLE = 1024, 255, 64
_MOST_EXPORTS = 4096
_EVERYONE = "(everyone)"
"""As showmount prints an export without groups. Source: nfs-utils: utils/showmount/showmount.c."""


@dataclass(frozen=True, slots=True)
class Exported:
    path: str
    access: str
    """The groups that may mount it, separated by commas."""


async def exports(network: Network, address: str) -> list[Exported]:
    """What showmount -e lists; NetworkError where the server doesn't tell."""
    async with _mount_daemon(network, address) as daemon:
        return exported_in(await daemon.call(MOUNT, _EXPORT))


@contextlib.asynccontextmanager
async def mounted(network: Network, address: str, path: str) -> AsyncIterator[bytes]:
    """The handle of an export's root, for as long as it is needed; DeniedError where the server gives none."""
    where = xdr.opaque(path.encode())
    async with _mount_daemon(network, address) as daemon:
        handle = handle_in(await daemon.call(MOUNT, _MNT, where))
        try:
            yield handle
        finally:
            with contextlib.suppress(NetworkError):
                await daemon.call(MOUNT, _UMNT, where)


def exported_in(answer: Reader) -> list[Exported]:
    found: list[Exported] = []
    while answer.flag():
        if len(found) == _MOST_EXPORTS:
            message = "the server's list of exports has no end"
            raise ProtocolError(message)
        path = answer.text(_LONGEST_PATH)
        groups = []
        while answer.flag():
            groups.append(answer.text(_LONGEST_NAME))
        found.append(Exported(path, ",".join(groups) or _EVERYONE))
    return found


def handle_in(answer: Reader) -> bytes:
    if answer.word():
        message = "the server does not let this export be mounted"
        raise DeniedError(message)
    return answer.opaque(_LONGEST_HANDLE)


@contextlib.asynccontextmanager
async def _mount_daemon(network: Network, address: str) -> AsyncIterator[Caller]:
    port = await _port_of(MOUNT, network, address)
    async with calling(Endpoint(address, port), network.times.connect) as daemon:
        yield daemon


async def _port_of(program: Program, network: Network, address: str) -> int:
    """The port on which the server has the program."""
    asked = b"".join(map(xdr.word, (program.number, program.version, _TCP, 0)))
    async with calling(Endpoint(address, network.portmapper_port), network.times.connect) as mapper:
        port = (await mapper.call(_PORT_MAPPER, _GET_PORT, asked)).word()
    if not 0 < port <= _HIGHEST_PORT:
        message = "the server has no mount daemon"
        raise DeniedError(message)
    return port
