"""zfs: an SR of files in a folder of one host that ZFS is mounted on. It has no probe.

Source: XCP-ng's sm: ZFSSR.py, FileSR.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.srs import Created

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.srs import NewSr

_SIZE = 4 * 1024**4


async def create(model: Model, host: str, config: dict[str, str], _: NewSr) -> Created:
    if not is_there(model, host, _with_location(config)):
        raise StorageError(errors.ZFS_CREATE, "Cannot create SR, path is not a ZFS mountpoint")
    return Created(_SIZE, 0, config)


async def attach(model: Model, host: str, config: dict[str, str], _: NewSr) -> Created:
    if not is_there(model, host, _with_location(config)):
        raise StorageError(errors.UNAVAILABLE, "Invalid ZFS path")
    return Created(_SIZE, 0, config)


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """The folder stays."""


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG001 - as every driver takes them
    return config.get("location", "").rstrip("/") in model.zfs_folders


def _with_location(config: dict[str, str]) -> dict[str, str]:
    if "location" not in config:
        raise StorageError(errors.LOCATION_MISSING)
    return config
