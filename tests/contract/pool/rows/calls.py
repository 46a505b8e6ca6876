# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""Calls that are not probes: what the server checks, drivers that have nothing behind them, creating lvmoiscsi.

`$master`, `$slave` and `$sr` stand for references, `$secret` for the uuid of a secret with the EqualLogic's password.
"""

from __future__ import annotations

from typing import Any

from tests.contract.pool.rows.documents import LUN_WITHOUT_SERIAL, TARGETS
from tests.contract.pool.rows.probes import BOOT, CHAP
from tests.contract.pool.rows.row import (
    IQN_MISSING_TEXT,
    LOGIN_TEXT,
    SCSI_ID_TEXT,
    SERVER,
    SM,
    XAPI_SR,
    XCPNG,
    Row,
    failure,
)
from tests.contract.pool.wire_client import (
    EQUALLOGIC,
    EQUALLOGIC_IQN,
    NETAPP,
    ONLY_XEN1,
    netapp,
)

BOOT_LUN = "36589cfc00000b00700000000000000f0"
_NEW: tuple[Any, ...] = ("0", "new", "", "lvmoiscsi", "user", True, {})
_EXPECTED_NINE = ["MESSAGE_PARAMETER_COUNT_MISMATCH", "SR.create", "8", "1"]

CALLS = (
    Row("unknown method", "SR.explode", (), ["MESSAGE_METHOD_UNKNOWN", "SR.explode"], SERVER),
    Row("no async getter", "Async.SR.get_uuid", ("$sr",), ["MESSAGE_METHOD_UNKNOWN", "Async.SR.get_uuid"], SERVER),
    Row("too few arguments", "SR.create", ("$master",), _EXPECTED_NINE, SERVER, "guessed"),
    Row(
        "too many arguments",
        "SR.get_uuid",
        ("$sr", "more"),
        ["MESSAGE_PARAMETER_COUNT_MISMATCH", "SR.get_uuid", "1", "2"],
        SERVER,
        "guessed",
    ),
    Row("a wrong type", "SR.set_name_label", ("$sr", 5), ["FIELD_TYPE_ERROR", "value"], SERVER, "guessed"),
    Row(
        "a value that is no string",
        "SR.probe",
        ("$master", {"target": NETAPP, "port": 3260}, "lvmoiscsi", {}),
        ["FIELD_TYPE_ERROR", "device_config"],
        SERVER,
        "guessed",
    ),
    Row(
        "a text for a boolean",
        "SR.create",
        ("$master", {}, "0", "n", "", "lvmoiscsi", "", "true"),
        ["FIELD_TYPE_ERROR", "shared"],
        SERVER,
        "guessed",
    ),
    Row(
        "a size that is no number",
        "SR.create",
        ("$master", {}, "big", "n", "", "lvmoiscsi", "", True),
        ["FIELD_TYPE_ERROR", "physical_size"],
        SERVER,
        "guessed",
    ),
    Row("a stale reference", "SR.get_uuid", ("OpaqueRef:no",), ["HANDLE_INVALID", "SR", "OpaqueRef:no"], SERVER),
    Row("another class", "PBD.get_uuid", ("$sr",), ["HANDLE_INVALID", "PBD", "$sr"], SERVER),
    Row("an unknown uuid", "SR.get_by_uuid", ("nope",), ["UUID_INVALID", "SR", "nope"], SERVER),
    Row("a name that no SR has", "SR.get_by_name_label", ("nope",), (), SERVER),
    Row("unknown driver", "SR.probe", ("$master", {}, "warp", {}), ["SR_UNKNOWN_DRIVER", "warp"], XAPI_SR),
    Row(
        "unknown driver, created",
        "SR.create",
        ("$master", {}, "0", "n", "", "warp", "", True),
        ["SR_UNKNOWN_DRIVER", "warp"],
        XAPI_SR,
    ),
    Row(
        "no probe_ext",
        "SR.probe_ext",
        ("$master", {}, "nfs"),
        ["SR_OPERATION_NOT_SUPPORTED", ""],
        "xapi: storage_smapiv1.ml",
        "guessed",
        {"6.5": ["MESSAGE_METHOD_UNKNOWN", "SR.probe_ext"]},
    ),
    Row(
        "gfs2",
        "SR.probe",
        ("$master", {}, "gfs2"),
        ["SR_OPERATION_NOT_SUPPORTED", ""],
        "xapi: xapi_sr.ml",
        "guessed",
        {name: ["SR_UNKNOWN_DRIVER", "gfs2"] for name in (*XCPNG, "6.5")},
    ),
    Row(
        "linstor",
        "SR.probe",
        ("$master", {}, "linstor"),
        ["SR_UNKNOWN_DRIVER", "linstor"],
        "xcp-ng: sm",
        "guessed",
        {"xcpng-8.3": ["SR_OPERATION_NOT_SUPPORTED", ""]},
    ),
    Row(
        "create without IQN",
        "SR.create",
        ("$master", {"target": ONLY_XEN1}, *_NEW),
        failure(96, IQN_MISSING_TEXT, TARGETS),
        SM,
    ),
    Row(
        "create without SCSIid",
        "SR.create",
        ("$master", {**CHAP, "targetIQN": EQUALLOGIC_IQN}, *_NEW),
        failure(107, SCSI_ID_TEXT, LUN_WITHOUT_SERIAL),
        SM,
    ),
    Row(
        "create without CHAP",
        "SR.create",
        ("$master", {"target": EQUALLOGIC, "targetIQN": EQUALLOGIC_IQN, "SCSIid": "3"}, *_NEW),
        failure(47, f"The SR is not available [opterr={LOGIN_TEXT}]"),
        SM,
    ),
    Row(
        "create on a LUN over 255",
        "SR.create",
        ("$master", netapp(300), *_NEW),
        failure(47, "The SR is not available [opterr=ISCSI device failed to appear]"),
        SM,
        "guessed",
    ),
    Row(
        "create on a LUN whose device is gone",
        "SR.create",
        ("$master", {**BOOT, "SCSIid": "36589cfc00000b00700000000000000f1"}, *_NEW),
        failure(47, "The SR is not available [opterr=No such device]"),
        SM,
        "guessed",
    ),
    Row(
        "create on dom0's own LUN",
        "SR.create",
        ("$master", {**BOOT, "SCSIid": BOOT_LUN}, *_NEW),
        failure(
            47,
            "The SR is not available [opterr=Root system device, cannot be used for VM storage "
            f"[opterr=Device /dev/disk/by-id/scsi-{BOOT_LUN} contains core system files, please use another device]]",
        ),
        "sm: LVHDoISCSISR.py create, lvutil.py createVG",
    ),
    Row(
        "a duplicate uuid",
        "SR.introduce",
        ("bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c505", "n", "", "lvm", "", False),
        ["SR_UUID_EXISTS", "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c505"],
        XAPI_SR,
    ),
    Row("forgetting an attached SR", "SR.forget", ("$sr",), ["SR_HAS_PBD", "$sr"], XAPI_SR),
    Row("destroying an attached SR", "SR.destroy", ("$sr",), ["SR_HAS_PBD", "$sr"], XAPI_SR),
    Row(
        "a query cut short",
        "SR.get_all_records_where",
        ('field "type" =',),
        ["INTERNAL_ERROR", "Db_filter.Expression_error()"],
        "xapi: db_filter_parse.mly",
        "guessed",
    ),
    Row(
        "an unreadable query",
        "SR.get_all_records_where",
        ("what?",),
        ["INTERNAL_ERROR", "Db_filter.Expression_error(what?)"],
        "xapi: db_filter_lexer.mll",
        "guessed",
    ),
    Row(
        "a record without its value",
        "secret.create",
        ({},),
        ["INTERNAL_ERROR", 'Failure("Field value not present in rpc")'],
        SERVER,
        "guessed",
    ),
    Row(
        "a PBD without its host",
        "PBD.create",
        ({"SR": "$sr", "device_config": {}},),
        ["INTERNAL_ERROR", 'Failure("Field host not present in rpc")'],
        SERVER,
        "guessed",
    ),
    Row(
        "a PBD with a number in its device_config",
        "PBD.create",
        ({"host": "$slave", "SR": "$sr", "device_config": {"port": 3260}},),
        ["FIELD_TYPE_ERROR", "device_config"],
        SERVER,
        "guessed",
    ),
    Row(
        "a PBD of a host that is gone",
        "PBD.create",
        ({"host": "OpaqueRef:no", "SR": "$sr", "device_config": {}},),
        ["HANDLE_INVALID", "host", "OpaqueRef:no"],
        "xapi: xapi_pbd.ml",
    ),
    Row(
        "tasks of a session that is gone",
        "session.get_tasks",
        ("OpaqueRef:no",),
        ["HANDLE_INVALID", "session", "OpaqueRef:no"],
        SERVER,
    ),
    Row("a session that is gone", "session.get_by_uuid", ("no",), ["UUID_INVALID", "session", "no"], SERVER),
    Row("sessions can't be listed", "session.get_all", (), ["MESSAGE_METHOD_UNKNOWN", "session.get_all"], SERVER),
    Row("a task that is gone", "task.destroy", ("OpaqueRef:no",), ["HANDLE_INVALID", "task", "OpaqueRef:no"], SERVER),
    Row(
        "an unknown driver, introduced",
        "SR.introduce",
        ("", "n", "", "warp", "", False),
        ["SR_UNKNOWN_DRIVER", "warp"],
        XAPI_SR,
    ),
    Row(
        "a bad token",
        "event.from",
        (["sr"], "garbage", 0.0),
        ["EVENT_FROM_TOKEN_PARSE_FAILURE", "garbage"],
        "xapi: xapi_event.ml",
    ),
    Row(
        "a bad subscription",
        "event.from",
        (["a b"], "", 0.0),
        ["EVENT_SUBSCRIPTION_PARSE_FAILURE", "a b"],
        "xapi: xapi_event.ml",
    ),
    Row(
        "a whole number for a float", "event.from", (["sr"], "", 1), ["FIELD_TYPE_ERROR", "timeout"], SERVER, "guessed"
    ),
    Row("a label", "SR.set_name_label", ("$sr", "gold"), "", SERVER),
    Row("an int64 is text", "SR.get_physical_size", ("$sr",), "107361599488", SERVER),
    Row("a boolean is one", "SR.get_shared", ("$sr",), True, SERVER),
)
