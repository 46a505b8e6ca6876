"""The storage manager's errors, and how xapi passes them on.

Source: sm: drivers/XE_SR_ERRORCODES.xml (codes and texts), xapi: storage_interface and xapi_sr.ml (the forms).
"""

from __future__ import annotations

from deploy.sandbox.pool.wire import ApiFailureError

IN_USE = 16
NO_DEVICE = 19
INVALID_SECRET = 20
UNIMPLEMENTED = 38
NOT_EMPTY = 39
SCAN = 40
EXISTS = 42
UNAVAILABLE = 47
LVM_MOUNT = 52
LVM_WRITE = 54
DEVICE_NOT_APPEARED = 67
LOGIN = 68
INITIATOR = 70
NFS_VERSION = 72
NFS_MOUNT = 73
NFS_ATTACHED = 75
VG_CREATE = 77
DISCOVERY = 83
NFS_CREATE = 88
DEVICE_MISSING = 90
DEVICE_INVALID = 91
LOCATION_MISSING = 94
TARGET_MISSING = 95
TARGET_IQN_MISSING = 96
HOST_IQN_MISSING = 97
SERVER_PATH_MISSING = 101
SERVER_MISSING = 102
ROOT_DEVICE = 105
SCSI_ID_MISSING = 107
NFS_TARGET = 108
SMB_MOUNT = 111
SMB_ATTACHED = 113
SMB_CREATE = 116
DNS = 140
TARGET_UNREACHABLE = 141
PORT = 142
IO = 200
GENERAL = 202
ISO_MOUNT = 222
ISO_SHARE_NAME = 224
ISO_LOCATION = 225
ISO_LOCAL_PATH = 226
ISO_SMB_VERSION = 227
ISO_MOUNT_OPTIONS = 228
EXTENDED_CHARACTERS = 446
NO_SMB_LICENSE = 454
NO_WRITE = 461
WIPEFS = 462
ZFS_CREATE = 5000
GENERIC = 1200

TEXTS = {
    IN_USE: "The SR device is currently in use",
    NO_DEVICE: "No such device",
    INVALID_SECRET: "No such secret.",
    UNIMPLEMENTED: "The requested method is not supported/implemented",
    NOT_EMPTY: "The SR is not empty",
    SCAN: "The SR scan failed",
    EXISTS: "The SR already exists",
    UNAVAILABLE: "The SR is not available",
    LVM_MOUNT: "Logical Volume mount/activate error",
    LVM_WRITE: "Logical Volume write error",
    DEVICE_NOT_APPEARED: "ISCSI device failed to appear",
    LOGIN: "ISCSI login failed - check access settings for the initiator on the storage, "
    "if CHAP is used verify CHAP credentials",
    INITIATOR: "Failed to set ISCSI initiator",
    NFS_VERSION: "Required NFS server version unsupported",
    NFS_MOUNT: "NFS mount error",
    NFS_ATTACHED: "NFS mount point already attached",
    VG_CREATE: "Logical Volume group creation failed",
    DISCOVERY: "ISCSI discovery failed",
    NFS_CREATE: "NFS SR creation error",
    DEVICE_MISSING: "The request is missing the device parameter",
    DEVICE_INVALID: "The device is not a valid path",
    LOCATION_MISSING: "The request is missing the location parameter",
    TARGET_MISSING: "The request is missing the target parameter",
    TARGET_IQN_MISSING: "The request is missing or has an incorrect target IQN parameter",
    HOST_IQN_MISSING: "Unable to retrieve the host configuration ISCSI IQN parameter",
    SERVER_PATH_MISSING: "The request is missing the serverpath parameter",
    SERVER_MISSING: "The request is missing the server parameter",
    ROOT_DEVICE: "Root system device, cannot be used for VM storage",
    SCSI_ID_MISSING: "The SCSIid parameter is missing or incorrect",
    NFS_TARGET: "Unable to detect an NFS service on this target.",
    SMB_MOUNT: "SMB mount error",
    SMB_ATTACHED: "SMB mount point already attached",
    SMB_CREATE: "Failed to create SMB SR.",
    DNS: "Incorrect DNS name, unable to resolve.",
    TARGET_UNREACHABLE: "Unable to connect to ISCSI service on target",
    PORT: "Incorrect value for iSCSI port, must be a number between 1 and 65535",
    IO: "General IO error",
    GENERAL: "General backend error",
    ISO_MOUNT: "Could not mount the directory specified in Device Configuration",
    ISO_SHARE_NAME: "Could not locate the ISO sharename on the target, or the access permissions may be incorrect.",
    ISO_LOCATION: "Incorrect Location string format. String must be in the format SERVER:PATH for NFS targets, "
    "or \\\\SERVER\\PATH for CIFS targets",
    ISO_LOCAL_PATH: "Invalid local path",
    ISO_SMB_VERSION: "Given SMB version is not allowed. Choose either 1.0 or 3.0",
    ISO_MOUNT_OPTIONS: 'Require "-o" along with xe-mount-iso-sr',
    EXTENDED_CHARACTERS: "XenServer does not support extended characters in CIFS paths, usernames, passwords, "
    "and file names.",
    NO_SMB_LICENSE: "SMB SR is not licensed on this host",
    NO_WRITE: "The file system for SR cannot be written to.",
    ZFS_CREATE: "ZFS SR creation error",
    WIPEFS: "Failed to wipe pre-existing filesystem signature.",
    GENERIC: "SM has thrown a generic python exception",
}
# These three have codes of xapi's own and never come with a number.
_OF_XAPI = {
    IN_USE: ("SR_DEVICE_IN_USE",),
    NOT_EMPTY: ("SR_NOT_EMPTY",),
    UNIMPLEMENTED: ("SR_OPERATION_NOT_SUPPORTED", ""),
}


class StorageError(Exception):
    """An error of a driver: its number, what it adds to the text, and what it printed on stderr.

    `message` stands in the place of the text: of an exception that no driver caught only its own words come through.
    """

    def __init__(self, code: int, opterr: str = "", printed: str = "", message: str | None = None) -> None:
        super().__init__(code, opterr)
        self.code = code
        self.opterr = opterr
        self.printed = printed
        self.message = message

    def text(self, texts: dict[int, str]) -> str:
        """The message, in the words of a flavour where these differ."""
        if self.message is not None:
            return self.message
        message = texts.get(self.code, TEXTS[self.code])
        return f"{message} [opterr={self.opterr}]" if self.opterr else message


def as_failure(error: StorageError, texts: dict[int, str]) -> ApiFailureError:
    """What a caller sees: four details, the second empty, the fourth what was printed."""
    if error.code in _OF_XAPI:
        return ApiFailureError(*_OF_XAPI[error.code])
    return ApiFailureError(f"SR_BACKEND_FAILURE_{error.code}", "", error.text(texts), error.printed)
