"""File servers: NFS exports and SMB shares, and which SRs and files lie in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from deploy.sandbox.pool.storage.arrays import with_tuples
from deploy.sandbox.pool.storage.names import Caller

_TEBIBYTE = 1024**4


@dataclass(frozen=True, slots=True)
class Folder:
    """What an export and a share have in common: a file system."""

    read_only: bool = False
    squashed: bool = False
    """Folders can be made in it, but files can't be written."""
    mkdir_error: int = 0
    """The errno that making a folder in it fails with."""
    unmounts: bool = False
    """Mounting it ends well, but it isn't mounted afterwards."""
    srs: tuple[str, ...] = ()
    """UUIDs of the SRs in it at the start, each a folder with files in it."""
    files: tuple[str, ...] = ()
    """Names of the disk images in it."""
    size: int = _TEBIBYTE
    """In bytes."""
    used: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    path: str
    """With a leading slash."""
    clients: tuple[str, ...] = ()
    """Names or addresses of the hosts that may mount it; empty is everybody."""
    folder: Folder = Folder()

    @property
    def access(self) -> str:
        """As showmount prints it."""
        return ",".join(self.clients) or "*"

    def admits(self, caller: Caller) -> bool:
        return not self.clients or caller.is_among(self.clients)


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    user: str = ""
    """Who may mount it; empty: guests may. Its password is in a file of the pool's."""
    domain: str = ""
    readable: bool = True
    """Whether who may mount it may also list what is in it."""
    folder: Folder = Folder()


@dataclass(frozen=True, slots=True)
class NfsServer:
    name: str
    address: str
    exports: tuple[Export, ...] = ()
    up: bool = True
    unreachable_from: tuple[str, ...] = ()
    """Names or addresses of the hosts that have no way to it."""
    versions: tuple[str, ...] = ("3", "4")
    showmount: bool = True
    """Whether it answers showmount, which servers of NFS 4 alone don't."""

    def reached_by(self, caller: Caller) -> bool:
        return self.up and not caller.is_among(self.unreachable_from)

    def speaks(self, version: str) -> bool:
        """4.1 and the like are versions of 4."""
        return version in self.versions or version[:1] in self.versions

    def export_at(self, path: str) -> Export | None:
        """NFS 4 lists paths without their slash."""
        wanted = "/" + path.strip("/")
        return next((export for export in self.exports if export.path == wanted), None)


@dataclass(frozen=True, slots=True)
class SmbServer:
    name: str
    address: str
    shares: tuple[Share, ...] = ()
    up: bool = True
    unreachable_from: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ("1.0", "3.0")

    def reached_by(self, caller: Caller) -> bool:
        return self.up and not caller.is_among(self.unreachable_from)

    def share_named(self, name: str) -> Share | None:
        """Names are the same in any case."""
        return next((share for share in self.shares if share.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's file system, reached through one of its servers."""

    type: Literal["cephfs", "glusterfs", "moosefs"]
    name: str
    address: str
    exports: tuple[Export, ...] = ()
    """What can be mounted: paths, or volumes of gluster with a slash."""
    up: bool = True
    unreachable_from: tuple[str, ...] = ()

    def reached_by(self, caller: Caller) -> bool:
        return self.up and not caller.is_among(self.unreachable_from)

    def export_at(self, path: str) -> Export | None:
        return next((export for export in self.exports if export.path == path), None)


def cluster_from_json(body: dict[str, Any]) -> Cluster:
    """The cluster that `dataclasses.asdict` made this of."""
    return Cluster(**with_tuples({**body, "exports": _exports(body)}, "unreachable_from"))


def _exports(body: dict[str, Any]) -> tuple[Export, ...]:
    return tuple(Export(**with_tuples(_with_folder(one), "clients")) for one in body.get("exports", ()))


def nfs_from_json(body: dict[str, Any]) -> NfsServer:
    """The server that `dataclasses.asdict` made this of."""
    return NfsServer(**with_tuples({**body, "exports": _exports(body)}, "unreachable_from", "versions"))


def smb_from_json(body: dict[str, Any]) -> SmbServer:
    shares = tuple(Share(**_with_folder(one)) for one in body.get("shares", ()))
    return SmbServer(**with_tuples({**body, "shares": shares}, "unreachable_from", "dialects"))


def _with_folder(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "folder": Folder(**with_tuples(body.get("folder", {}), "srs", "files"))}
