"""What a pool is made of before its first start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deploy.sandbox.pool.network.settings import Network
    from deploy.sandbox.pool.storage.arrays import Array
    from deploy.sandbox.pool.storage.disks.disk import Adapter, Disk
    from deploy.sandbox.pool.storage.files.servers import Cluster, NfsServer, SmbServer
    from deploy.sandbox.pool.storage.vdis import StoredVdi

Role = Literal["read-only", "client-cert", "vm-operator", "vm-admin", "vm-power-admin", "pool-operator", "pool-admin"]


@dataclass(frozen=True, slots=True)
class HostSpec:
    name: str
    address: str
    """The loopback address that it listens on."""
    iqn: str = ""
    multipathing: bool = False


@dataclass(frozen=True, slots=True)
class SrSpec:
    name: str
    type: str
    hosts: tuple[str, ...]
    """The names of the hosts that get an attached PBD."""
    uuid: str
    size: int
    used: int = 0
    description: str = ""
    content_type: str = "user"
    shared: bool = False
    attached: bool = True
    device_config: dict[str, str] = field(default_factory=dict)
    sm_config: dict[str, str] = field(default_factory=dict)
    other_config: dict[str, str] = field(default_factory=dict)
    unplugged: tuple[str, ...] = ()
    """The names of those of the hosts whose PBD isn't attached although the others' are."""
    vdis: tuple[StoredVdi, ...] = ()
    """What lies on its storage; the images of a library are its server's files."""


@dataclass(frozen=True, slots=True)
class VbdSpec:
    vdi: str = ""
    """The UUID of a disk that an attached SR holds; empty: a drive without a disk."""
    attached: bool = False
    type: Literal["Disk", "CD"] = "Disk"


@dataclass(frozen=True, slots=True)
class VmSpec:
    name: str
    vbds: tuple[VbdSpec, ...] = ()
    host: str = ""
    """The name of the host that it runs on; empty: it is halted, or suspended."""
    memory: str = ""
    """The UUID of the disk that its memory is on while it is suspended."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    pool: str
    hosts: tuple[HostSpec, ...]
    """The first is the master."""
    srs: tuple[SrSpec, ...]
    arrays: tuple[Array, ...]
    names: dict[str, str] = field(default_factory=dict)
    """What the storage network's name server knows: name to address."""
    users: tuple[tuple[str, Role], ...] = (("root", "pool-admin"),)
    nfs: tuple[NfsServer, ...] = ()
    smb: tuple[SmbServer, ...] = ()
    disks: tuple[Disk, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    iso_folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Folders in dom0, on every host, and the names of the disk images in them."""
    zfs_folders: tuple[str, ...] = ()
    """Folders in dom0, on every host, that ZFS is mounted on."""
    vms: tuple[VmSpec, ...] = ()
    stored: tuple[tuple[str, tuple[StoredVdi, ...]], ...] = ()
    """By the UUID of an SR that the pool doesn't know, the disks on its storage."""
    network: Network | None = None
    """How real storage is looked at; None: all of it is simulated."""
    smb_licensed: bool = False
    """Whether the pool's licence allows SRs on SMB, for releases that ask for one."""
