"""smb: an SR of files on an SMB share.

Probing needs no licence, creating does. Source: sm: SMBSR.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.documents import Layout
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import folders, shares
from deploy.sandbox.pool.storage.files.shares import MountError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.folders import Mounted
    from deploy.sandbox.pool.storage.srs import Created, NewSr


async def probe(model: Model, host: str, config: dict[str, str], _: dict[str, str]) -> str:
    mounted = await _mounted(model, host, config)
    return documents.srs_in_folders(Layout(model.flavour.padded_xml), list(mounted.srs(model)))


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """Make a folder for the SR beside what is there."""
    _server(config)
    if model.flavour.smb_needs_licence and not model.smb_licensed:
        raise StorageError(errors.NO_SMB_LICENSE)
    if sr.uuid in model.conditions[host].mounts:
        raise StorageError(errors.SMB_ATTACHED)
    mounted = await _mounted(model, host, config)
    folders.make_folder(model, mounted, sr.uuid, errors.SMB_CREATE)
    return folders.described(mounted, config)


async def attach(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    mounted = await _mounted(model, host, config)
    if sr.uuid not in mounted.srs(model):
        raise StorageError(errors.NO_WRITE)
    folders.check_writable(mounted)
    return folders.described(mounted, config)


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """Only the SR's own folder goes."""
    folders.remove_folder(model, await _mounted(model, host, config), sr.uuid)


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG001 - as every driver takes them
    return shares.share_at(model, config.get("server", "")) is not None


def _server(config: dict[str, str]) -> str:
    if "server" not in config:
        raise StorageError(errors.SERVER_MISSING)
    return config["server"]


async def _mounted(model: Model, host: str, config: dict[str, str]) -> Mounted:
    location, login = _server(config), shares.login_in(model, config, "password")
    await model.delays.spend(model.delays.mount)
    try:
        return shares.mount(model, host, location, login)
    except MountError as error:
        raise StorageError(errors.SMB_MOUNT, error.words) from error
