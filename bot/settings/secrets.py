"""Opening passwords: for the worker only. The bot never imports this module."""

from __future__ import annotations

import stat
import string
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.settings.model import PasswordEnv, PasswordFile
from bot.settings.sealed import Secret
from bot.settings.sealing import SecretError, read_secret_file, sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings.model import PasswordSource

__all__ = ["Secret", "SecretError", "loose_permissions", "open_password"]

_OTHERS: Final = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


def open_password(source: PasswordSource, environ: Mapping[str, str]) -> Secret:
    """Read a password. Raises SecretError, which names the place and never the value.

    `${NAME}` in a file's path is taken from the environment (systemd sets CREDENTIALS_DIRECTORY so).
    """
    if isinstance(source, PasswordEnv):
        place = f"the environment variable {source.name}"
        if source.name not in environ:
            message = f"{place} is not set"
            raise SecretError(message)
        return sealed(environ[source.name], place)
    return read_secret_file(_path(source, environ))


def loose_permissions(source: PasswordSource, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Notes about a password file that others can read or write; none if it can't be looked at."""
    if not isinstance(source, PasswordFile):
        return ()
    path = _path(source, environ)
    try:
        mode = path.stat().st_mode
    except OSError:
        return ()
    return (f"{path} can be read or written by others: chmod 600",) if mode & _OTHERS else ()


def _path(source: PasswordFile, environ: Mapping[str, str]) -> Path:
    return Path(string.Template(str(source.path)).safe_substitute(environ))
