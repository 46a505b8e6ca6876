"""The pool that is there out of the box: two hosts, arrays, file servers, disks, and some addresses that go wrong."""

from __future__ import annotations

from functools import cache

from deploy.sandbox.pool.scenario import disks, storage
from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario, SrSpec
from deploy.sandbox.pool.storage.arrays import Array, Content, Lun, Portal, Target

_GIB = 1024**3
_IQN_1 = "iqn.2026-01.com.example:xenct-xen1"
_IQN_2 = "iqn.2026-01.com.example:xenct-xen2"
_NETAPP_IQN = "iqn.1992-08.com.netapp:sn.4082369311:vs.3"
_NETAPP_PORTALS = ("10.0.1.11", "10.0.1.12", "10.0.1.13", "10.0.1.14")
_NETAPP_LUN_IDS = (*range(58), 256, 300)
_NETAPP_IN_USE = {
    0: ("netapp-gold", "0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101"),
    1: ("netapp-silver", "3f0d9be4-94c6-4f6b-8a43-7d0b6c1fe202"),
    2: ("netapp-vdi", "a8e2f7c1-5b3d-4c8e-b7a9-91d4e0c5b303"),
}
_NETAPP_VDIS = {0: disks.GOLD, 1: disks.SILVER, 2: disks.DESKTOPS}
_DETACHED = Content("sr", "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404", "old-projects", "Projects until 2024")
_FOREIGN = {7: _DETACHED, 9: Content("vmfs"), 10: Content("ext4"), 12: Content("partition-table")}
_WITHOUT_SERIAL = 11
_MANY = 10_000
_BOTH = ("xenct-xen1", "xenct-xen2")
_NETAPP_UNPLUGGED = {2: _BOTH[1:]}


@cache
def xenct() -> Scenario:
    return Scenario(
        pool="xenct",
        hosts=(HostSpec("xenct-xen1", "127.0.0.1", _IQN_1), HostSpec("xenct-xen2", "127.0.0.2", _IQN_2)),
        srs=(*_local_srs(), _iso_library(), *(_netapp_sr(lun_id) for lun_id in _NETAPP_IN_USE)),
        arrays=(
            _equallogic(),
            _netapp(),
            _ten_thousand(),
            _without_lun(),
            _one_host_refused(),
            _over_ipv6(),
            _booted_from(),
            _shows_itself(),
            _of_two_controllers(),
        ),
        names={"san.example": "10.0.0.5", "netapp.example": "10.0.1.11", **storage.NAMES},
        users=(("root", "pool-admin"), ("operator", "pool-operator"), ("auditor", "read-only")),
        nfs=storage.nfs_servers(),
        smb=storage.smb_servers(),
        disks=storage.disks(),
        adapters=storage.adapters(),
        vms=disks.vms(running_on=_BOTH[0]),
        stored=((_DETACHED.sr_uuid, disks.PROJECTS),),
        clusters=storage.clusters(),
        iso_folders=storage.ISO_FOLDERS,
        zfs_folders=storage.ZFS_FOLDERS,
    )


def _equallogic() -> Array:
    iqn = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
    lun = Lun(0, "36090a028b04a9a0def60353420006046", 107379425280, vendor="EQLOGIC")
    target = Target(iqn, (lun,), chap_user="tecmint")
    return Array("equallogic", (Portal("10.0.0.5"),), (target,), discovery_chap_user="tecmint")


def _netapp() -> Array:
    luns = tuple(_netapp_lun(lun_id) for lun_id in _NETAPP_LUN_IDS)
    return Array("netapp", tuple(Portal(address) for address in _NETAPP_PORTALS), (Target(_NETAPP_IQN, luns),))


def _netapp_lun(lun_id: int) -> Lun:
    serial = "" if lun_id == _WITHOUT_SERIAL else f"80E4XkKJ{lun_id:04d}"
    size = (100 + 50 * (lun_id % 9)) * _GIB
    content = _FOREIGN.get(lun_id, Content())
    if lun_id in _NETAPP_IN_USE:
        name, uuid = _NETAPP_IN_USE[lun_id]
        content = Content("sr", uuid, name)
    return Lun(lun_id, _netapp_scsi_id(lun_id), size, "NETAPP", serial, content)


def _netapp_scsi_id(lun_id: int) -> str:
    return f"3600a098038304558{0x6B2B4A4A00000000 + lun_id:016x}"


def _netapp_sr(lun_id: int) -> SrSpec:
    name, uuid = _NETAPP_IN_USE[lun_id]
    scsi_id = _netapp_scsi_id(lun_id)
    config = {"target": _NETAPP_PORTALS[0], "targetIQN": _NETAPP_IQN, "port": "3260", "SCSIid": scsi_id}
    return SrSpec(
        name=name,
        type="lvmoiscsi",
        hosts=_BOTH,
        uuid=uuid,
        size=(100 + 50 * lun_id) * _GIB - 12 * 1024**2,
        used=(20 + 15 * lun_id) * _GIB,
        description=f"iSCSI SR [{_NETAPP_PORTALS[0]} ({_NETAPP_IQN}; LUN {lun_id})]",
        shared=True,
        unplugged=_NETAPP_UNPLUGGED.get(lun_id, ()),
        vdis=_NETAPP_VDIS[lun_id],
        device_config=config,
        sm_config={"allocation": "thick", "use_vhd": "true", "devserial": f"scsi-{scsi_id}"},
    )


def _ten_thousand() -> Array:
    targets = tuple(_one_of_many(number) for number in range(1, _MANY + 1))
    return Array("lefthand", (Portal("10.0.2.5"),), targets)


def _one_of_many(number: int) -> Target:
    lun = Lun(0, f"36000eb33172345e5{number:016x}", 50 * _GIB, "LEFTHAND", f"LH{number:08d}")
    return Target(f"iqn.2003-10.com.lefthandnetworks:sanfarm:{number}:volume-{number:05d}", (lun,))


def _without_lun() -> Array:
    target = Target("iqn.2005-10.org.freenas.ctl:unmapped")
    return Array("unmapped", (Portal("10.0.3.5"),), (target,))


def _one_host_refused() -> Array:
    lun = Lun(0, "36589cfc000000a1b2c3d4e5f60718293", 200 * _GIB, "TrueNAS", "9eaa3945813f0006")
    target = Target("iqn.2005-10.org.freenas.ctl:onlyxen1", (lun,), refused=(_IQN_2,))
    return Array("one-host-refused", (Portal("10.0.3.6"),), (target,))


def _over_ipv6() -> Array:
    lun = Lun(0, "36001405c0ffee0005a1ad10000000005", 80 * _GIB, "LIO-ORG", "c0ffee00-5a1a-4d10")
    target = Target("iqn.2003-01.org.linux-iscsi.nas6.x8664:sn.5a1ad1000005", (lun,))
    return Array("over-ipv6", (Portal("fd00:10::5", 3261),), (target,))


def _booted_from() -> Array:
    """Both hosts' dom0 is on the first LUN; the devices of the others don't come up."""
    root = Lun(0, "36589cfc00000b00700000000000000f0", 80 * _GIB, "TrueNAS", "boot0000", boots=_BOTH)
    gone = Lun(1, "36589cfc00000b00700000000000000f1", 100 * _GIB, "TrueNAS", "boot0001", device="gone")
    late = Lun(2, "36589cfc00000b00700000000000000f2", 100 * _GIB, "TrueNAS", "boot0002", device="late")
    target = Target("iqn.2005-10.org.freenas.ctl:boot", (root, gone, late))
    return Array("booted-from", (Portal("10.0.3.7"),), (target,))


def _local_srs() -> tuple[SrSpec, ...]:
    return (
        _disk("xenct-xen1", "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c505", 41 * _GIB),
        _disk("xenct-xen2", "c94f6b13-7a02-4ad9-8f2e-60c5d3e1b606", 12 * _GIB),
        _dvd("xenct-xen1", "d0a15f77-3c84-4b6f-a1d8-7e92c4b3a707"),
        _dvd("xenct-xen2", "e1b26a88-4d95-4c70-b2e9-8fa3d5c4b808"),
    )


def _disk(host: str, uuid: str, used: int) -> SrSpec:
    config = {"device": "/dev/disk/by-id/scsi-36c81f660e8d0fd001d0c2d2f0a2f3b4c-part3"}
    return SrSpec("Local storage", "lvm", (host,), uuid, 458 * _GIB, used, device_config=config)


def _dvd(host: str, uuid: str) -> SrSpec:
    return SrSpec(
        "DVD drives",
        "udev",
        (host,),
        uuid,
        size=1073741312,
        used=1073741312,
        description="Physical DVD drives",
        content_type="iso",
        device_config={"location": "/dev/xapi/cd"},
        sm_config={"type": "cd"},
    )


def _iso_library() -> SrSpec:
    return SrSpec(
        "ISO library",
        "iso",
        _BOTH,
        "f2c37b99-5ea6-4d81-83fa-90b4e6d5c909",
        size=500 * _GIB,
        used=87 * _GIB,
        content_type="iso",
        shared=True,
        device_config={"location": "nas.example:/export/iso", "type": "nfs_iso"},
        sm_config={"iso_type": "nfs_iso"},
        other_config={"auto-scan": "true"},
    )


def _shows_itself() -> Array:
    """It wants CHAP both ways."""
    lun = Lun(0, "36e843b6c0a1d2e3f4a5bd4c6d8d9eadb", 150 * _GIB, "QNAP", "c0a1d2e3-f4a5")
    target = Target("iqn.2004-04.com.qnap:ts-453d:iscsi.vms.c0a1d2", (lun,), chap_user="tecmint", mutual_user="qnap")
    return Array("shows-itself", (Portal("10.0.3.8"),), (target,))


def _of_two_controllers() -> Array:
    """Each controller is a target of its own with a portal of its own, and both show the same LUNs."""
    luns = tuple(Lun(number, f"3600c0ff000{number:022x}", 250 * _GIB, "HPE", f"msa{number:08d}") for number in (1, 2))
    controllers = ("a", "10.0.3.9"), ("b", "10.0.3.10")
    targets = tuple(Target(f"iqn.1986-03.com.hp:storage.msa.{name}", luns, portals=(at,)) for name, at in controllers)
    return Array("two-controllers", tuple(Portal(at) for _, at in controllers), targets)
