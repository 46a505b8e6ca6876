"""The storage of the pool xenct besides its arrays: file servers, Fibre Channel LUNs, local disks."""

from __future__ import annotations

from deploy.sandbox.pool.storage.arrays import Content
from deploy.sandbox.pool.storage.disks.disk import Adapter, Disk, Port
from deploy.sandbox.pool.storage.files.servers import Cluster, Export, Folder, NfsServer, Share, SmbServer

_GIB = 1024**3
_ONE, _OTHER = "xenct-xen1", "xenct-xen2"
NAMES = {
    "nas.example": "10.0.4.5",
    "nfs4.example": "10.0.4.6",
    "down.example": "10.0.4.7",
    "files.example": "10.0.4.8",
    "ceph1.example": "10.0.4.9",
    "gluster1.example": "10.0.4.10",
    "mfsmaster.example": "10.0.4.11",
}
_IMAGES = ("debian-12.5.0-amd64-netinst.iso", "Rocky-9.4-x86_64-minimal.iso", "notes.txt")
ISO_FOLDERS = {"/opt/xensource/packages/iso": (), "/srv/isos": _IMAGES}
ZFS_FOLDERS = ("/tank/vms",)


def nfs_servers() -> tuple[NfsServer, ...]:
    return (_nas(), _nfs4_only(), NfsServer("down", NAMES["down.example"], up=False))


def _nas() -> NfsServer:
    exports = (
        Export("/export/iso", folder=Folder(files=_IMAGES, size=500 * _GIB, used=87 * _GIB)),
        Export("/export/vms", folder=Folder(size=8192 * _GIB, used=1300 * _GIB)),
        Export("/export/old", folder=Folder(srs=("5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10",), size=2048 * _GIB)),
        Export("/export/one-host", clients=(_ONE,)),
        Export("/export/read-only", folder=Folder(read_only=True)),
        Export("/export/squashed", folder=Folder(squashed=True)),
        Export("/export/full", folder=Folder(mkdir_error=28)),
    )
    return NfsServer("nas", NAMES["nas.example"], exports)


def _nfs4_only() -> NfsServer:
    """It has no rpcbind to ask."""
    exports = (Export("/vms"), Export("/images", folder=Folder(files=_IMAGES)))
    return NfsServer("nfs4", NAMES["nfs4.example"], exports, versions=("4",), showmount=False)


def smb_servers() -> tuple[SmbServer, ...]:
    shares = (
        Share("iso", user="backup", domain="LAB", folder=Folder(files=_IMAGES)),
        Share("vms", user="backup", domain="LAB"),
        Share("public", folder=Folder(files=_IMAGES)),
        Share("secret", user="backup", domain="LAB", readable=False),
        Share("old", folder=Folder(srs=("6c1ba5f2-8d63-4a10-9e9f-4a7d2f3e6b11",))),
        Share("read-only", folder=Folder(read_only=True)),
        Share("denied", folder=Folder(mkdir_error=13)),
        Share("gone", folder=Folder(unmounts=True)),
    )
    return (SmbServer("files", NAMES["files.example"], shares),)


def clusters() -> tuple[Cluster, ...]:
    held = Folder(srs=("7d2cb603-9e74-4b21-8faf-5b8e3a4f7c22",))
    ceph = (Export("/"), Export("/old", folder=held))
    return (
        Cluster("cephfs", "ceph", NAMES["ceph1.example"], ceph),
        Cluster("glusterfs", "gluster", NAMES["gluster1.example"], (Export("/gv0"),), unreachable_from=(_OTHER,)),
        Cluster("moosefs", "moose", NAMES["mfsmaster.example"], (Export("/"),)),
    )


def adapters() -> tuple[Adapter, ...]:
    qlogic = "QLogic Fibre Channel HBA Driver"
    return (
        Adapter("host7", "qla2xxx", qlogic, (_ONE,), Port("0x20000024ff8a1c70", "0x21000024ff8a1c70")),
        Adapter("host8", "qla2xxx", qlogic, (_ONE,), Port("0x20000024ff8a1c71", "0x21000024ff8a1c71")),
        Adapter("host7", "qla2xxx", qlogic, (_OTHER,), Port("0x20000024ff8a2d80", "0x21000024ff8a2d80")),
    )


def disks() -> tuple[Disk, ...]:
    return (*_fibre_channel(), *_local())


def _fibre_channel() -> tuple[Disk, ...]:
    old = Content("sr", "8e3dc714-af85-4c32-b0b1-6c9f415a8d13", "fc-archive", "Kept from the last pool")
    return (
        _fc_lun(0, 500, ("sdc", "sdg"), Content()),
        _fc_lun(1, 1000, ("sdd", "sdh"), old),
        _fc_lun(2, 250, ("sde",), Content("vmfs"), (_ONE,)),
    )


def _fc_lun(lun: int, size: int, names: tuple[str, ...], content: Content, hosts: tuple[str, ...] = ()) -> Disk:
    return Disk(
        scsi_id=f"360060e8007c3a0000030c3a0000010{lun:02x}",
        size=size * _GIB,
        bus="hba",
        hosts=hosts,
        names=names,
        vendor="HITACHI",
        serial=f"50 0C3A0 10{lun:02X}".replace(" ", ""),
        adapter=7,
        lun=lun,
        hba="qla2xxx",
        content=content,
    )


def _local() -> tuple[Disk, ...]:
    root = Disk(
        "36c81f660e8d0fd001d0c2d2f0a2f3b4c", 480 * _GIB, hosts=(_ONE, _OTHER), names=("sda",), boots=(_ONE, _OTHER)
    )
    old = Content("local-ext", "9f4ed825-b096-4d43-81c2-7da0526b9e14", "Scratch")
    return (
        root,
        Disk("35000c500a1b2c3d1", 960 * _GIB, hosts=(_ONE,), vendor="SEAGATE", serial="ZC1A0001"),
        Disk("35000c500a1b2c3d2", 960 * _GIB, hosts=(_OTHER,), vendor="SEAGATE", serial="ZC1A0002"),
        Disk("35000c500a1b2c3d9", 1920 * _GIB, hosts=(_ONE,), names=("sdi",), block_size=4096),
        Disk("35000c500a1b2c3d3", 960 * _GIB, hosts=(_ONE,), names=("sdf",), content=old),
    )
