"""What people read for each reason that a step could not be done: a sentence, and the next step.

The reasons of XenServer's own texts have theirs in `bot.storage`; here stand those that name what the request knows.
"""

from __future__ import annotations

from typing import Final

from bot.slack.cards.sentences import NO_PATH, NOT_ALLOWED

ROWS: Final[dict[str, tuple[str, str]]] = {
    "frozen": (
        "The pool is frozen, so nothing is started there.",
        "Try again once it is thawed.",
    ),
    "target_unreachable": (
        "Nothing answers for iSCSI at {address}.",
        "Check the address and the port, and the way from the pool to the array. Then try again or change the address.",
    ),
    "name_not_resolved": (
        "The pool's hosts can't resolve {address}.",
        "Check the spelling and the hosts' DNS, or change the address to an IP address.",
    ),
    "chap_wrong": (
        "The array refused the CHAP login with the credential {credential}.",
        "Change the credential, or check its password, the array's access list and its portals, then try again.",
    ),
    "chap_missing": (
        "The array refused the login, which went without a CHAP credential.",
        "Change the credential if the array wants CHAP; else check its access list and its portals, then try again.",
    ),
    "iqn_not_offered": (
        "The array no longer offers {iqn}.",
        "Try again if that may have been passing, or pick another target.",
    ),
    "no_luns": (
        "The login to {iqn} worked, but no LUN is mapped to this pool.",
        "Map a LUN to the initiator IQNs of all hosts on the array, then try again.",
    ),
    "no_targets": (
        "The array at {address} answers, but offers no target that may be used.",
        "Allow the hosts' initiator IQNs on the array, or ask the operator which addresses are allowed.",
    ),
    "lun_in_use": ("The LUN is in use: {sr_name} {sr_uuid} {pool}.", "Pick another LUN."),
    "lun_gone": (
        "The LUN that was picked is gone since the pick.",
        "Check its mapping on the array and try again, or pick another LUN.",
    ),
    "no_sr_on_lun": (
        "The LUN holds no SR that could be attached.",
        "Pick another LUN, or ask for a new SR with `/sr add iscsi` or `/sr add hba`.",
    ),
    "several_srs": (
        "The LUN holds several SRs: {sr_uuid}.",
        "Pick another LUN, or have this one looked at on the hosts of the pool that made them.",
    ),
    "sr_gone": (
        "The LUN no longer holds the SR {sr_uuid} that was to be formatted over. Nothing was changed.",
        "Ask anew with `/sr`: the LUN is then looked at from the start.",
    ),
    "looked_too_long_ago": (
        "A pool or srbot's ledger took too long, and what was seen of the LUN was old by then. Nothing was changed.",
        "Have an operator look at the pools and at the ledger's server, then ask anew.",
    ),
    "leads_elsewhere": (
        "The pool knows the SR {sr_uuid} on another way than to this LUN: {what}. This LUN may be a copy of its own.",
        "Pick the SR's own LUN, the way that the pool knows, or forget the pool's record of it first. Then try again.",
    ),
    "lun_taken": (
        "The plan of request {request} runs on the same storage, or nobody knows yet what became of it.",
        "Look at the card of that request; a quarter of an hour after its end, try again.",
    ),
    "lun_not_seen": (
        "XenServer host {host} doesn't see the LUN.",
        "Map the LUN to that host's initiator IQN on the array, then try again.",
    ),
    "lun_not_shown": (
        "The adapters of XenServer host {host} don't show the LUN.",
        "Zone and map the LUN to that host's Fibre Channel or SAS ports too, then try again.",
    ),
    "no_adapter_luns": (
        "The adapters of the pool master show no LUN that could be used.",
        "Zone and map a LUN that no SR of the pool is on to the ports of all hosts, then try again.",
    ),
    "lun_known_here": (
        "The pool knows this LUN by now, as that of the SR {sr_name} {sr_uuid}.",
        "Pick another LUN, or plug that SR where it isn't: `/sr repair`.",
    ),
    "hosts_disagree": (
        "XenServer host {host} sees something else on the LUN than the pool master does.",
        "Check on the array that both are shown the same LUN, then try again.",
    ),
    "host_busy": (
        "XenServer host {host} has the LUN open already, outside of any SR.",
        "Look for a multipath map or a mount of it on that host, then try again, or pick another LUN.",
    ),
    "unreadable": (
        "What is on the LUN can't be read, so it doesn't count as free.",
        "Try again; if it stays so, have the LUN looked at on the array.",
    ),
    "host_unreachable": (
        "XenServer host {host} doesn't answer.",
        "Check that it is switched on, reachable from the worker and from the pool's other hosts, then try again.",
    ),
    "connection_lost": (
        "The connection to XenServer host {host} broke off before it had answered.",
        "Check that the host is on and that its toolstack runs, then try again.",
    ),
    "xen_login_refused": (
        "XenServer refused the login that is configured for this pool.",
        "An operator must correct the user or the password of the pool, then try again.",
    ),
    "xen_timeout": ("XenServer did not answer in time.", "Look at the pool's tasks, then try again."),
    "host_iqn_missing": (
        "The XenServer host {host} has no initiator IQN.",
        "Give it one in its settings, allow it on the array, then try again.",
    ),
    "host_iqn_duplicate": (
        "The hosts {hosts} have the same initiator IQN {iqn}, so an array can't tell them apart.",
        "Give each host an IQN of its own, allow them on the array, then try again.",
    ),
    "multihomed_elsewhere": (
        "The hosts {hosts} use multipathing: they would log in to {count} portals of the target that are not allowed.",
        "Ask the operator to allow those portals, or switch multipathing off on the hosts, then try again.",
    ),
    "multihomed_not_allowed": (
        "With multihomed=yes every host would log in to {count} portals of the target that are not allowed.",
        "Ask the operator to allow those portals, or ask anew with multihomed=no.",
    ),
    "all_targets_not_allowed": (
        "With target=* every host would log in at {count} portals that are not allowed.",
        "Ask the operator to allow those portals, and the credential for them, or ask anew without target=*.",
    ),
    "too_many_targets": (
        "The array offers {count} targets; target=* is for one that shows the same LUNs by a few.",
        "Ask anew without target=*, and pick one target.",
    ),
    "targets_differ": (
        "The array offers the hosts other targets than those that were found: {what}.",
        "Look for the targets anew, or have the array's access list put right.",
    ),
    "all_targets_refused": (
        "None of the array's targets let the host in.",
        "Check the credential, the array's access list and its portals, then try again.",
    ),
    "address_not_allowed": (NOT_ALLOWED, "Change the address, or ask the operator to allow it."),
    "credential_not_for_address": (
        "The credential {credential} may not be sent to {address}.",
        "Change the credential, or ask the operator to allow it for that address.",
    ),
    "credential_missing": (
        "The worker can't read the password of the credential {credential}.",
        "An operator must put its configuration right, then try again.",
    ),
    "pool_not_configured": ("The worker knows no pool {pool}.", "An operator must put the configuration right."),
    "pool_password_missing": (
        "The worker can't read the password of pool {pool}.",
        "An operator must put its configuration right, then try again.",
    ),
    "pool_not_asked": (
        "Pool {pool} could not be asked whether it uses this storage, so it counts as in use.",
        "Have that pool reachable from the worker, or its configuration corrected, then try again.",
    ),
    "pool_busy": ("The pool is busy with the same storage.", "Wait a minute, then try again."),
    "not_approved": ("What should have run isn't what was approved.", "Ask for approval again."),
    "hosts_not_accepted": (
        "Some host of the pool doesn't see the LUN, and nobody has accepted that.",
        "Have the LUN shown to every host, or accept it on the card, and ask for approval again.",
    ),
    "expired": ("The time for this request was over before it ran.", "Ask anew."),
    "pbd_missing": (
        "XenServer made no PBD for host {host}.",
        "`/sr repair` makes and plugs what is missing, once approved.",
    ),
    "pbd_unplugged": (
        "The PBD of host {host} is not plugged.",
        "`/sr repair` plugs it, once approved, and says what keeps it from that.",
    ),
    "sr_unknown": (
        "The pool has no SR with the UUID or the name {sr}.",
        "Look at `/sr list`: capitals count in a name. Then ask with what stands there.",
    ),
    "sr_ambiguous": (
        "Several SRs of the pool have the name {sr}: {sr_uuid}.",
        "Ask with the UUID of the one that is meant; `/sr show` tells more about each.",
    ),
    "sr_is_tools": (
        "The SR {sr_name} holds XenServer's own tools, and stays as it is.",
        "Ask for another SR: `/sr list` shows them all.",
    ),
    "sr_not_attached": (
        "The SR {sr_name} is attached to no host.",
        "Attach it with `/sr repair` if that is what is missing; if not, there is nothing to do.",
    ),
    "sr_holds_no_disks": (
        "The SR {sr_name} holds ISOs and no disks, so it can't be the pool's default.",
        "Ask for an SR that holds disks: `/sr list` shows them all.",
    ),
    "sr_only_forgotten": (
        "The SR {sr_name} shows files that a server shares, or drives of a host: they are not the pool's to erase.",
        "Forget it instead: `/sr forget`.",
    ),
    "sr_indestructible": (
        "The SR {sr_name} is marked as indestructible on the pool.",
        "Forget it instead with `/sr forget`, or have that mark taken from its other-config, then try again.",
    ),
    "sr_in_use_by_vms": (
        "The SR {sr_name} holds disks that are open now, of {vms}.",
        "Shut these VMs down, or move their disks to another SR, then try again.",
    ),
    "no_exports": (
        "The server {address} lists no exports: it may serve NFS 4 alone, or not tell.",
        "Type the path of the export, or have the server list it, then try again.",
    ),
    "no_sr_on_share": (
        "There is no SR on the share that could be attached.",
        "Check the server and the path, or ask for a new SR there with `/sr add`.",
    ),
    "sr_not_on_share": (
        "There is no SR {sr_uuid} on the share.",
        "Check the UUID, the server and the path; without a UUID, srbot lists the SRs that are there.",
    ),
    "sr_in_use": (
        "The SR {sr_uuid} is in use: as {sr_name} of pool {pool}.",
        "Have it forgotten there first, then try again. The pool's own comes back with `/sr repair`.",
    ),
    "share_leads_elsewhere": (
        "The pool knows the SR {sr_uuid} on another way than from this share: {what}. This one may be a copy.",
        "Ask with the server and path that the SR has, or forget the pool's record of it first. Then try again.",
    ),
    "share_unreadable": (
        "What is on the share can't be read, so nothing is made or attached there.",
        "Try again; if it stays so, have the share looked at on the server.",
    ),
    "nfs_version_unsupported": (
        "The NFS server doesn't offer the NFS version that was asked for.",
        "Ask anew with `version=3`, or `version=4.1`, whichever the server offers, or switch that version on there.",
    ),
    "share_in_use": (
        "The pool has this share already, as the SR {sr_name} {sr_uuid}.",
        "Use that SR: `/sr show` tells more about it, `/sr repair` plugs it where it isn't.",
    ),
    "type_not_supported": (
        "Pool {pool} has no driver for SRs of the type {type}.",
        "Ask for it in another pool, or have the driver installed.",
    ),
    "path_not_allowed": (
        NO_PATH,
        "Ask the operator to add it, or the folder that it is in, to `paths` of `[local]` in the configuration.",
    ),
    "device_not_by_id": (
        "The device {path} may be another disk after the host's next start.",
        "Give it by its id, as it stands in /dev/disk/by-id of that host.",
    ),
    "host_unknown": (
        "The pool has no single host with the UUID or the name {host}.",
        "Pick another host, or ask with the UUID of the one that is meant.",
    ),
    "host_wanted": (
        "Only one host has an SR of the type {type}, and the pool has several hosts.",
        "Ask anew, with `host=` and the name of the host.",
    ),
    "host_not_wanted": (
        "All hosts of the pool share an SR of the type {type}.",
        "Ask anew, without `host=`.",
    ),
    "no_devices": (
        "The pool knows no device of the host {host} that may be used: it tells only of disks behind adapters.",
        "Type the path of the device, as it stands in /dev/disk/by-id of that host.",
    ),
    "device_elsewhere": (
        "The device {path} is listed by {hosts}, and not by the host {host}.",
        "Ask anew with the host that has it, or for another device.",
    ),
    "key_names_lun": (
        "The key {key} names a LUN, and of this type of SR nobody could say who uses that already.",
        "Ask for an SR on a LUN with `/sr add iscsi` or `/sr add hba`.",
    ),
    "key_unknown": (
        "The pool's driver for SRs of the type {type} has no key {key}: the nearest is {near}, of {known}.",
        "Ask anew, with the keys that the driver has.",
    ),
    "key_missing": (
        "The pool's driver for SRs of the type {type} needs {key} too.",
        "Ask anew, with all that the driver needs.",
    ),
    "place_taken": (
        "The storage is in use by the SR {sr_name} {sr_uuid} of pool {pool}.",
        "Pick or ask for another, or use that SR: `/sr show` tells more about it.",
    ),
    "storage_holds_sr": (
        "There is an SR on the storage already, {sr_uuid}: nothing is made over it.",
        "Pick or ask for another, or have that SR taken from it on the host first.",
    ),
    "no_sr_on_device": (
        "The device holds no SR that the pool's drivers for local storage know.",
        "Pick or type another device, or ask for a new SR there with `/sr add local`: that erases it.",
    ),
    "several_srs_on_device": (
        "The device holds several SRs: {sr_uuid}.",
        "Pick or type another device, or have this one looked at on its host.",
    ),
    "sr_of_other_type": (
        "The SR {sr_uuid} on the device is of the type {type}, and not of the one that was asked for.",
        "Ask anew with that type, or without `type=`.",
    ),
    "device_leads_elsewhere": (
        "The pool knows the SR {sr_uuid} on another way than from here: {what}. What is here may be a copy.",
        "Ask with the host and the path that the pool knows, or forget its record of the SR first. Then try again.",
    ),
    "storage_unreadable": (
        "What is on the storage can't be read, so nothing is made or attached there.",
        "Try again; if it stays so, have the storage looked at on its host or server.",
    ),
    "outcome_unknown": (
        "XenServer did not say how this ended for the SR.",
        "Look at the pool before anything else is done with the storage.",
    ),
    "left_behind": (
        "Not all that was begun with the SR {sr_uuid} could be done, nor could all of it be taken back.",
        "Look on the pool for that SR and its PBDs: `/sr repair` plugs them, `/sr forget` removes the records.",
    ),
    "unknown": (
        "XenServer refused, with an error that srbot has no words for.",
        "Look at what XenServer wrote and into /var/log/xensource.log on the pool master, then try again.",
    ),
    "internal": (
        "srbot itself failed at this step.",
        "Try again; if it stays so, give the operator the reference below.",
    ),
}
OF_SRS: Final[dict[str, tuple[str, str]]] = {
    "lun_in_use": (
        "The SR or its storage is in use: {sr_name} {sr_uuid} {pool}.",
        "Have it freed there first, then try again.",
    ),
}
"""What is said differently about an SR that the pool knows: nobody has picked a LUN."""
