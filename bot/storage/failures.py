"""What a XenAPI failure's list says.

The storage manager's errors are `[SR_BACKEND_FAILURE_<n>, "", "<text>[ [opterr=<more>]]", "<stderr>"]`, documents
among the stderr; the list may be shorter or longer (xapi: sm_exec.ml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.storage.codes import symbol
from bot.storage.documents import documents
from bot.storage.masks import masked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_CODE: Final = "NO_ERROR_CODE"

# Long enough for iscsiadm's account of every portal, short enough for a log line.
_TEXT_LIMIT = 4000
_NUMBERED = re.compile(r"SR_BACKEND_FAILURE_([0-9]{1,6})")
_MENTIONED = re.compile(r"sr_backend_failure_([0-9]{1,6})(?![0-9])")
# Errors of the storage manager that xapi renames (xapi: sm_exec.ml).
_RENAMED: Final[Mapping[str, int]] = MappingProxyType(
    {
        "SR_DEVICE_IN_USE": 16,
        "VDI_IN_USE": 24,
        "SR_OPERATION_NOT_SUPPORTED": 38,
        "SR_NOT_EMPTY": 39,
        "VDI_MISSING": 144,
    }
)
# These say only that something went wrong; what it was stands in their text, if anywhere.
_WRAPPING_NUMBERS = frozenset({40, 47, 202, 1200})
_WRAPPING_CODES = frozenset({"SR_BACKEND_FAILURE", "INTERNAL_ERROR"})
# How a wrapped error is recognised: SM's texts of many releases, then open-iscsi's, in lower case.
_PHRASES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "sr device is currently in use": 16,
        "no such device": 19,
        "no such secret": 20,
        "sr already exists": 42,
        "logical volume creation error": 50,
        "logical volume mount/activate error": 52,
        "logical volume unmount/deactivate error": 53,
        "logical volume write error": 54,
        "logical volume partition creation error": 55,
        "logical volume partition in use": 56,
        "logical volume filesystem creation error": 57,
        "must come from master": 58,
        "iscsi device failed to appear": 67,
        "iscsi login failed": 68,
        "iscsi logout failed": 69,
        "failed to set iscsi initiator": 70,
        "failed to start iscsi daemon": 71,
        "logical volume group creation failed": 77,
        "iscsi discovery failed": 83,
        "target and received iqns differ": 84,
        "failed to query the iscsi daemon": 86,
        "volume cannot be found": 92,
        "pvs failed": 93,
        "host configuration iscsi iqn": 97,
        "root system device, cannot": 105,
        "scsiid parameter is missing or incorrect": 107,
        "pvs found with multiple scsi ids": 119,
        "unable to resolve": 140,
        "unable to connect to iscsi service": 141,
        "metadata volume operation": 181,
        "general io error": 200,
        "currently unavailable, try again": 201,
        "communicate with the multipath daemon": 430,
        "multipath generic failure": 431,
        "device mapper path missing": 432,
        "device mapper path not appeared": 433,
        "device mapper path no scsi id": 434,
        "wipe pre-existing filesystem signature": 462,
        "authorization failure": 68,
        "failed to authenticate with target": 68,
        "cannot make connection to": 141,
        "encountered connection failure": 141,
        "connection timed out": 141,
        "connection refused": 141,
        "no route to host": 141,
        "can not connect to iscsi daemon": 71,
    }
)


@dataclass(frozen=True, slots=True)
class StorageFailure:
    """One failure of XenAPI.

    `number` is the one in the code (68 of SR_BACKEND_FAILURE_68), `root` that of the error at the bottom of it: itself,
    the one that 40, 47, 202 or 1200 wraps, or 16 for SR_DEVICE_IN_USE, which SM numbers so. `symbol` is SM's name for
    the code. `text` is for the log only: raw, but without secrets and without the document, which is in `document`.
    """

    code: str
    number: int | None
    symbol: str | None
    root: int | None
    text: str
    document: str


def read_failure(details: Sequence[str]) -> StorageFailure:
    """The failure in `XenAPI.Failure.details` or a task's error_info. Never raises."""
    code = details[0].strip() if details else ""
    document = next((part for part in reversed(details[1:]) if documents(part)), "")
    parts = [part.strip() for part in details[1:] if part.strip() and part != document]
    match = _NUMBERED.fullmatch(code)
    number = int(match[1]) if match else None
    return StorageFailure(
        code=code or NO_CODE,
        number=number,
        symbol=symbol(_RENAMED.get(code, number)),
        root=_root(code, number, "\n".join(parts)),
        text=masked("; ".join(parts))[:_TEXT_LIMIT],
        document=document,
    )


def _root(code: str, number: int | None, text: str) -> int | None:
    if number in _WRAPPING_NUMBERS or code in _WRAPPING_CODES:
        return _wrapped(text) or number
    return _RENAMED.get(code, number)


def _wrapped(text: str) -> int | None:
    """The number of the innermost error that the text tells of: the last one."""
    lowered = text.lower()
    places = [(lowered.rfind(phrase), number) for phrase, number in _PHRASES.items()]
    places += [(lowered.rfind(code.lower()), number) for code, number in _RENAMED.items()]
    places += [(match.start(), int(match[1])) for match in _MENTIONED.finditer(lowered)]
    told = [(place, number) for place, number in places if place >= 0 and number not in _WRAPPING_NUMBERS]
    return max(told)[1] if told else None
