"""What lies in a folder of an SMB share, by smbprotocol: one session, one folder opened to be listed, nothing else.

Referrals to other servers aren't followed, so that a password goes to no other. Source: MS-SMB2 2.2.13, 2.2.33.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.network.dialling import Endpoint, dial, in_time
from deploy.sandbox.pool.network.files.entries import MOST_ENTRIES, Entry
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError

if TYPE_CHECKING:
    from deploy.sandbox.pool.network.settings import Times
    from deploy.sandbox.pool.storage.files.shares import Login

EXTRA = "the package smbprotocol is missing: install srbot with its extra `network`"
_GUEST = "guest"
_EVERYTHING = "*"
_FOLDER = 0x10


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a share."""

    server: Endpoint
    share: str
    folder: str = ""
    """With backslashes between its parts; empty: the share's root."""


async def listed(place: Place, login: Login, times: Times) -> list[Entry]:
    """Everything in the folder; NetworkError says why not. The library blocks, so it works in a thread of its own."""
    wire = await dial(place.server, times.connect)
    await wire.close()
    connection = _connection(place, signed=bool(login.user))
    try:
        async with in_time(times.files, f"listing //{place.server}/{place.share}"):
            return await asyncio.to_thread(_looked, connection, place, login, times)
    finally:
        await asyncio.to_thread(connection.disconnect, False)  # noqa: FBT003 - close=False ends what still waits


def _connection(place: Place, *, signed: bool) -> Any:  # noqa: ANN401 - the library has no types
    """Messages of somebody who has no password can't be signed; all others are."""
    try:
        from smbprotocol.connection import Connection  # noqa: PLC0415 - an extra, and only for real storage
    except ModuleNotFoundError as error:
        raise NetworkError(EXTRA) from error
    return Connection(uuid.uuid4(), place.server.host, place.server.port, require_signing=signed)


def _looked(connection: Any, place: Place, login: Login, times: Times) -> list[Entry]:  # noqa: ANN401 - without types
    try:
        connection.connect(timeout=int(times.connect))
        return _opened(connection, place, login)
    except NetworkError:
        raise
    except Exception as error:  # noqa: BLE001 - the library reads what a server sent, and anything may come of that
        message = f"the server does not let the folder be listed ({type(error).__name__})"
        raise DeniedError(message) from None


def _opened(connection: Any, place: Place, login: Login) -> list[Entry]:  # noqa: ANN401 - without types
    """One backslash parts the domain from the user."""
    from smbprotocol.session import Session  # noqa: PLC0415 - an extra
    from smbprotocol.tree import TreeConnect  # noqa: PLC0415 - an extra

    user = f"{login.domain}\\{login.user}" if login.domain else login.user
    session = Session(connection, user or _GUEST, login.password, require_encryption=False, auth_protocol="ntlm")
    session.connect()
    tree = TreeConnect(session, f"\\\\{place.server.host}\\{place.share}")
    tree.connect(require_secure_negotiate=bool(login.user))
    entries = _entries(tree, place.folder)
    connection.disconnect(True, timeout=1)  # noqa: FBT003 - close=True says goodbye
    return entries


def _entries(tree: Any, folder: str) -> list[Entry]:  # noqa: ANN401 - without types
    from smbprotocol import open as opening  # noqa: PLC0415 - an extra
    from smbprotocol.exceptions import NoMoreFiles  # noqa: PLC0415 - an extra
    from smbprotocol.file_info import FileInformationClass  # noqa: PLC0415 - an extra

    opened, found = _listable(opening, tree, folder), list[Entry]()
    while True:
        try:
            rows = opened.query_directory(_EVERYTHING, FileInformationClass.FILE_DIRECTORY_INFORMATION)
        except NoMoreFiles:
            break
        found += [_entry(row) for row in rows]
        if len(found) > MOST_ENTRIES:
            message = "the server's folder has no end"
            raise ProtocolError(message)
    opened.close()
    return [entry for entry in found if entry.name not in {".", ".."}]


def _listable(opening: Any, tree: Any, folder: str) -> Any:  # noqa: ANN401 - without types
    """The folder, opened to be listed while others do with it what they like."""
    opened = opening.Open(tree, folder)
    access, share = opening.DirectoryAccessMask, opening.ShareAccess
    opened.create(
        opening.ImpersonationLevel.Impersonation,
        access.FILE_LIST_DIRECTORY | access.FILE_READ_ATTRIBUTES,
        0,
        share.FILE_SHARE_READ | share.FILE_SHARE_WRITE | share.FILE_SHARE_DELETE,
        opening.CreateDisposition.FILE_OPEN,
        opening.CreateOptions.FILE_DIRECTORY_FILE,
    )
    return opened


def _entry(row: Any) -> Entry:  # noqa: ANN401 - without types
    name = row["file_name"].get_value().decode("utf-16-le")
    if not name.isprintable():
        message = "the server has a file whose name has control characters"
        raise ProtocolError(message)
    return Entry(name, bool(row["file_attributes"].get_value() & _FOLDER), row["end_of_file"].get_value())
