"""Mounting an SMB share for a host, with the user and the password that a device_config gives.

Source: sm: cifutils.py, SMBSR.py mount, ISOSR.py mountOverSMB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files.folders import NOT_MOUNTED, Mounted
from deploy.sandbox.pool.storage.names import address_of, caller
from deploy.sandbox.pool.storage.secrets import password_in

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.servers import Share, SmbServer

NEWEST, OLDEST = "3.0", "1.0"
_DENIED = "Permission denied. Please check user privileges."


class MountError(Exception):
    """Why a share can't be mounted, in the driver's words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Login:
    """Nobody, unless both a user and a password were given."""

    user: str = ""
    domain: str = ""
    password: str = field(default="", repr=False)


def login_in(model: Model, config: dict[str, str], key: str) -> Login:
    """The login of a config whose password has that key; one backslash parts the domain from the user.

    20 for a secret that isn't there, 446 for what isn't ASCII.
    """
    user, password = config.get("username", ""), password_in(model, config, key)
    if not (user + password).isascii():
        raise StorageError(errors.EXTENDED_CHARACTERS)
    if not user or not password:
        return Login()
    domain, _, name = user.rpartition("\\")
    return Login(name, domain, password)


def server_of(location: str) -> str:
    r"""The server in `\\server\share` or `//server/share`."""
    return location.replace("\\", "/").lstrip("/").split("/")[0]


def smb_server_at(model: Model, location: str) -> SmbServer | None:
    address = address_of(model, server_of(location))
    return next((server for server in model.smb.values() if server.address == address), None)


def share_at(model: Model, location: str) -> Share | None:
    server = smb_server_at(model, location)
    return server.share_named(share_in(location)) if server else None


def mount(model: Model, host: str, location: str, login: Login, dialect: str = NEWEST) -> Mounted:
    """The share, mounted; MountError says no more than mount does."""
    if not location.isascii():
        raise StorageError(errors.EXTENDED_CHARACTERS)
    server, share = smb_server_at(model, location), share_at(model, location)
    if server is None or share is None or not server.reached_by(caller(model, host)):
        raise MountError(NOT_MOUNTED)
    if dialect not in server.dialects or not _let_in(model, share, login):
        raise MountError(NOT_MOUNTED)
    if not share.readable:
        raise MountError(_DENIED)
    return Mounted(f"//{server.name}/{share.name}", share.folder)


def share_in(location: str) -> str:
    parts = location.replace("\\", "/").lstrip("/").split("/")
    return parts[1] if len(parts) > 1 else ""


def _let_in(model: Model, share: Share, login: Login) -> bool:
    if not share.user:
        return True
    if (login.user, login.domain.lower()) not in {(share.user, share.domain.lower()), (share.user, "")}:
        return False
    return model.files.of_share(share.user).matches(login.password)
