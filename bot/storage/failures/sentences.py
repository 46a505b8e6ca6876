"""What people are told, by reason: what happened, then what to do next. Plain text, no names or numbers."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SM_LOG = "/var/log/SMlog on the pool master"
_XAPI_LOG = "/var/log/xensource.log on the pool master"
_ASK_LOG = f"Look into {_SM_LOG} for the time of this request, put the cause right, and try again."


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reason` is a stable snake_case code; the other two are whole sentences."""

    reason: str
    sentence: str
    next_step: str


def _table(rows: Mapping[str, tuple[str, str]]) -> Mapping[str, Explanation]:
    return MappingProxyType({reason: Explanation(reason, *texts) for reason, texts in rows.items()})


# Reaching the array and logging in to it.
_TARGET: Final = {
    "address_missing": (
        "XenServer got no address to look for targets at.",
        "Give the address of the array's iSCSI portal.",
    ),
    "name_not_resolved": (
        "The pool's hosts can't resolve that name.",
        "Check the spelling and the DNS servers of the hosts, or give the portal's IP address, without a path.",
    ),
    "port_invalid": ("That is no TCP port.", "Give a port from 1 to 65535; iSCSI uses 3260."),
    "target_unreachable": (
        "Nothing answers for iSCSI on that address and port.",
        "Check the address and the port, the array's iSCSI service, and the firewalls and VLANs on the way there.",
    ),
    "login_refused": (
        "The array refused the iSCSI login.",
        "Check that the host reaches the portal, the array allows its initiator IQN, and CHAP is right.",
    ),
    "iqn_missing": (
        "XenServer wants to know which target it should log in to.",
        "Look for the targets again and pick an IQN.",
    ),
    "iqn_invalid": ("That is not a well-formed IQN.", "Look for the targets again and pick the IQN from the list."),
    "iqn_not_offered": (
        "The array doesn't offer that IQN any more.",
        "Look for the targets again and pick one that is there now.",
    ),
    "iqn_mismatch": (
        "The array answered with another IQN than the one asked for.",
        "Look for the targets again; if it stays so, check the target's name on the array.",
    ),
    "initiator_iqn_missing": (
        "The host has no initiator IQN.",
        "Set the iSCSI IQN of the host in its settings, allow it on the array, and try again.",
    ),
    "initiator_iqn_busy": (
        "The host couldn't set its initiator IQN: it has sessions open under another one.",
        "Put the host's IQN back, or detach its other iSCSI storage first, and try again.",
    ),
    "iscsi_service_failed": (
        "The iSCSI service on the host doesn't work as it should.",
        "Check the iscsid service on the host, restart it if no storage is in use through it, and try again.",
    ),
    "secret_missing": (
        "The CHAP password that was stored on the pool for this request is gone.",
        "Try again; the password is then stored anew.",
    ),
    "no_targets": (
        "The array answers, but offers no target to this pool.",
        "Allow the initiator IQNs of the hosts on a target of the array, and look again.",
    ),
}

# The LUN and what is made on it.
_LUN: Final = {
    "no_luns": (
        "The login worked, but the target shows no LUN to this pool.",
        "Map a LUN to the initiator IQNs of the hosts on the array, and look again.",
    ),
    "lun_gone": (
        "The host doesn't see that LUN any more.",
        "Check on the array that the LUN is still mapped to every host, look for LUNs again, and pick anew.",
    ),
    "lun_in_use": (
        "The LUN is in use already, by an SR or by something else on a host.",
        "Pick another LUN, or find out who uses this one and have it freed.",
    ),
    "device_missing": (
        "The login worked, but the LUN didn't appear as a disk on the host.",
        "Check that the LUN is mapped to this host, and under an id of at most 255. Then try again.",
    ),
    "lun_is_root_disk": ("That LUN is the disk the host itself runs from.", "Pick another LUN."),
    "lun_cloned": (
        "The host sees the same volume under several SCSIids, as a clone or a snapshot of a LUN looks.",
        "Take the copy's mapping away on the array, and try again.",
    ),
    "sr_exists": ("There is an SR of that UUID already.", "Look at the list of SRs before you try again."),
    "sr_not_empty": ("The SR still has disks in it.", "Move or delete its disks first."),
    "volume_missing": (
        "The SR's volume group isn't on that LUN.",
        "Check that it is the right LUN and that nobody has overwritten it.",
    ),
    "lvm_failed": (
        "The host couldn't write the SR's volumes onto the LUN.",
        f"Check that the hosts may write to the LUN and that its sectors have 512 bytes. {_ASK_LOG}",
    ),
    "not_on_master": (
        "That works only on the pool master, and the call reached another host.",
        "Try again; if it stays so, check which host is the pool master now.",
    ),
    "metadata_failed": ("The SR's own records couldn't be read or written.", _ASK_LOG),
    "io_failed": (
        "Reading or writing on the storage failed.",
        f"Check the array, the network and the paths to it, and look into {_SM_LOG}. Then try again.",
    ),
    "storage_busy": ("The storage is busy at the moment.", "Wait a minute and try again."),
    "multipath_failed": (
        "Multipathing on the host didn't bring up the LUN.",
        "Check multipathd, multipath.conf and the paths to the LUN on the host (multipath -ll), and try again.",
    ),
    "scan_failed": ("The SR couldn't be scanned.", _ASK_LOG),
    "backend_failed": ("The storage manager failed and doesn't say at what.", _ASK_LOG),
}

# The pool and its hosts.
_POOL: Final = {
    "host_unreachable": (
        "The host doesn't answer.",
        "Check that it is powered on and that its management network works, and try again.",
    ),
    "host_starting": ("The host is still starting.", "Wait until it is up, and try again."),
    "host_disabled": (
        "The host is disabled: it is in maintenance, or not up yet.",
        "Take it out of maintenance, or wait until it is up, and try again.",
    ),
    "host_emergency": (
        "The host has lost its pool master and runs in emergency mode.",
        "Bring the pool master back or appoint another, and try again.",
    ),
    "master_changed": (
        "That host is no longer the pool master.",
        "Try again; if it stays so, put the present pool master's address into the configuration.",
    ),
    "pool_upgrading": ("The pool is being upgraded.", "Finish the upgrade on all hosts, and try again."),
    "xen_login_refused": (
        "XenServer refused the login.",
        "An operator must check the user and the password configured for this pool.",
    ),
    "session_lost": (
        "XenServer ended the session in the middle of the work.",
        "Look at the list of SRs for what came of it, and try again.",
    ),
    "permission_missing": (
        "The XenServer user may not do that.",
        "An operator must give the user configured for this pool the role pool-operator.",
    ),
    "sr_type_unknown": (
        "This pool has no driver for that type of SR.",
        "Choose another type, or install the driver on every host.",
    ),
    "not_supported": ("This pool can't do that with that type of SR.", "Choose another type or another pool."),
    "licence_missing": ("The pool's licence doesn't cover that.", "Use another pool, or have the licence changed."),
    "sr_known": (
        "The pool knows an SR of that UUID already.",
        "Look at the list of SRs; repair that one, or forget it before you attach it anew.",
    ),
    "sr_attached": ("The SR is still attached to a host.", "Detach it from every host first."),
    "sr_not_shared": (
        "The SR is attached to another host and isn't marked as shared.",
        "Detach it there first, or attach it as a shared SR.",
    ),
    "pbd_exists": ("The host has a connection to that SR already.", "Look at the list of SRs, and repair that one."),
    "operation_in_progress": ("XenServer is busy with the same object.", "Wait until that is done, and try again."),
    "not_allowed": (
        "XenServer doesn't allow that in the present state.",
        "Look at the SR and its hosts, and try again when that has changed.",
    ),
    "object_gone": (
        "Something that the request relies on is no longer in the pool.",
        "Look at the list of SRs, and start anew.",
    ),
    "task_cancelled": ("Somebody or something cancelled the work on XenServer.", "Find out who, and try again."),
    "call_not_understood": (
        "This release of XenServer doesn't understand the call.",
        f"An operator should look into {_XAPI_LOG} and check the release.",
    ),
    "xapi_failed": (
        "XenServer's toolstack failed by an error of its own.",
        f"Look into {_XAPI_LOG} for the time of this request, and try again.",
    ),
    "unreadable_answer": (
        "XenServer's answer is cut off or damaged, so nothing is done on the strength of it.",
        f"Try again; if it stays so, look into {_SM_LOG}.",
    ),
    "tls_mismatch": (
        "The host's certificate isn't the one that is expected.",
        "An operator must check the CA file or the fingerprint configured for this pool.",
    ),
}

SENTENCES: Final[Mapping[str, Explanation]] = _table(_TARGET | _LUN | _POOL)
