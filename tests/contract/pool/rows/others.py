"""Probes of the types that only XCP-ng has, and their creates that fail; other flavours have no driver for them."""

from __future__ import annotations

from typing import Any, Literal

from tests.contract.pool.rows.disks import ROOT, SCRATCH, SCRATCH_SR
from tests.contract.pool.rows.documents import NO_SR
from tests.contract.pool.rows.row import EVERY, MOUNT_FAILED, XCPNG, Answer, Row, failure

LARGE = "/dev/disk/by-id/scsi-35000c500a1b2c3d9"
OLD = "7d2cb603-9e74-4b21-8faf-5b8e3a4f7c22"
_FILES = {
    "zfs": "ZFSSR.py, FileSR.py",
    "xfs": "XFSSR.py",
    "largeblock": "LargeBlockSR.py",
    "cephfs": "CephFSSR.py",
    "glusterfs": "GlusterFSSR.py",
    "moosefs": "MooseFSSR.py",
}
_LABELS = {"cephfs": "CephFS", "glusterfs": "GlusterFS", "moosefs": "MooseFS"}
_YOUNGEST = frozenset({"largeblock"})
_NO_SERVER = failure(102, "The request is missing the server parameter")
_NO_DEVICE = failure(90, "The request is missing the device parameter")
_CORE = (
    "Root system device, cannot be used for VM storage "
    f"[opterr=Device {ROOT} contains core system files, please use another device]"
)
_ON_OLD = (
    '<?xml version="1.0" ?>\n<SRlist>\n\t<SR>\n\t\t<UUID>' + OLD + "</UUID>\n\t</SR>\n</SRlist>\n"  # as minidom has it
)

Certainty = Literal["sure", "guessed"]


def _row(sr_type: str, what: str, method: str, arguments: tuple[Any, ...], answer: Answer, certainty: Certainty) -> Row:
    having = XCPNG[1:] if sr_type in _YOUNGEST else XCPNG
    unknown = {flavour: ["SR_UNKNOWN_DRIVER", sr_type] for flavour in EVERY if flavour not in having}
    source = f"XCP-ng's sm: {_FILES[sr_type]}"
    return Row(f"{sr_type}: {what}", method, arguments, answer, source, certainty, elsewhere=unknown)


def _probe(
    sr_type: str,
    what: str,
    config: dict[str, str],
    answer: Answer,
    certainty: Certainty = "sure",
    host: str = "$master",
) -> Row:
    return _row(sr_type, what, "SR.probe", (host, config, sr_type, {}), answer, certainty)


def _create(
    sr_type: str,
    what: str,
    config: dict[str, str],
    answer: Answer,
    certainty: Certainty = "sure",
    host: str = "$master",
) -> Row:
    arguments: tuple[Any, ...] = (host, config, "0", "new", "", sr_type, "user", False, {})
    return _row(sr_type, f"created: {what}", "SR.create", arguments, answer, certainty)


def _unmounted(sr_type: str, what: str, config: dict[str, str], host: str = "$master") -> tuple[Row, ...]:
    """The exception of a probe is caught by nobody: that its own words are told is a guess."""
    text = f"{_LABELS[sr_type]} mount error [opterr={MOUNT_FAILED}]"
    return (
        _probe(sr_type, what, config, failure(1200, MOUNT_FAILED), "guessed", host),
        _create(sr_type, what, config, failure(111, text), host=host),
    )


_CEPH = {"server": "ceph1.example", "serverpath": "/", "options": "name=admin,secretfile=/etc/ceph/admin.secret"}
_GLUSTER = {"server": "gluster1.example:/gv0"}
_MOOSE = {"masterhost": "mfsmaster.example", "rootpath": "/"}

OTHERS = (
    _probe("cephfs", "an empty path", _CEPH, NO_SR),
    _probe("cephfs", "one server of two", {**_CEPH, "server": "nowhere.example,10.0.4.9"}, NO_SR),
    _probe("cephfs", "an SR", {**_CEPH, "serverpath": "/old"}, _ON_OLD),
    _probe("cephfs", "no server", {"serverpath": "/"}, _NO_SERVER),
    _create("cephfs", "no server", {"serverpath": "/"}, _NO_SERVER),
    *_unmounted("cephfs", "no such path", {**_CEPH, "serverpath": "/none"}),
    *_unmounted("cephfs", "an unknown name", {**_CEPH, "server": "nowhere.example"}),
    _probe("glusterfs", "an empty volume", _GLUSTER, NO_SR),
    _probe("glusterfs", "no server", {}, _NO_SERVER),
    *_unmounted("glusterfs", "no such volume", {"server": "gluster1.example:/none"}),
    *_unmounted("glusterfs", "a host without a way to it", _GLUSTER, "$slave"),
    _probe("moosefs", "an empty path", _MOOSE, NO_SR),
    _probe("moosefs", "no server", {"rootpath": "/"}, _NO_SERVER),
    *_unmounted("moosefs", "the server of another cluster", {**_MOOSE, "masterhost": "ceph1.example"}),
    _probe("xfs", "no device", {}, _NO_DEVICE),
    _probe("xfs", "an SR of ext, which has the same prefix", {"device": SCRATCH}, SCRATCH_SR),
    _probe("xfs", "a blank disk", {"device": LARGE}, NO_SR),
    _create("xfs", "dom0's own disk", {"device": ROOT}, failure(105, _CORE)),
    _create("xfs", "sectors of 4 KiB", {"device": LARGE}, failure(77, "Logical Volume group creation failed")),
    _probe("largeblock", "an SR of ext looks blank", {"device": SCRATCH}, NO_SR),
    _create(
        "largeblock",
        "two devices",
        {"device": f"{LARGE},/dev/sdb"},
        failure(91, "The device is not a valid path [opterr=Multiple devices configuration is not supported]"),
    ),
    _create(
        "largeblock",
        "sectors of 512 bytes",
        {"device": "/dev/sdb"},
        failure(1200, "The logical blocksize of the device /dev/sdb is compatible with normal SR types"),
        "guessed",
    ),
    _probe(
        "zfs",
        "no probe",
        {"location": "/tank/vms"},
        ["SR_BACKEND_FAILURE", "Operation 'sr_probe' not supported by this SR type", "", ""],
    ),
    _create("zfs", "no location", {}, failure(94, "The request is missing the location parameter")),
    _create(
        "zfs",
        "no mount point of ZFS",
        {"location": "/tank"},
        failure(5000, "ZFS SR creation error [opterr=Cannot create SR, path is not a ZFS mountpoint]"),
    ),
)
