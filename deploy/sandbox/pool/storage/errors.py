"""The storage manager's errors, and how xapi passes them on.

Source: sm: drivers/XE_SR_ERRORCODES.xml (codes and texts), xapi: storage_interface and xapi_sr.ml (the forms).
"""

from __future__ import annotations

from deploy.sandbox.pool.wire import ApiFailureError

IN_USE = 16
INVALID_SECRET = 20
UNIMPLEMENTED = 38
NOT_EMPTY = 39
UNAVAILABLE = 47
LVM_WRITE = 54
DEVICE_NOT_APPEARED = 67
LOGIN = 68
INITIATOR = 70
VG_CREATE = 77
DISCOVERY = 83
DEVICE_MISSING = 90
DEVICE_INVALID = 91
LOCATION_MISSING = 94
TARGET_MISSING = 95
TARGET_IQN_MISSING = 96
HOST_IQN_MISSING = 97
SERVER_PATH_MISSING = 101
SERVER_MISSING = 102
SCSI_ID_MISSING = 107
NFS_TARGET = 108
DNS = 140
TARGET_UNREACHABLE = 141
PORT = 142
GENERAL = 202
ISO_MOUNT = 222
SMB_MOUNT = 111
NO_SMB_LICENSE = 454
WIPEFS = 462

TEXTS = {
    IN_USE: "The SR device is currently in use",
    INVALID_SECRET: "No such secret.",
    UNIMPLEMENTED: "The requested method is not supported/implemented",
    NOT_EMPTY: "The SR is not empty",
    UNAVAILABLE: "The SR is not available",
    LVM_WRITE: "Logical Volume write error",
    DEVICE_NOT_APPEARED: "ISCSI device failed to appear",
    LOGIN: "ISCSI login failed - check access settings for the initiator on the storage, "
    "if CHAP is used verify CHAP credentials",
    INITIATOR: "Failed to set ISCSI initiator",
    VG_CREATE: "Logical Volume group creation failed",
    DISCOVERY: "ISCSI discovery failed",
    DEVICE_MISSING: "The request is missing the device parameter",
    DEVICE_INVALID: "The device is not a valid path",
    LOCATION_MISSING: "The request is missing the location parameter",
    TARGET_MISSING: "The request is missing the target parameter",
    TARGET_IQN_MISSING: "The request is missing or has an incorrect target IQN parameter",
    HOST_IQN_MISSING: "Unable to retrieve the host configuration ISCSI IQN parameter",
    SERVER_PATH_MISSING: "The request is missing the serverpath parameter",
    SERVER_MISSING: "The request is missing the server parameter",
    SCSI_ID_MISSING: "The SCSIid parameter is missing or incorrect",
    NFS_TARGET: "Unable to detect an NFS service on this target.",
    DNS: "Incorrect DNS name, unable to resolve.",
    TARGET_UNREACHABLE: "Unable to connect to ISCSI service on target",
    PORT: "Incorrect value for iSCSI port, must be a number between 1 and 65535",
    GENERAL: "General backend error",
    ISO_MOUNT: "Could not mount the directory specified in Device Configuration",
    SMB_MOUNT: "SMB mount error",
    NO_SMB_LICENSE: "SMB SR is not licensed on this host",
    WIPEFS: "Failed to wipe pre-existing filesystem signature.",
}
# These three have codes of xapi's own and never come with a number.
_OF_XAPI = {
    IN_USE: ("SR_DEVICE_IN_USE",),
    NOT_EMPTY: ("SR_NOT_EMPTY",),
    UNIMPLEMENTED: ("SR_OPERATION_NOT_SUPPORTED", ""),
}


class StorageError(Exception):
    """An error of a driver: its number, what it adds to the text, and what it printed on stderr."""

    def __init__(self, code: int, opterr: str = "", printed: str = "") -> None:
        super().__init__(code, opterr)
        self.code = code
        self.opterr = opterr
        self.printed = printed

    def text(self, texts: dict[int, str]) -> str:
        """The message, in the words of a flavour where these differ."""
        message = texts.get(self.code, TEXTS[self.code])
        return f"{message} [opterr={self.opterr}]" if self.opterr else message


def as_failure(error: StorageError, texts: dict[int, str]) -> ApiFailureError:
    """What a caller sees: four details, the second empty, the fourth what was printed."""
    if error.code in _OF_XAPI:
        return ApiFailureError(*_OF_XAPI[error.code])
    return ApiFailureError(f"SR_BACKEND_FAILURE_{error.code}", "", error.text(texts), error.printed)
