"""Which sentence a failure gets."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.storage.codes import symbol
from bot.storage.sentences import SENTENCES, Explanation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.storage.failures import StorageFailure

# Our reason for each number of the storage manager that the flows meet.
_NUMBERS: Final[Mapping[int, str]] = MappingProxyType(
    dict.fromkeys((50, 51, 52, 53, 54, 55, 57, 77, 93, 117, 462), "lvm_failed")
    | dict.fromkeys((430, 431, 432, 433, 434), "multipath_failed")
    | dict.fromkeys((69, 71, 85, 86, 182), "iscsi_service_failed")
    | dict.fromkeys((47, 202, 1200), "backend_failed")
    | {
        16: "lun_in_use",
        19: "device_missing",
        20: "secret_missing",
        38: "not_supported",
        39: "sr_not_empty",
        40: "scan_failed",
        42: "sr_exists",
        48: "sr_type_unknown",
        56: "lun_in_use",
        58: "not_on_master",
        67: "device_missing",
        68: "login_refused",
        70: "initiator_iqn_busy",
        83: "iqn_not_offered",
        84: "iqn_mismatch",
        87: "lun_gone",
        92: "volume_missing",
        95: "address_missing",
        96: "iqn_missing",
        97: "initiator_iqn_missing",
        105: "lun_is_root_disk",
        106: "iqn_invalid",
        107: "lun_gone",
        119: "lun_cloned",
        140: "name_not_resolved",
        141: "target_unreachable",
        142: "port_invalid",
        181: "metadata_failed",
        200: "io_failed",
        201: "storage_busy",
        454: "licence_missing",
    }
)

# The same for xapi's own codes (xapi: api_errors.ml).
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CANNOT_CONTACT_HOST": "host_unreachable",
        "HANDLE_INVALID": "object_gone",
        "HOST_DISABLED": "host_disabled",
        "HOST_HAS_NO_MANAGEMENT_IP": "host_unreachable",
        "HOST_IN_EMERGENCY_MODE": "host_emergency",
        "HOST_IS_SLAVE": "master_changed",
        "HOST_NOT_LIVE": "host_unreachable",
        "HOST_OFFLINE": "host_unreachable",
        "HOST_STILL_BOOTING": "host_starting",
        "INTERNAL_ERROR": "xapi_failed",
        "LICENCE_RESTRICTION": "licence_missing",
        "MESSAGE_DEPRECATED": "call_not_understood",
        "MESSAGE_METHOD_UNKNOWN": "call_not_understood",
        "MESSAGE_PARAMETER_COUNT_MISMATCH": "call_not_understood",
        "MESSAGE_REMOVED": "call_not_understood",
        "NOT_SUPPORTED_DURING_UPGRADE": "pool_upgrading",
        "OPERATION_NOT_ALLOWED": "not_allowed",
        "OTHER_OPERATION_IN_PROGRESS": "operation_in_progress",
        "PBD_EXISTS": "pbd_exists",
        "RBAC_PERMISSION_DENIED": "permission_missing",
        "SESSION_AUTHENTICATION_FAILED": "xen_login_refused",
        "SESSION_INVALID": "session_lost",
        "SESSION_NOT_REGISTERED": "session_lost",
        "SR_BACKEND_FAILURE": "backend_failed",
        "SR_HAS_PBD": "sr_attached",
        "SR_NOT_SHARABLE": "sr_not_shared",
        "SR_UNKNOWN_DRIVER": "sr_type_unknown",
        "SR_UUID_EXISTS": "sr_known",
        "TASK_CANCELLED": "task_cancelled",
        "UUID_INVALID": "object_gone",
        "VALUE_NOT_SUPPORTED": "call_not_understood",
    }
)

# What an error is about, by the beginning of its symbol; the first that fits counts.
_SUBJECTS: Final = (
    (("NFS", "ConfigServer"), "the NFS export", "Check the server, the path, the export's rules and the NFS version."),
    (("SMB", "CIFS", "NoSMB"), "the SMB share", "Check the server, the share, the user and the password."),
    (("ISO",), "the ISO library", "Check the location, the access to it and its version."),
    (("SharedFileSystem", "FileSR"), "the SR's file system", "Check that the hosts may write to it."),
    (("ISCSI",), "the iSCSI connection", "Check the array and the iSCSI service of the host."),
    (("LVM", "VG", "PV"), "the SR's volumes", "Check the LUN and the paths to it."),
    (("Config", "InvalidArg", "BadCharacter"), "the SR's settings", "Check what was given for the SR."),
    (("VDI", "VBD", "CBT", "Tapdisk", "LeafGC", "Snapshot"), "a virtual disk", "Check the disks of the SR."),
    (("NAPP",), "the NetApp adapter, which XenServer has given up", "Use the array over plain iSCSI or NFS."),
    (("EQL",), "the EqualLogic adapter, which XenServer has given up", "Use the array over plain iSCSI."),
    (("API",), "the storage manager's own calls to XenServer", "Check the toolstack of the host."),
    (("OCFS",), "an OCFS file system", "Use another type of SR."),
)
_SM_LOG_STEP = "/var/log/SMlog on the host says more."


def explain(failure: StorageFailure) -> Explanation:
    """Our sentence and next step for a failure: by its root, else by its code, else "unknown" by its symbol."""
    reason = _CODES.get(failure.code) if failure.root is None else _NUMBERS.get(failure.root)
    return SENTENCES[reason] if reason else _unknown(failure)


def explanation(reason: str) -> Explanation:
    """What to say for a reason that no code of XenServer stands for, such as "no_luns"; KeyError if there is none."""
    return SENTENCES[reason]


def _unknown(failure: StorageFailure) -> Explanation:
    name = symbol(failure.root)
    if name is None:
        return Explanation("unknown", f"XenServer refused: {_shown(failure.code)}.", _unknown_step(failure))
    about, step = _subject(name)
    label = f"SR_BACKEND_FAILURE_{failure.root}"
    sentence = f"The storage manager reports {name} ({label}){about}."
    return Explanation("unknown", sentence, f"{step}{_SM_LOG_STEP}")


def _subject(name: str) -> tuple[str, str]:
    for beginnings, subject, step in _SUBJECTS:
        if name.startswith(beginnings):
            return f": something is wrong with {subject}", f"{step} "
    return "", ""


def _unknown_step(failure: StorageFailure) -> str:
    if failure.root is not None:
        return _SM_LOG_STEP
    return "An operator finds more in /var/log/xensource.log on the pool master."


def _shown(code: str) -> str:
    # A code is a name in capitals; anything else came from somewhere else and isn't repeated.
    is_name = code.isascii() and code.isupper() and code.replace("_", "").isalnum()
    return code if is_name else "no error code that can be read"
