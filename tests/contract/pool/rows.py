# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""What the pool answers to what, where that comes from, and how sure it is.

`$master`, `$slave` and `$sr` stand for references in requests and answers, `$secret` for the uuid of a secret with the
EqualLogic's CHAP password, `$password` for that password.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tests.contract.pool.wire_client import (
    EQUALLOGIC,
    EQUALLOGIC_IQN,
    NETAPP,
    ONLY_XEN1,
    ONLY_XEN1_IQN,
    netapp,
    netapp_scsi_id,
)

LOGIN_TEXT = (
    "ISCSI login failed - check access settings for the initiator on the storage, "
    "if CHAP is used verify CHAP credentials"
)
IQN_MISSING_TEXT = "The request is missing or has an incorrect target IQN parameter"
SCSI_ID_TEXT = "The SCSIid parameter is missing or incorrect"
PORT_TEXT = "Incorrect value for iSCSI port, must be a number between 1 and 65535"
MOUNT_TEXT = "Could not mount the directory specified in Device Configuration"
_SM = "sm: BaseISCSI.py, LVHDoISCSISR.py"
_CREATE = "xapi: xapi_sr.ml"
_SERVER = "xapi: the generated server"

TARGETS = f"""<?xml version="1.0" ?>
<iscsi-target-iqns>
\t<TGT>
\t\t<Index>0</Index>
\t\t<IPAddress>{ONLY_XEN1}</IPAddress>
\t\t<TargetIQN>{ONLY_XEN1_IQN}</TargetIQN>
\t</TGT>
\t<TGT>
\t\t<Index>1</Index>
\t\t<IPAddress>{ONLY_XEN1}</IPAddress>
\t\t<TargetIQN>*</TargetIQN>
\t</TGT>
</iscsi-target-iqns>

"""
TARGETS_IPV6 = """<?xml version="1.0" ?>
<iscsi-target-iqns>
\t<TGT>
\t\t<Index>0</Index>
\t\t<IPAddress>[fd00:10::5]</IPAddress>
\t\t<Port>3261</Port>
\t\t<TargetIQN>iqn.2003-01.org.linux-iscsi.nas6.x8664:sn.5a1ad1000005</TargetIQN>
\t</TGT>
\t<TGT>
\t\t<Index>1</Index>
\t\t<IPAddress>fd00:10::5</IPAddress>
\t\t<TargetIQN>*</TargetIQN>
\t</TGT>
</iscsi-target-iqns>

"""
LUN_WITHOUT_SERIAL = """<?xml version="1.0" ?>
<iscsi-target>
\t<LUN>
\t\t<vendor>EQLOGIC</vendor>
\t\t<LUNid>0</LUNid>
\t\t<size>107379425280</size>
\t\t<SCSIid>36090a028b04a9a0def60353420006046</SCSIid>
\t</LUN>
</iscsi-target>

"""
NO_LUN = '<?xml version="1.0" ?>\n<iscsi-target/>\n\n'
NO_SR = '<?xml version="1.0" ?>\n<SRlist/>\n'
DETACHED_SR = f"""<?xml version="1.0" ?>
<SRlist>
\t<SR>
\t\t<UUID>7d3e0a64-1f9b-4b52-8c17-55aa02f6d404</UUID>
\t\t<Devlist>/dev/disk/by-id/scsi-{netapp_scsi_id(7)}</Devlist>
\t\t<size>483171237888</size>
\t</SR>
</SRlist>
"""
DETACHED_SR_WITH_METADATA = DETACHED_SR.replace(
    "\t</SR>",
    "\t\t<name_label>old-projects</name_label>\n"
    "\t\t<name_description>Projects until 2024</name_description>\n"
    "\t\t<pool_metadata_detected>false</pool_metadata_detected>\n"
    "\t</SR>",
)


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    arguments: tuple[Any, ...]
    answer: object
    """A list is an ErrorDescription, anything else the Value."""
    source: str
    certainty: Literal["sure", "guessed"] = "sure"


def _probe(name: str, config: dict[str, str], answer: object, sm_config: dict[str, str] | None = None) -> Row:
    return Row(name, "SR.probe", ("$master", config, "lvmoiscsi", sm_config or {}), answer, _SM)


def _failure(code: int, text: str, printed: str = "") -> list[str]:
    return [f"SR_BACKEND_FAILURE_{code}", "", text, printed]


_CHAP = {"target": EQUALLOGIC, "chapuser": "tecmint", "chappassword_secret": "$secret"}
_UNRESOLVED = _failure(140, "Incorrect DNS name, unable to resolve.")
_UNREACHABLE = _failure(141, "Unable to connect to ISCSI service on target")

PROBES = (
    _probe("no target", {}, _failure(95, "The request is missing the target parameter")),
    _probe("an empty target", {"target": ""}, _failure(95, "The request is missing the target parameter")),
    _probe("an unknown name", {"target": "nowhere.example"}, _UNRESOLVED),
    _probe("IPv6 in brackets", {"target": "[fd00:10::5]", "port": "3261"}, _UNRESOLVED),
    _probe("a port of letters", {"target": EQUALLOGIC, "port": "abc"}, _failure(142, PORT_TEXT)),
    _probe("port 0", {"target": EQUALLOGIC, "port": "0"}, _failure(142, PORT_TEXT)),
    _probe("port 65536", {"target": EQUALLOGIC, "port": "65536"}, _failure(142, PORT_TEXT)),
    _probe("no array there", {"target": "10.9.9.9"}, _UNREACHABLE),
    _probe("the wrong port", {"target": EQUALLOGIC, "port": "3261"}, _UNREACHABLE),
    _probe("the right port missing", {"target": "fd00:10::5"}, _UNREACHABLE),
    _probe("no CHAP", {"target": EQUALLOGIC}, _failure(68, LOGIN_TEXT)),
    _probe("CHAP user without password", {"target": EQUALLOGIC, "chapuser": "tecmint"}, _failure(68, LOGIN_TEXT)),
    _probe("another CHAP user", {**_CHAP, "chapuser": "other"}, _failure(68, LOGIN_TEXT)),
    _probe("keys with other case", {"target": EQUALLOGIC, "chapUser": "tecmint"}, _failure(68, LOGIN_TEXT)),
    _probe("a secret that isn't there", {**_CHAP, "chappassword_secret": "none"}, _failure(20, "No such secret.")),
    _probe("targets", {"target": ONLY_XEN1}, _failure(96, IQN_MISSING_TEXT, TARGETS)),
    _probe("targets, empty IQN", {"target": ONLY_XEN1, "targetIQN": ""}, _failure(96, IQN_MISSING_TEXT, TARGETS)),
    _probe("IPv6", {"target": "fd00:10::5", "port": "3261"}, _failure(96, IQN_MISSING_TEXT, TARGETS_IPV6)),
    _probe(
        "a target not offered",
        {"target": ONLY_XEN1, "targetIQN": "iqn.2000-01.x:y"},
        _failure(83, "ISCSI discovery failed [opterr=check target settings]", TARGETS),
    ),
    _probe("a target of nowhere", {"target": "10.9.9.9", "targetIQN": "iqn.2000-01.x:y"}, _failure(68, LOGIN_TEXT)),
    _probe("login without CHAP", {"target": EQUALLOGIC, "targetIQN": EQUALLOGIC_IQN}, _failure(68, LOGIN_TEXT)),
    _probe("LUNs", {**_CHAP, "targetIQN": EQUALLOGIC_IQN}, _failure(107, SCSI_ID_TEXT, LUN_WITHOUT_SERIAL)),
    _probe(
        "no LUN mapped",
        {"target": "10.0.3.5", "targetIQN": "iqn.2005-10.org.freenas.ctl:unmapped"},
        _failure(107, SCSI_ID_TEXT, NO_LUN),
    ),
    _probe("a LUN that is gone", {**netapp(), "SCSIid": "36gone"}, _failure(107, SCSI_ID_TEXT)),
    _probe("a blank LUN", netapp(3), NO_SR),
    _probe("VMFS looks blank", netapp(9), NO_SR),
    _probe("ext4 looks blank", netapp(10), NO_SR),
    _probe("a partition table looks blank", netapp(12), NO_SR),
    _probe("an SR", netapp(7), DETACHED_SR),
    _probe("an SR with metadata", netapp(7), DETACHED_SR_WITH_METADATA, {"metadata": "true"}),
    _probe("a LUN over 255", netapp(300), NO_SR),
    _probe("every target", {"target": NETAPP, "targetIQN": "*", "SCSIid": netapp_scsi_id(3)}, NO_SR),
    _probe(
        "every target, none lets us in",
        {"target": EQUALLOGIC, "targetIQN": "*", **{key: value for key, value in _CHAP.items() if key == "target"}},
        _failure(68, LOGIN_TEXT),
    ),
)

_NEW: tuple[Any, ...] = ("0", "new", "", "lvmoiscsi", "user", True, {})
_EXPECTED_NINE = ["MESSAGE_PARAMETER_COUNT_MISMATCH", "SR.create", "8", "1"]

CALLS = (
    Row("unknown method", "SR.explode", (), ["MESSAGE_METHOD_UNKNOWN", "SR.explode"], _SERVER),
    Row("no async getter", "Async.SR.get_uuid", ("$sr",), ["MESSAGE_METHOD_UNKNOWN", "Async.SR.get_uuid"], _SERVER),
    Row("too few arguments", "SR.create", ("$master",), _EXPECTED_NINE, _SERVER, "guessed"),
    Row(
        "too many arguments",
        "SR.get_uuid",
        ("$sr", "more"),
        ["MESSAGE_PARAMETER_COUNT_MISMATCH", "SR.get_uuid", "1", "2"],
        _SERVER,
        "guessed",
    ),
    Row("a wrong type", "SR.set_name_label", ("$sr", 5), ["FIELD_TYPE_ERROR", "value"], _SERVER, "guessed"),
    Row(
        "a value that is no string",
        "SR.probe",
        ("$master", {"target": NETAPP, "port": 3260}, "lvmoiscsi", {}),
        ["FIELD_TYPE_ERROR", "device_config"],
        _SERVER,
        "guessed",
    ),
    Row(
        "a text for a boolean",
        "SR.create",
        ("$master", {}, "0", "n", "", "lvmoiscsi", "", "true"),
        ["FIELD_TYPE_ERROR", "shared"],
        _SERVER,
        "guessed",
    ),
    Row(
        "a size that is no number",
        "SR.create",
        ("$master", {}, "big", "n", "", "lvmoiscsi", "", True),
        ["FIELD_TYPE_ERROR", "physical_size"],
        _SERVER,
        "guessed",
    ),
    Row("a stale reference", "SR.get_uuid", ("OpaqueRef:no",), ["HANDLE_INVALID", "SR", "OpaqueRef:no"], _SERVER),
    Row("another class", "PBD.get_uuid", ("$sr",), ["HANDLE_INVALID", "PBD", "$sr"], _SERVER),
    Row("an unknown uuid", "SR.get_by_uuid", ("nope",), ["UUID_INVALID", "SR", "nope"], _SERVER),
    Row("an unknown name", "SR.get_by_name_label", ("nope",), (), _SERVER),
    Row("unknown driver", "SR.probe", ("$master", {}, "warp", {}), ["SR_UNKNOWN_DRIVER", "warp"], _CREATE),
    Row(
        "unknown driver, created",
        "SR.create",
        ("$master", {}, "0", "n", "", "warp", "", True),
        ["SR_UNKNOWN_DRIVER", "warp"],
        _CREATE,
    ),
    Row(
        "iso has no probe",
        "SR.probe",
        ("$master", {}, "iso"),
        ["SR_BACKEND_FAILURE", "Operation 'sr_probe' not supported by this SR type", "", ""],
        "xapi: sm.ml",
    ),
    Row(
        "no probe_ext",
        "SR.probe_ext",
        ("$master", {}, "nfs"),
        ["SR_OPERATION_NOT_SUPPORTED", ""],
        "xapi: storage_smapiv1.ml",
        "guessed",
    ),
    Row(
        "nfs without server",
        "SR.probe",
        ("$master", {}, "nfs"),
        _failure(102, "The request is missing the server parameter"),
        "sm: NFSSR.py",
    ),
    Row(
        "nfs",
        "SR.probe",
        ("$master", {"server": "x"}, "nfs"),
        _failure(108, "Unable to detect an NFS service on this target."),
        "sm: NFSSR.py",
    ),
    Row(
        "lvm without device",
        "SR.probe",
        ("$master", {}, "lvm"),
        _failure(90, "The request is missing the device parameter"),
        "sm: LVHDSR.py",
    ),
    Row(
        "ext on no device",
        "SR.probe",
        ("$master", {"device": "/dev/x"}, "ext"),
        _failure(91, "The device is not a valid path"),
        "sm: EXTSR.py",
    ),
    Row(
        "smb licence",
        "SR.probe",
        ("$master", {}, "smb"),
        _failure(454, "SMB SR is not licensed on this host"),
        "sm: SMBSR.py",
        "guessed",
    ),
    Row("gfs2", "SR.probe", ("$master", {}, "gfs2"), ["SR_OPERATION_NOT_SUPPORTED", ""], "xapi: xapi_sr.ml", "guessed"),
    Row(
        "hba",
        "SR.probe",
        ("$master", {}, "lvmohba"),
        _failure(107, SCSI_ID_TEXT, '<?xml version="1.0" ?>\n<Devlist/>\n\n'),
        "sm: LVHDoHBASR.py",
    ),
    Row(
        "iso without location",
        "SR.create",
        ("$master", {}, "0", "i", "", "iso", "iso", True),
        _failure(94, "The request is missing the location parameter"),
        "sm: ISOSR.py",
    ),
    Row(
        "iso that can't be mounted",
        "SR.create",
        ("$master", {"location": "nas:/x"}, "0", "i", "", "iso", "iso", True),
        _failure(222, f"{MOUNT_TEXT} [opterr=mount failed with return code 32]"),
        "sm: ISOSR.py",
    ),
    Row(
        "create without IQN",
        "SR.create",
        ("$master", {"target": ONLY_XEN1}, *_NEW),
        _failure(96, IQN_MISSING_TEXT, TARGETS),
        _SM,
    ),
    Row(
        "create without SCSIid",
        "SR.create",
        ("$master", {**_CHAP, "targetIQN": EQUALLOGIC_IQN}, *_NEW),
        _failure(107, SCSI_ID_TEXT, LUN_WITHOUT_SERIAL),
        _SM,
    ),
    Row(
        "create without CHAP",
        "SR.create",
        ("$master", {"target": EQUALLOGIC, "targetIQN": EQUALLOGIC_IQN, "SCSIid": "3"}, *_NEW),
        _failure(47, f"The SR is not available [opterr={LOGIN_TEXT}]"),
        _SM,
    ),
    Row(
        "create on a LUN over 255",
        "SR.create",
        ("$master", netapp(300), *_NEW),
        _failure(47, "The SR is not available [opterr=ISCSI device failed to appear]"),
        _SM,
        "guessed",
    ),
    Row(
        "a duplicate uuid",
        "SR.introduce",
        ("bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c505", "n", "", "lvm", "", False),
        ["SR_UUID_EXISTS", "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c505"],
        _CREATE,
    ),
    Row("forgetting an attached SR", "SR.forget", ("$sr",), ["SR_HAS_PBD", "$sr"], _CREATE),
    Row("destroying an attached SR", "SR.destroy", ("$sr",), ["SR_HAS_PBD", "$sr"], _CREATE),
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
        _SERVER,
        "guessed",
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
        "a whole number for a float", "event.from", (["sr"], "", 1), ["FIELD_TYPE_ERROR", "timeout"], _SERVER, "guessed"
    ),
    Row("a label", "SR.set_name_label", ("$sr", "gold"), "", _SERVER),
    Row("an int64 is text", "SR.get_physical_size", ("$sr",), "107361599488", _SERVER),
    Row("a boolean is one", "SR.get_shared", ("$sr",), True, _SERVER),
)
