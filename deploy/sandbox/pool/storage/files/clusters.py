"""cephfs, glusterfs and moosefs: an SR of files in a folder of a cluster's file system.

A mount that fails while probing is an exception that no driver catches. Source: XCP-ng's sm: CephFSSR.py,
GlusterFSSR.py, MooseFSSR.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.documents import Layout
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import folders
from deploy.sandbox.pool.storage.files.folders import NOT_MOUNTED, Mounted
from deploy.sandbox.pool.storage.names import address_of, caller

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.servers import Cluster, Export
    from deploy.sandbox.pool.storage.srs import Created, NewSr

_ATTACH_FAILED = 12
"""The number that all three give it; no table of the storage manager has it."""


@dataclass(frozen=True, slots=True)
class ClusterDriver:
    """One of the three, by its type and by what it calls itself in its errors."""

    type: str
    label: str

    async def probe(self, model: Model, host: str, config: dict[str, str], _: dict[str, str]) -> str:
        """The folders that a UUID names."""
        mounted = await self._mounted(model, host, config)
        if mounted is None:
            raise StorageError(errors.GENERIC, message=NOT_MOUNTED)
        return documents.srs_in_folders(Layout(model.flavour.padded_xml), list(mounted.srs(model)))

    async def create(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
        """Make a folder for the SR beside what is there."""
        mounted = await self._mounted(model, host, config)
        if mounted is None:
            raise StorageError(errors.SMB_MOUNT, message=f"{self.label} mount error [opterr={NOT_MOUNTED}]")
        folders.make_folder(model, mounted, sr.uuid, errors.SMB_CREATE)
        return folders.described(mounted, config)

    async def attach(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
        mounted = await self._mounted(model, host, config)
        if mounted is None or sr.uuid not in mounted.srs(model):
            raise StorageError(_ATTACH_FAILED, message=NOT_MOUNTED)
        folders.check_writable(mounted)
        return folders.described(mounted, config)

    async def destroy(self, model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
        """Only the SR's own folder goes."""
        mounted = await self._mounted(model, host, config)
        if mounted is not None:
            folders.remove_folder(model, mounted, sr.uuid)

    def is_there(self, model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG002 - as every driver takes them
        return self._found(model, config) is not None

    async def _mounted(self, model: Model, host: str, config: dict[str, str]) -> Mounted | None:
        """The file system, if this host may mount it; 102 without a server."""
        _server(config)
        await model.delays.spend(model.delays.mount)
        found = self._found(model, config)
        if found is None or not found[0].reached_by(caller(model, host)):
            return None
        cluster, export = found
        return Mounted(f"{cluster.name}:{export.path}", export.folder)

    def _found(self, model: Model, config: dict[str, str]) -> tuple[Cluster, Export] | None:
        """The first of several servers that is known answers for all of them."""
        server, path = _location(config)
        addresses = {address_of(model, name) for name in server.split(",")} - {None}
        for cluster in model.clusters:
            export = cluster.export_at(path)
            if cluster.type == self.type and cluster.address in addresses and export is not None:
                return cluster, export
        return None


def _server(config: dict[str, str]) -> str:
    server = config.get("server") or config.get("masterhost")
    if not server:
        raise StorageError(errors.SERVER_MISSING)
    return server


def _location(config: dict[str, str]) -> tuple[str, str]:
    """The server and the path: in keys of their own, or parted by a colon."""
    path = config.get("serverpath") or config.get("rootpath")
    if path is not None:
        return _server(config), path
    server, _, path = config.get("server", "").partition(":")
    return server, path
