"""The storage drivers that a pool has: their SM records, with the keys that they document.

Source: sm: the DRIVER_INFO of each driver and its CONFIGURATION.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.state.objects import Record

_DISK = ("SR_PROBE", "SR_UPDATE", "VDI_CREATE", "VDI_DELETE", "VDI_ATTACH", "VDI_DETACH", "VDI_RESIZE", "VDI_CLONE")
_ZFS = tuple(feature for feature in _DISK if feature != "SR_PROBE")
_ISO = ("VDI_CREATE", "VDI_DELETE", "VDI_ATTACH", "VDI_DETACH", "SR_SCAN", "SR_ATTACH", "SR_DETACH")
_CHAP = {
    "chapuser": "The username to be used during CHAP authentication",
    "chappassword": "The password to be used during CHAP authentication",
    "incoming_chapuser": "The incoming username to be used during bi-directional CHAP authentication (optional)",
    "incoming_chappassword": "The incoming password to be used during bi-directional CHAP authentication (optional)",
}
_ISCSI = {
    "SCSIid": "The scsi_id of the destination LUN",
    "target": "IP address or hostname of the iSCSI target",
    "targetIQN": "The IQN of the target LUN group to be attached",
    **_CHAP,
    "port": "The network port number on which to query the target",
    "multihomed": "Enable multi-homing to this target, true or false "
    "(optional, defaults to same value as host.other_config:multipathing)",
    "usediscoverynumber": "The specific iscsi record index to use. (optional)",
    "allocation": "Valid values are thick or thin (optional, defaults to thick)",
}


@dataclass(frozen=True, slots=True)
class Driver:
    type: str
    name: str
    description: str
    features: tuple[str, ...] = _DISK
    configuration: dict[str, str] | None = None


_HBA = {
    "SCSIid": "The scsi_id of the destination LUN",
    "allocation": "Valid values are thick or thin (optional, defaults to thick)",
}
_NFS = {
    "server": "hostname or IP address of NFS server (required)",
    "serverpath": "path on remote server (required)",
    "nfsversion": "for protocol version 3 (NFSv3), 4 or 4.1",
}
_ISO_KEYS = {
    "location": "path to mount (required) (e.g. server:/path)",
    "options": "extra options to pass to mount (deprecated) (e.g. '-o ro')",
    "type": "cifs or nfs_iso",
    "nfsversion": "for NFS ISO type, NFS protocol version - 3, 4, 4.0 (optional)",
}
_SMB = {
    "server": "Full path to share root on SMB server (required)",
    "username": "The username to be used during SMB authentication",
    "password": "The password to be used during SMB authentication",
}
_DEVICE = {"device": "local device path (required) (e.g. /dev/sda3)"}
_LOCATION = {"location": "path to mount (required) (e.g. server:/path)"}
_DIRECTORY = {"location": "local directory path (required)"}
_GFS2 = {"provider": "Block device provider: iscsi or hba"}
_LVS = "SR plugin which represents disks as LVs within a VG on"
_VHDS = "SR plugin which stores disks as VHD files on"

DRIVERS = (
    Driver("lvmoiscsi", "LVM over iSCSI", f"{_LVS} an iSCSI LUN", configuration=_ISCSI),
    Driver("lvmohba", "LVM over FC", f"{_LVS} an HBA LUN", configuration=_HBA),
    Driver("nfs", "NFS VHD", f"{_VHDS} a remote NFS filesystem", configuration=_NFS),
    Driver("iso", "ISO", "Handles CD images stored as files in iso format", _ISO, _ISO_KEYS),
    Driver("udev", "udev", "SR plugin which represents devices plugged in via udev as VDIs", _ISO, _LOCATION),
    Driver("lvm", "Local LVM", f"{_LVS} a locally-attached block device", configuration=_DEVICE),
    Driver("ext", "Local EXT VHD", f"{_VHDS} a local filesystem", configuration=_DEVICE),
    Driver("file", "Local Path VHD", f"{_VHDS} a local path", configuration=_DIRECTORY),
)
_FCOE = {"SCSIid": "The scsi_id of the destination LUN", "path": "The path of the destination LUN"}
_CEPHFS = {
    "server": 'Ceph server(s) (required, ex: "192.168.0.12" or "10.10.10.10,10.10.10.26")',
    "serverpath": 'Ceph FS path (required, ex: "/")',
    "serverport": "ex: 6789",
    "options": 'Ceph FS client name, and secretfile (required, ex: "name=admin,secretfile=/etc/ceph/admin.secret")',
}
_GLUSTERFS = {
    "server": 'Full path to share on gluster server (required, ex: "192.168.0.12:/gv0")',
    "backupservers": "list of servers separated by ':'",
    "fetchattempts": "number of attempts to fetch files before switching to the backup server",
}
_MOOSEFS = {
    "masterhost": 'MooseFS Master Server hostname or IP address (required, e.g.: "mfsmaster.local.lan")',
    "masterport": "MooseFS Master Server port, default: 9421",
    "rootpath": 'MooseFS path (required, e.g.: "/")',
    "options": 'MooseFS Client additional options (e.g.: "mfspassword=PASSWORD,mfstimeout=300")',
}
_LINSTOR = {
    "group-name": "LVM group name",
    "redundancy": "replication count",
    "provisioning": '"thin" or "thick" are accepted (optional, defaults to thin)',
    "monitor-db-quorum": "disable controller when only one host is online (optional, defaults to true)",
}
SOMEWHERE = (
    Driver("smb", "SMB", f"{_VHDS} a remote SMB filesystem", configuration=_SMB),
    Driver("gfs2", "GFS2", "GFS2 cluster volumes", configuration=_GFS2),
    Driver("lvmofcoe", "LVM over FCoE", f"{_LVS} a FCoE LUN", configuration=_FCOE),
    Driver("zfs", "Local ZFS VHD", f"{_VHDS} a ZFS disk", _ZFS, _DIRECTORY),
    Driver("xfs", "Local XFS VHD", f"{_VHDS} a local XFS filesystem", configuration=_DEVICE),
    Driver("largeblock", "Largeblock SR", f"{_VHDS} a local filesystem with 4 KiB sectors", configuration=_DEVICE),
    Driver("cephfs", "CephFS VHD", f"{_VHDS} a CephFS storage", configuration=_CEPHFS),
    Driver("glusterfs", "GlusterFS VHD", f"{_VHDS} a GlusterFS storage", configuration=_GLUSTERFS),
    Driver("moosefs", "MooseFS VHD", f"{_VHDS} a MooseFS storage", configuration=_MOOSEFS),
    Driver("linstor", "LINSTOR resources on XCP-ng", "SR plugin which uses Linstor", configuration=_LINSTOR),
)
"""Those that only some flavours have."""
# The older names by which the LVM drivers still answer. Source: sm: drivers/lvhdoiscsi.
ALIASES = {"lvhdoiscsi": "lvmoiscsi", "lvhdohba": "lvmohba", "lvhd": "lvm"}


def drivers_of(flavour: Flavour) -> dict[str, Driver]:
    some = (row for row in SOMEWHERE if row.type in flavour.extra_types)
    rows = {row.type: row for row in (*DRIVERS, *some)}
    return {**rows, **{alias: rows[name] for alias, name in ALIASES.items()}}


def sm_record(driver: Driver) -> Record:
    return {
        "name_label": driver.name,
        "name_description": driver.description,
        "type": driver.type,
        "vendor": "Citrix Systems Inc",
        "copyright": "(C) 2008 Citrix Systems Inc",
        "version": "1.0",
        "required_api_version": "1.0",
        "configuration": driver.configuration or {},
        "capabilities": list(driver.features),
        "features": dict.fromkeys(driver.features, 1),
        "driver_filename": f"/opt/xensource/sm/{driver.type.upper()}SR",
    }
