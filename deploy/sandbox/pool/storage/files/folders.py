"""The folders of SRs in a file system: which are there, making one, taking one away.

Nothing that was there before is touched by it. Source: sm: NFSSR.py and SMBSR.py create and delete, FileSR.py
_check_writable.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.srs import Created

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.servers import Folder

NOT_MOUNTED = "mount failed with return code 32"
_READ_ONLY = f"remote filesystem is read-only error is {int(errno.EROFS)}"


@dataclass(frozen=True, slots=True)
class Mounted:
    """A file system of a server, mounted."""

    where: str
    """The server and the path or name: by it the pool remembers what lies there."""
    folder: Folder

    def srs(self, model: Model) -> tuple[str, ...]:
        return model.folders.get(self.where, self.folder.srs)


def make_folder(model: Model, mounted: Mounted, uuid: str, failed: int) -> None:
    """A folder of that name; 42 where one with files in it exists, 461 on a read-only file system.

    Any other error of the file system is `failed`: 88 for NFS with its number, 116 for SMB with its text.
    """
    folder = mounted.folder
    if uuid in mounted.srs(model):
        raise StorageError(errors.EXISTS)
    if folder.read_only:
        raise StorageError(errors.NO_WRITE, _READ_ONLY)
    if folder.mkdir_error:
        raise StorageError(failed, _words(failed, folder.mkdir_error))
    model.put_folders(mounted.where, (*mounted.srs(model), uuid))


def check_writable(mounted: Mounted) -> None:
    """461 where no file can be written."""
    if mounted.folder.read_only or mounted.folder.squashed:
        raise StorageError(errors.NO_WRITE)


def remove_folder(model: Model, mounted: Mounted, uuid: str) -> None:
    model.put_folders(mounted.where, tuple(one for one in mounted.srs(model) if one != uuid))


def described(mounted: Mounted, config: dict[str, str]) -> Created:
    """What the pool learns of an SR in the file system."""
    return Created(mounted.folder.size, mounted.folder.used, config)


def _words(failed: int, number: int) -> str:
    if failed == errors.NFS_CREATE:
        return f"remote directory creation error is {number}"
    return f"remote directory creation error: {os.strerror(number)}"
