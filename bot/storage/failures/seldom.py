"""What people are told for the storage manager's errors that no flow of ours meets: they come in by pasted texts.

One row a reason: the numbers that it stands for, what happened, what to do next (SM: drivers/XE_SR_ERRORCODES.xml).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.storage.failures.sentences import Explanation

if TYPE_CHECKING:
    from collections.abc import Mapping

_Row = tuple[tuple[int, ...], str, str]

_LOG_STEP: Final = "Look into /var/log/SMlog on the host for the time of the failure."
_AGAIN_STEP: Final = "Try again; if it stays so, look into /var/log/SMlog on the host."
_CALLER_STEP: Final = "Check the settings that were given for the SR, letter by letter; their keys are case-sensitive."
_DISK_STEP: Final = "Scan the SR and try again; if it stays so, look into /var/log/SMlog on the host."
_NETAPP_STEP: Final = "XenServer has given up its NetApp adapter: use the array over plain iSCSI or NFS."
_EQUALLOGIC_STEP: Final = "XenServer has given up its EqualLogic adapter: use the array over plain iSCSI."

_SETTINGS: Final[dict[str, _Row]] = {
    "argument_invalid": ((1,), "The storage manager was given a setting that it can't use.", _CALLER_STEP),
    "character_invalid": ((2,), "A character in the SR's settings is not allowed there.", _CALLER_STEP),
    "request_invalid": ((143,), "The storage manager can't make sense of the request.", _CALLER_STEP),
    "setting_missing": ((115,), "Not every setting that this type of SR needs was given.", _CALLER_STEP),
    "lun_id_missing": ((89,), "No LUN id was given.", "Look for LUNs first, then give the LUNid of one of them."),
    "serial_missing": ((98,), "No serial number of a LUN was given.", "Look for LUNs first, then give one's serial."),
    "device_not_given": (
        (90,),
        "No device was given for the SR.",
        "Give device=/dev/disk/by-id/... for a local SR, or a SCSIid for one on Fibre Channel.",
    ),
    "device_path_invalid": (
        (91,),
        "The device that was given is no path of a disk on the host.",
        "Look under /dev/disk/by-id on the host and give one of the paths there.",
    ),
    "location_missing": ((94,), "No location was given for the SR.", "Give location=SERVER:/PATH, or a share."),
    "one_lun_only": (
        (99, 449),
        "A shared SR of this type takes one LUN, and several were given.",
        "Give one SCSIid; make a second SR for a second LUN.",
    ),
    "root_disk_missing": (
        (118,),
        "The host can't tell which disk it runs from, so it touches none.",
        f"Check the host's own disk and boot device. {_LOG_STEP}",
    ),
    "record_malformed": (
        (49, 413),
        "The storage manager was given XML that can't be read.",
        _AGAIN_STEP,
    ),
    "character_illegal": (
        (447,),
        "A name or a description holds a character that XML can't carry.",
        "Take control characters out of the names of the SR and its disks.",
    ),
    "kernel_unsupported": (
        (448,),
        "The storage manager doesn't know the kernel of this host.",
        "Check that the host's storage manager and kernel come from the same release, and that no update is half done.",
    ),
}

_NFS: Final[dict[str, _Row]] = {
    "nfs_version_unsupported": (
        (72,),
        "The NFS server doesn't offer the NFS version that was asked for.",
        "Give nfsversion=3 or 4.1, whichever the server offers, or switch that version on there.",
    ),
    "nfs_mount_failed": (
        (73,),
        "The host couldn't mount the NFS export.",
        "Check the path, that the export allows every host of the pool, and the NFS version.",
    ),
    "nfs_unmount_failed": (
        (74,),
        "The host couldn't unmount the NFS export.",
        "Check which process on the host still uses it, and whether the server answers.",
    ),
    "nfs_mounted_already": (
        (75,),
        "The NFS export is mounted on that host already.",
        "Look at the list of SRs for the one that uses it; if there is none, unmount it on the host.",
    ),
    "nfs_folder_not_removed": (
        (76,),
        "The mount point of the NFS export couldn't be removed.",
        "Look under /run/sr-mount on the host for what is left in it.",
    ),
    "nfs_create_failed": (
        (88,),
        "The SR's folder couldn't be made on the NFS export.",
        "Allow the hosts to write as root on the export (no_root_squash), and check its free space.",
    ),
    "export_missing": (
        (101,),
        "No path of an NFS export was given.",
        "Give serverpath=... with one of the server's exports; showmount -e SERVER lists them.",
    ),
    "server_missing": (
        (102,),
        "No file server was given.",
        "Give server=ADDRESS, for SMB server=\\\\SERVER\\SHARE.",
    ),
    "export_path_invalid": (
        (103,),
        "The path on the file server is not a valid one.",
        "Give the path as the server exports it, beginning with a slash for NFS 3.",
    ),
    "nfs_unreachable": (
        (108,),
        "No NFS service answers at that address.",
        "Check the address, the server's NFS service, and the firewalls for TCP port 2049.",
    ),
}

_SMB: Final[dict[str, _Row]] = {
    "smb_mount_failed": (
        (111,),
        "The host couldn't mount the SMB share.",
        "Check the share's name, the user (DOMAIN\\user), the password and the SMB version of the server.",
    ),
    "smb_unmount_failed": (
        (112,),
        "The host couldn't unmount the SMB share.",
        "Check which process on the host still uses it, and whether the server answers.",
    ),
    "smb_mounted_already": (
        (113,),
        "The SMB share is mounted on that host already.",
        "Look at the list of SRs for the one that uses it; if there is none, unmount it on the host.",
    ),
    "smb_folder_not_removed": (
        (114,),
        "The mount point of the SMB share couldn't be removed.",
        "Look under /run/sr-mount on the host for what is left in it.",
    ),
    "smb_create_failed": (
        (116,),
        "The SR's folder couldn't be made on the SMB share.",
        "Allow the user to write on the share, and check its free space.",
    ),
    "smb_characters_unsupported": (
        (446,),
        "XenServer takes only ASCII characters in SMB paths, users, passwords and file names.",
        "Rename what has other characters, or use another share or user.",
    ),
    "share_not_writable": (
        (461,),
        "The hosts can't write to the file system of the SR.",
        "Check that it isn't exported read-only, and that root of the hosts may write (no_root_squash).",
    ),
}

_ISO: Final[dict[str, _Row]] = {
    "iso_location_missing": ((220,), "The ISO library has no location.", "Give location=SERVER:/PATH, or a share."),
    "iso_name_invalid": (
        (221,),
        "An ISO image must have a name that ends in .iso.",
        "Rename the file, and scan again.",
    ),
    "iso_mount_failed": (
        (222,),
        "The host couldn't mount the ISO library's folder.",
        "Check the path or the share, the hosts' access to it, the user and the password, and the version.",
    ),
    "iso_unmount_failed": (
        (223,),
        "The host couldn't unmount the ISO library's folder.",
        "Eject its images from all VMs, and try again.",
    ),
    "iso_share_not_found": (
        (224,),
        "The ISO library's share isn't there, or the host may not read it.",
        "Check the share's name and who may read it.",
    ),
    "iso_location_invalid": (
        (225,),
        "The ISO library's location is not written as it must be.",
        "Write SERVER:/PATH for NFS, or \\\\SERVER\\SHARE for SMB.",
    ),
    "iso_folder_missing": (
        (226,),
        "The host has no folder of that path.",
        "Make the folder on the host, or correct it.",
    ),
    "iso_smb_version_invalid": ((227,), "That version of SMB isn't supported.", "Give vers=3.0, or vers=1.0."),
    "iso_options_invalid": (
        (228,),
        "The options of the ISO library don't begin with -o.",
        'Write options="-o ...", or give type=cifs with username and cifspassword instead.',
    ),
}

_FILES: Final[dict[str, _Row]] = {
    "file_sr_create_failed": (
        (61,),
        "The SR's folder couldn't be made on the file system.",
        "Check that the folder's parent is there and can be written to.",
    ),
    "file_sr_folder_not_removed": ((62,), "A folder of the SR couldn't be removed.", "Look for what is left in it."),
    "file_sr_delete_failed": ((63,), "The SR's files couldn't be deleted.", "Check that they can be written to."),
    "ocfs_failed": (
        (450, 451, 452),
        "The host couldn't make, mount or unmount the OCFS file system.",
        "XenServer has no OCFS any more: use another type of SR.",
    ),
    "zfs_create_failed": (
        (5000,),
        "The SR couldn't be made on the ZFS pool.",
        "Check with zpool status on the host that the pool is there, and that location= names its mount point.",
    ),
    "zfs_delete_failed": (
        (5001,),
        "The SR couldn't be removed from the ZFS pool.",
        "Check with zpool status on the host that the pool is there and nothing else uses it.",
    ),
}

_VOLUMES: Final[dict[str, _Row]] = {
    "lock_failed": (
        (37,),
        "The storage manager couldn't lock or unlock something it works on.",
        f"Wait a minute and try again. {_LOG_STEP}",
    ),
    "sr_log_failed": ((41,), "The SR's journal couldn't be read or written.", _LOG_STEP),
    "resize_failed": ((59,), "A logical volume couldn't be resized.", "Check the SR's free space, and scan it."),
    "volume_size_invalid": ((60,), "A logical volume can't have that size.", "Give a size that the SR can hold."),
    "volume_not_found": (
        (100,),
        "A logical volume that the SR's records name isn't there.",
        "Check that the right LUN is attached, and look at it with lvs on the pool master.",
    ),
    "refcount_failed": ((104,), "The host couldn't open a file in which it counts users of a disk.", _LOG_STEP),
    "group_register_failed": ((455,), "The SR's volume group couldn't be registered on the host.", _LOG_STEP),
    "provisioning_full": (
        (180,),
        "The SR has promised more space than it has, and the LUN is full.",
        "Make the LUN larger on the array and scan the SR, or delete disks.",
    ),
    "sr_full": ((44,), "The SR has too little space left.", "Delete disks and snapshots, or make the storage larger."),
}

_DISKS: Final[dict[str, _Row]] = {
    "vdi_in_use": ((24,), "The disk is in use.", "Shut down the VM that uses it, or wait for the copy to end."),
    "vdi_exists": ((43,), "There is a disk of that UUID already.", "Scan the SR and look at its disks."),
    "vdi_unavailable": ((46,), "The disk can't be used at the moment.", _DISK_STEP),
    "vdi_remove_failed": ((64, 80), "The disk couldn't be removed.", _DISK_STEP),
    "vdi_load_failed": ((65,), "The disk's record couldn't be read.", _DISK_STEP),
    "vdi_type_invalid": ((66,), "The disk has a format that this SR doesn't know.", "Convert it, or use another SR."),
    "vdi_create_failed": ((78,), "The disk couldn't be made.", "Check the SR's free space, and try again."),
    "vdi_size_invalid": ((79,), "A disk can't have that size here.", "Give another size; VHD disks end at 2 TiB."),
    "vdi_clone_failed": ((81,), "The disk couldn't be cloned.", _DISK_STEP),
    "vdi_snapshot_failed": ((82,), "No snapshot of the disk could be made.", _DISK_STEP),
    "snapshot_chain_too_long": (
        (109,),
        "The disk has a longer chain of snapshots than is allowed.",
        "Delete snapshots and wait until the host has joined the rest, or copy the disk.",
    ),
    "vdi_resize_failed": ((110,), "The disk couldn't be resized.", "Check the SR's free space, and try again."),
    "vdi_missing": ((144,), "The disk isn't on the SR any more.", "Scan the SR and look at its disks."),
    "coalesce_given_up": (
        (204,),
        "The host gave up joining snapshots, since the disk was written to faster.",
        "Wait for a quieter hour; a pause of the VM lets it end.",
    ),
    "vbd_not_stable": (
        (205,),
        "A disk was being attached or detached while the SR was changed.",
        "Wait until no VM starts or stops, and try again.",
    ),
    "tapdisk_failed": (
        (445, 453),
        "The process that serves the disk runs already, or has failed.",
        f"Shut the VM down and start it again. {_LOG_STEP}",
    ),
    "drive_empty": ((456,), "An empty DVD drive can't be attached.", "Put an image into it, or take it away."),
    "change_tracking_failed": (
        (457, 458, 459, 460),
        "Changed block tracking of a disk doesn't work as it should.",
        "Switch it off for the disk and on again, then take a full backup.",
    ),
}

_NETAPP: Final[dict[str, _Row]] = {
    "netapp_settings": (
        (120, 121, 122, 123),
        "A setting for the NetApp adapter is missing: address, user, password or aggregate.",
        _NETAPP_STEP,
    ),
    "netapp_unreachable": (
        (124, 131, 132),
        "The NetApp filer doesn't answer, or doesn't serve iSCSI.",
        f"Check the filer and its iSCSI service. {_NETAPP_STEP}",
    ),
    "netapp_login_refused": (
        (125, 126),
        "The NetApp filer refused the user, or the user may not do that.",
        f"Check the user and its role on the filer. {_NETAPP_STEP}",
    ),
    "netapp_full": (
        (127, 128, 129),
        "The NetApp filer has no room for another volume or snapshot.",
        f"Delete snapshots or volumes on the filer. {_NETAPP_STEP}",
    ),
    "netapp_unsupported": (
        (130, 133, 134),
        "The NetApp filer's release or licence doesn't allow that.",
        _NETAPP_STEP,
    ),
    "netapp_lock_failed": ((135,), "The LUN on the NetApp filer couldn't be locked for one host.", _NETAPP_STEP),
}

_EQUALLOGIC: Final[dict[str, _Row]] = {
    "equallogic_settings": (
        (160, 161, 162, 163, 165, 166, 172, 173),
        "A setting for the EqualLogic adapter is missing or wrong.",
        f"Check address, user, password, storage pool and snapshot settings. {_EQUALLOGIC_STEP}",
    ),
    "equallogic_unreachable": (
        (164, 171),
        "The EqualLogic array takes no more sessions, or doesn't answer.",
        f"Close sessions on the array, and check its group address. {_EQUALLOGIC_STEP}",
    ),
    "equallogic_full": (
        (167,),
        "The volume on the EqualLogic array is out of space.",
        f"Give its snapshots more reserve on the array. {_EQUALLOGIC_STEP}",
    ),
    "equallogic_unsupported": (
        (168, 170),
        "The EqualLogic array or its adapter can't do that.",
        _EQUALLOGIC_STEP,
    ),
    "equallogic_login_refused": (
        (169,),
        "The EqualLogic array refused the user.",
        f"Check the user on the array. {_EQUALLOGIC_STEP}",
    ),
    "equallogic_answer_unreadable": (
        (174, 175, 176),
        "The EqualLogic array gave an answer that the adapter can't read.",
        _EQUALLOGIC_STEP,
    ),
}

_TOOLSTACK: Final[dict[str, _Row]] = {
    "toolstack_unreachable": (
        (150, 151, 152, 153, 154),
        "The storage manager couldn't ask the host's toolstack something that it needs.",
        f"Check that xapi runs on the host and that the pool master answers. {_LOG_STEP}",
    ),
    "fault_injected": (
        (203,),
        "The storage manager stopped at a point where its developers let it fail for tests.",
        "Remove the FIST files under /tmp on the host.",
    ),
}

_GROUPS: Final = (_SETTINGS, _NFS, _SMB, _ISO, _FILES, _VOLUMES, _DISKS, _NETAPP, _EQUALLOGIC, _TOOLSTACK)
_ROWS: Final = {reason: row for group in _GROUPS for reason, row in group.items()}

SENTENCES: Final[Mapping[str, Explanation]] = MappingProxyType(
    {reason: Explanation(reason, sentence, step) for reason, (_, sentence, step) in _ROWS.items()}
)
NUMBERS: Final[Mapping[int, str]] = MappingProxyType(
    {number: reason for reason, (numbers, _, _) in _ROWS.items() for number in numbers}
)
