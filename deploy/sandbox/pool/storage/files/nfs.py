"""nfs: an SR of files on an NFS export.

Source: sm: NFSSR.py, nfs.py, util.py _testHost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.documents import ExportRow, Layout
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import folders
from deploy.sandbox.pool.storage.files.folders import NOT_MOUNTED, Mounted
from deploy.sandbox.pool.storage.names import address_of, caller

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.servers import NfsServer
    from deploy.sandbox.pool.storage.srs import Created, NewSr

_DEFAULT_VERSION = "3"
# The versions that a server is asked about.
_LISTED = ("3", "4")
_PROBE_VERSION = "probeversion"


async def probe(model: Model, host: str, config: dict[str, str], _: dict[str, str]) -> str:
    """The SRs on the path; without one 101 with the server's exports."""
    server = await _server(model, host, config, listing=True)
    versions = tuple(one for one in _LISTED if one in server.versions)
    probing = _PROBE_VERSION in config
    version = versions[0] if probing and versions else version_of(config)
    if not probing:
        check_version(server, version)
    mounted = _mounted(model, host, server, config)
    layout = Layout(model.flavour.padded_xml)
    return documents.srs_in_folders(layout, list(mounted.srs(model)), versions if probing else None)


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    """Make a folder for the SR beside what is there; sm_config's nosubdir takes the path itself."""
    server = await _server(model, host, config, listing=True)
    if sr.uuid in model.conditions[host].mounts:
        raise StorageError(errors.NFS_ATTACHED)
    check_version(server, version_of(config))
    mounted = _mounted(model, host, server, config)
    if not _without_folder(sr):
        folders.make_folder(model, mounted, sr.uuid, errors.NFS_CREATE)
    return folders.described(mounted, config)


async def attach(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    server = await _server(model, host, config, listing=False)
    check_version(server, version_of(config))
    mounted = _mounted(model, host, server, config)
    if not _without_folder(sr) and sr.uuid not in mounted.srs(model):
        raise StorageError(errors.NFS_MOUNT, NOT_MOUNTED)
    folders.check_writable(mounted)
    return folders.described(mounted, config)


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """Only the SR's own folder goes."""
    server = await _server(model, host, config, listing=False)
    folders.remove_folder(model, _mounted(model, host, server, config), sr.uuid)


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG001 - as every driver takes them
    server = server_at(model, config.get("server", ""))
    return server is not None and server.export_at(config.get("serverpath", "")) is not None


def version_of(config: dict[str, str]) -> str:
    """The version that is asked for; the exception over another one is caught by nobody."""
    version = config.get("nfsversion", "") or _DEFAULT_VERSION
    if version != _DEFAULT_VERSION and not version.startswith("4"):
        raise StorageError(errors.GENERIC, message="Invalid nfsversion.")
    return version


def server_at(model: Model, name: str) -> NfsServer | None:
    address = address_of(model, name)
    return next((server for server in model.nfs.values() if server.address == address), None)


async def serving(model: Model, host: str, name: str) -> NfsServer:
    """The server, if it answers this host on NFS's port; 140 or 108."""
    if address_of(model, name) is None:
        raise StorageError(errors.DNS)
    server = server_at(model, name)
    if server is None or not server.reached_by(caller(model, host)):
        await model.delays.spend(model.delays.unreachable)
        raise StorageError(errors.NFS_TARGET)
    await model.delays.spend(model.delays.mount)
    return server


def check_version(server: NfsServer, version: str) -> None:
    if not server.speaks(version):
        raise StorageError(errors.NFS_VERSION, f"Unsupported NFS version: {version}")


def mounted_at(model: Model, host: str, server: NfsServer, path: str) -> Mounted | None:
    """The export, if this host may mount it."""
    export = server.export_at(path)
    if export is None or not export.admits(caller(model, host)):
        return None
    return Mounted(f"{server.name}:{export.path}", export.folder)


def _mounted(model: Model, host: str, server: NfsServer, config: dict[str, str]) -> Mounted:
    mounted = mounted_at(model, host, server, config["serverpath"])
    if mounted is None:
        raise StorageError(errors.NFS_MOUNT, NOT_MOUNTED)
    return mounted


async def _server(model: Model, host: str, config: dict[str, str], *, listing: bool) -> NfsServer:
    """The server of a config that names both it and a path: 102 and 101, the exports printed if `listing`."""
    if "server" not in config:
        raise StorageError(errors.SERVER_MISSING)
    version_of(config)
    if not listing and "serverpath" not in config:
        raise StorageError(errors.SERVER_PATH_MISSING)
    server = await serving(model, host, config["server"])
    if "serverpath" not in config:
        raise StorageError(errors.SERVER_PATH_MISSING, printed=_exports(model, server, config["server"]))
    return server


def _exports(model: Model, server: NfsServer, typed: str) -> str:
    """Nothing at all where showmount fails, unless the release looks into the root of NFS 4."""
    layout = Layout(model.flavour.padded_xml)
    if server.showmount:
        rows = [ExportRow(typed, export.path, export.access) for export in server.exports]
        return documents.exports(layout, rows)
    if not (model.flavour.lists_nfs4_root and server.speaks("4")):
        return ""
    tops = dict.fromkeys(export.path.split("/")[1] for export in server.exports)
    return documents.exports(layout, [ExportRow(typed, top, "*") for top in tops])


def _without_folder(sr: NewSr) -> bool:
    return sr.sm_config.get("nosubdir") == "true"
