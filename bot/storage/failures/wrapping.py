"""Errors inside errors: which one the storage manager put into the text of another.

While it creates an SR, SM passes most errors on as 47 with the real one's text (SM: drivers/SR.py, xs_errors.py); the
texts have changed over the releases, their words hardly.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MENTIONED = re.compile(r"sr_backend_failure_([0-9]{1,6})(?![0-9])")
# Errors of the storage manager that xapi renames (xapi: sm_exec.ml).
RENAMED: Final[Mapping[str, int]] = MappingProxyType(
    {
        "SR_DEVICE_IN_USE": 16,
        "VDI_IN_USE": 24,
        "SR_OPERATION_NOT_SUPPORTED": 38,
        "SR_NOT_EMPTY": 39,
        "VDI_MISSING": 144,
    }
)
# These say only that something went wrong; what it was stands in their text, if anywhere.
WRAPPING_NUMBERS = frozenset({40, 47, 202, 1200})
WRAPPING_CODES = frozenset({"SR_BACKEND_FAILURE", "INTERNAL_ERROR"})
# How a wrapped error is recognised: by SM's texts of many releases, in lower case.
_PHRASES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "sr device is currently in use": 16,
        "device underlying the sr is in use": 16,
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
        "nfs server version unsupported": 72,
        "unsupported nfs version": 72,
        "nfs mount error": 73,
        "nfs mount point already attached": 75,
        "nfs sr creation error": 88,
        "insufficient space": 44,
        "failed to query the iscsi daemon": 86,
        "volume cannot be found": 92,
        "pvs failed": 93,
        "host configuration iscsi iqn": 97,
        "root system device, cannot": 105,
        "scsiid parameter is missing or incorrect": 107,
        "server parameter": 102,
        "unable to detect an nfs service": 108,
        "smb mount error": 111,
        "smb mount point already attached": 113,
        "pvs found with multiple scsi ids": 119,
        "unable to resolve": 140,
        "unable to connect to iscsi service": 141,
        "metadata volume operation": 181,
        "volume group out of space": 180,
        "general io error": 200,
        "could not mount the directory": 222,
        "could not locate the iso sharename": 224,
        "incorrect location string format": 225,
        "currently unavailable, try again": 201,
        "communicate with the multipath daemon": 430,
        "multipath generic failure": 431,
        "device mapper path missing": 432,
        "device mapper path not appeared": 433,
        "device mapper path no scsi id": 434,
        "smb sr is not licensed": 454,
        "file system for sr cannot be written": 461,
        "wipe pre-existing filesystem signature": 462,
    }
)
# What iscsiadm says on its standard error, which SM passes on (open-iscsi: usr/iscsi_err.c).
_ISCSIADM_PHRASES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "authorization failure": 68,
        "failed to authenticate with target": 68,
        "non-retryable iscsi login failure": 68,
        "no records found": 83,
        "cannot make connection to": 141,
        "encountered connection failure": 141,
        "connection timed out": 141,
        "connection refused": 141,
        "no route to host": 141,
        "can not connect to iscsi daemon": 71,
    }
)


def wrapped(text: str) -> int | None:
    """The number of the innermost error that the text tells of: the last one."""
    lowered = text.lower()
    places = _places(lowered, _PHRASES) + _places(lowered, _ISCSIADM_PHRASES)
    places += [(lowered.rfind(code.lower()), number) for code, number in RENAMED.items()]
    places += [(match.start(), int(match[1])) for match in _MENTIONED.finditer(lowered)]
    return _last(places)


def recognised(text: str) -> int | None:
    """The number of the last error whose own words stand in a text without a code."""
    return _last(_places(text.lower(), _PHRASES))


def _places(lowered: str, phrases: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(lowered.rfind(phrase), number) for phrase, number in phrases.items()]


def _last(places: list[tuple[int, int]]) -> int | None:
    told = [(place, number) for place, number in places if place >= 0 and number not in WRAPPING_NUMBERS]
    return max(told)[1] if told else None
