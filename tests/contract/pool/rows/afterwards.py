"""What comes after creating an SR: scanning, renaming, unplugging, forgetting, destroying, and the disks in it.

`$sr` is the SR on which a VM runs, `$pbd` its PBD on the master and `$vdi` the disk that the VM has open; `$silver` is
attached and has disks that nobody uses, `$pool` the pool, `$image` an image of the library `$library`.
"""

from __future__ import annotations

from tests.contract.pool.rows.row import SERVER, XAPI_SR, Row

_OPERATIONS = "xapi: xapi_sr_operations.ml"
_PBD = "xapi: xapi_pbd.ml"
_VDI = "xapi: xapi_vdi.ml check_operation_error"
_GONE = "OpaqueRef:no"

AFTERWARDS = (
    Row("an SR on which a VM runs, unplugged", "PBD.unplug", ("$pbd",), ["VDI_IN_USE", "$vdi"], _PBD),
    Row("a PBD that is gone, unplugged", "PBD.unplug", (_GONE,), ["HANDLE_INVALID", "PBD", _GONE], SERVER),
    Row("a PBD that is plugged, plugged", "PBD.plug", ("$pbd",), "", _PBD),
    Row(
        "a PBD that is plugged, destroyed",
        "PBD.destroy",
        ("$pbd",),
        ["OPERATION_NOT_ALLOWED", "PBD is currently attached"],
        _PBD,
    ),
    Row(
        "a second PBD of a host",
        "PBD.create",
        ({"host": "$master", "SR": "$sr", "device_config": {"SRmaster": "true"}},),
        ["PBD_EXISTS", "$sr", "$master", "$pbd"],
        _PBD,
    ),
    Row(
        "an internal key in a device_config",
        "PBD.set_device_config",
        ("$pbd", {"SRmaster": "true"}),
        ["VALUE_NOT_SUPPORTED", "SRmaster", "true", "This key is for internal use only"],
        _PBD,
    ),
    Row("attached, with disks, destroyed", "SR.destroy", ("$silver",), ["SR_HAS_PBD", "$silver"], _OPERATIONS),
    Row("attached, with disks, forgotten", "SR.forget", ("$silver",), ["SR_HAS_PBD", "$silver"], _OPERATIONS),
    Row("an SR that is gone, destroyed", "SR.destroy", (_GONE,), ["HANDLE_INVALID", "SR", _GONE], SERVER),
    Row("an SR that is gone, forgotten", "SR.forget", (_GONE,), ["HANDLE_INVALID", "SR", _GONE], SERVER),
    Row("a scan", "SR.scan", ("$silver",), "", XAPI_SR),
    Row("an update", "SR.update", ("$silver",), "", XAPI_SR),
    Row("a description", "SR.set_name_description", ("$silver", ""), "", XAPI_SR),
    Row(
        "a label that is no text", "SR.set_name_label", ("$silver", 5), ["FIELD_TYPE_ERROR", "value"], SERVER, "guessed"
    ),
    Row("shared, again", "SR.set_shared", ("$silver", True), "", XAPI_SR),
    Row("a default SR", "pool.set_default_SR", ("$pool", "$silver"), "", SERVER),
    Row(
        "a default SR that is gone",
        "pool.set_default_SR",
        ("$pool", _GONE),
        ["HANDLE_INVALID", "SR", _GONE],
        SERVER,
        "guessed",
    ),
    Row("a disk that a VM has open, destroyed", "VDI.destroy", ("$vdi",), ["VDI_IN_USE", "$vdi", "destroy"], _VDI),
    Row(
        "an image, destroyed",
        "VDI.destroy",
        ("$image",),
        ["SR_OPERATION_NOT_SUPPORTED", "$library"],
        _VDI,
        "guessed",
    ),
    Row("a disk that is gone", "VDI.get_record", (_GONE,), ["HANDLE_INVALID", "VDI", _GONE], SERVER),
    Row("a disk of an unknown uuid", "VDI.get_by_uuid", ("no",), ["UUID_INVALID", "VDI", "no"], SERVER),
    Row("a size is text", "VDI.get_virtual_size", ("$vdi",), "10737418240", SERVER),
    Row("a disk's SR", "VDI.get_SR", ("$vdi",), "$sr", SERVER),
    Row("a disk's other_config", "VDI.get_other_config", ("$vdi",), {}, SERVER),
    Row("a VM that is gone", "VM.get_name_label", (_GONE,), ["HANDLE_INVALID", "VM", _GONE], SERVER),
    Row(
        "a VBD has no name",
        "VBD.get_by_name_label",
        ("x",),
        ["MESSAGE_METHOD_UNKNOWN", "VBD.get_by_name_label"],
        SERVER,
    ),
)
