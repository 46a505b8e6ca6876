"""Plugging the PBD of a local SR that was introduced: what is on the device of the host decides.

`arguments` are the UUID and the type under which it is introduced, the host of its PBD and its
device; the answer is that of PBD.plug.
"""

from __future__ import annotations

from typing import Literal

from tests.contract.pool.rows.disks import SCRATCH
from tests.contract.pool.rows.row import XCPNG, Answer, Row, failure

XAPI_PBD = "xapi: xapi_pbd.ml plug"
EXT_SM, LVM_SM, XFS_SM = "sm: EXTSR.py attach", "sm: LVHDSR.py attach", "xcp-ng: sm: XFSSR.py attach"
SCRATCH_SR = "9f4ed825-b096-4d43-81c2-7da0526b9e14"
NOBODYS = "11111111-1f9b-4b52-8c17-55aa02f6d404"
BLANK = "/dev/disk/by-id/scsi-35000c500a1b2c3d1"
ONE, OTHER = "xenct-xen1", "xenct-xen2"
_NOT_ACTIVATED = failure(52, "Logical Volume mount/activate error [opterr=Unable to activate LV. Errno is 5]")
_LACKED = ["SR_UNKNOWN_DRIVER", "xfs"]


def _no_group(uuid: str) -> Answer:
    return failure(47, f"The SR is not available [opterr=no such volume group: VG_XenStorage-{uuid}]")


def _row(
    name: str,
    uuid: str,
    sr_type: str,
    answer: Answer,
    source: str,
    certainty: Literal["sure", "guessed"] = "sure",
    *,
    host: str = ONE,
    device: str = SCRATCH,
) -> Row:
    return Row(f"introduced: {name}", "PBD.plug", (uuid, sr_type, host, device), answer, source, certainty)


INTRODUCED = (
    _row("ext, as it is on the device", SCRATCH_SR, "ext", "", EXT_SM),
    _row("ext, its type in capitals", SCRATCH_SR, "EXT", "", "xapi: xapi_sr.ml introduce"),
    _row("ext, by another UUID", NOBODYS, "ext", _NOT_ACTIVATED, EXT_SM),
    _row("ext, on a device without any SR", SCRATCH_SR, "ext", _NOT_ACTIVATED, EXT_SM, "guessed", device=BLANK),
    _row("ext, on a host that does not have the disk", SCRATCH_SR, "ext", _NOT_ACTIVATED, EXT_SM, host=OTHER),
    _row("what is ext, as lvm", SCRATCH_SR, "lvm", _no_group(SCRATCH_SR), LVM_SM),
    _row("lvm, by another UUID", NOBODYS, "lvm", _no_group(NOBODYS), LVM_SM),
    _row("lvm, on a host that does not have the disk", NOBODYS, "lvm", _no_group(NOBODYS), LVM_SM, host=OTHER),
    Row(
        "introduced: what is ext, as xfs: its volume group has the same name, and mount finds out",
        "PBD.plug",
        (SCRATCH_SR, "xfs", ONE, SCRATCH),
        _LACKED,
        XFS_SM,
        "guessed",
        dict.fromkeys(XCPNG, ""),
    ),
)
"""That another device than the SR's own is refused is a guess: the drivers look for its volume group by name alone."""
