"""Where an embedded server keeps its files, and that it is alone there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

PRIVATE = 0o700
# sun_path holds 104 bytes on macOS and the BSDs (108 on Linux), the closing zero included.
LONGEST_SOCKET_PATH = 103
SOCKET = "s.sock"
# A killed supervisor's server needs a moment to vanish; whoever still holds the lock then is alive.
LOCK_WITHIN = 1.0
LOCK_EVERY = 0.02


class FolderInUseError(Exception):
    """Another server runs in the folder."""


class UnsafeFolderError(Exception):
    """Others can reach the folder for the socket."""


def prepare(folder: Path) -> Path:
    """Make the data folder, for its owner only, and give its absolute path."""
    folder = folder.absolute()
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    return folder


def lock(folder: Path, within: float = LOCK_WITHIN) -> IO[str]:
    """Take the folder's lock; it is held until every process that got the open file has closed it.

    Two servers in one folder would both write into the same append-only file. Raises FolderInUseError.
    """
    file = (folder / "lock").open("a+", encoding="utf-8")
    deadline = time.monotonic() + within
    while not _taken(file):
        if time.monotonic() >= deadline:
            message = _in_use(folder, file)
            file.close()
            raise FolderInUseError(message)
        time.sleep(LOCK_EVERY)
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(folder: Path, file: IO[str]) -> str:
    file.seek(0)
    holder = file.read().strip() or "unknown"
    return (
        f"An embedded server already runs in {folder} (started by process {holder}). "
        "Stop that one first, or choose another folder."
    )


def socket_path(folder: Path) -> Path:
    """Give the path for the socket: in the folder, or under the temporary one when that would be too long.

    The same folder has the same path each time. Raises UnsafeFolderError when it isn't ours alone.
    """
    wanted = folder / SOCKET
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"srbot-{os.getuid()}-{name}"
    short.mkdir(mode=PRIVATE, exist_ok=True)
    _check_ours(short)
    return short / SOCKET


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        message = f"The server's socket can't be put in {folder}: others can open it. Remove that folder."
        raise UnsafeFolderError(message)
