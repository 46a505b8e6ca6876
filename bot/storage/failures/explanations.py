"""Which sentence a failure gets."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.storage.failures import seldom
from bot.storage.failures.names import NAMES
from bot.storage.failures.sentences import SENTENCES, Explanation
from bot.storage.failures.wrapping import RENAMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.storage.failures.details import StorageFailure

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

_BACKEND: Final = re.compile(r"SR_BACKEND_FAILURE(?:_[0-9]{1,6})?")
_SM_LOG_STEP: Final = "/var/log/SMlog on the host says more."
_XAPI_LOG_STEP: Final = "An operator finds more in /var/log/xensource.log on the pool master."
# The longest of xapi's has 55.
_LONGEST_CODE: Final = 80


def explain(failure: StorageFailure) -> Explanation:
    """Our sentence and next step for a failure: by its root, else by its code, else "unknown" by its code."""
    root = failure.root
    found = SENTENCES.get(_CODES.get(failure.code, "")) if root is None else _of_number(root)
    return found or Explanation("unknown", f"XenServer refused: {_shown(failure.code)}.", _unknown_step(failure))


def explanation(reason: str) -> Explanation:
    """What to say for a reason, of a code or of ours such as "no_luns"; KeyError if there is none."""
    return SENTENCES[reason] if reason in SENTENCES else seldom.SENTENCES[reason]


def is_known(code: str) -> bool:
    """Whether it is a code that xapi gives to what goes wrong; other capitals may be anybody's words."""
    return code in _CODES or code in RENAMED or code in NAMES or _BACKEND.fullmatch(code) is not None


def _of_number(number: int) -> Explanation | None:
    return SENTENCES.get(_NUMBERS.get(number, "")) or seldom.SENTENCES.get(seldom.NUMBERS.get(number, ""))


def _unknown_step(failure: StorageFailure) -> str:
    return _XAPI_LOG_STEP if failure.root is None else _SM_LOG_STEP


def _shown(code: str) -> str:
    # A code is a name in capitals; anything else came from somewhere else and isn't repeated.
    is_name = code.isascii() and code.isupper() and code.replace("_", "").isalnum() and len(code) <= _LONGEST_CODE
    return code if is_name else "no error code that can be read"
