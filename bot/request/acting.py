"""What people do to a request: each function returns the events that follow, or raises Refused.

Pure: the caller commits what is returned against the version that it decided on.
"""

from __future__ import annotations

from dataclasses import replace

from bot.request import events as e
from bot.request.found import OfferedLun, Protocol, Target
from bot.request.model import Address, Kind, Request, Rival, State
from bot.request.owning import Own, allow_own, shown_plan
from bot.request.plan import Purpose
from bot.request.refused import Refused

MOST_LUN_ID = 255
"""The storage manager does not support LUN ids above this (XenServer documentation, iSCSI SRs)."""

Events = tuple[e.Event, ...]


def pick_target(request: Request, actor: str, finding: str, target: Target, now: float) -> Events:
    """Take one of the targets that discovery offered; `finding` is the discovery that the picker showed."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.CHOOSING_TARGET or request.targets is None or request.targets.id != finding:
        raise Refused("picker_is_old")
    return (e.TargetPicked(at=now, actor=actor, target=target),)


def pick_lun(  # noqa: PLR0913, PLR0917 - what was shown, who took what of it, and what else is known
    request: Request, actor: str, finding: str, offered: OfferedLun, now: float, rivals: tuple[Rival, ...] = ()
) -> Events:
    """Take one of the LUNs; one that is used, unsupported or without a SCSIid is refused.

    `rivals` are the other requests at the same LUN: the requester is told about them at once.
    """
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.CHOOSING_LUN or request.luns is None or request.luns.id != finding:
        raise Refused("picker_is_old")
    refuse_unusable(request, offered)
    return (e.LunPicked(at=now, actor=actor, lun=offered.lun, rivals=rivals),)


def refuse_unusable(request: Request, offered: OfferedLun) -> None:
    """Raise Refused for a LUN that can't be taken."""
    used = offered.used_by
    if used is not None and not (request.purpose is Purpose.ATTACH and used.pool == request.pool and not used.attached):
        raise Refused("lun_in_use", sr_name=used.sr_name, sr_uuid=used.sr_uuid, pool=used.pool)
    if request.kind is Kind.ISCSI and unsupported(offered):
        raise Refused("lun_unsupported", lun_id=str(offered.lun.lun_id))
    if not offered.lun.scsi_id:
        raise Refused("lun_without_scsi_id", lun_id=str(offered.lun.lun_id))


def unsupported(offered: OfferedLun) -> bool:
    """Say whether the storage manager can't use a LUN of an array with this id."""
    return offered.lun.lun_id is not None and offered.lun.lun_id > MOST_LUN_ID


def change_target(request: Request, actor: str, now: float) -> Events:
    """Go back to the targets."""
    allow_own(request, actor, Own.PICK, now)
    if request.targets is None or request.state is State.CHOOSING_TARGET:
        raise Refused("not_now")
    return (e.TargetReopened(at=now, actor=actor),)


def change_lun(request: Request, actor: str, now: float) -> Events:
    """Go back to the LUNs."""
    allow_own(request, actor, Own.PICK, now)
    if request.luns is None or request.state not in {State.CONFIRMING, State.PAUSED, State.FOUND_SR}:
        raise Refused("not_now")
    return (e.LunReopened(at=now, actor=actor),)


def change_address(request: Request, actor: str, address: Address, credential: str | None, now: float) -> Events:
    """Discover anew, at another address or with another credential."""
    allow_own(request, actor, Own.PICK, now)
    if request.purpose is Purpose.FORMAT:
        raise Refused("not_now")
    return (e.TargetsWanted(at=now, actor=actor, address=address, credential=credential),)


def change_credential(request: Request, actor: str, credential: str | None, now: float) -> Events:
    """Look at the share once more, with another credential: NFS knows none."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.PAUSED or request.share is None or request.share.protocol is not Protocol.SMB:
        raise Refused("not_now")
    return (e.CredentialPicked(at=now, actor=actor, credential=credential),)


def try_again(request: Request, actor: str, now: float) -> Events:
    """Do the step once more that could not be done, or that showed less than it should."""
    allow_own(request, actor, Own.PICK, now)
    among_luns = request.kind is Kind.HBA and request.state is State.CHOOSING_LUN
    if request.state not in {State.PAUSED, State.CONFIRMING} and not among_luns:
        raise Refused("not_now")
    if _is_placed(request):
        return (e.InspectionWanted(at=now, actor=actor),)
    if request.target is not None or request.kind is Kind.HBA:
        return (e.LunsWanted(at=now, actor=actor),)
    if request.address is None:
        return (e.PlacesWanted(at=now, actor=actor),)
    wanted = e.TargetsWanted(at=now, actor=actor, address=request.address, credential=request.credential)
    return (wanted,)


def _is_placed(request: Request) -> bool:
    """Whether it is known what to look at: a LUN, an SR, a share, a device, or what was typed."""
    share = request.share is not None and bool(request.share.path)
    local = bool(request.host and request.device)
    return request.lun is not None or share or local or bool(request.sr or request.given)


def attach_found(request: Request, actor: str, plan_number: int, now: float) -> Events:
    """Go on with the SR that was found on the LUN."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.FOUND_SR or request.held:
        raise Refused("not_now")
    shown_plan(request, plan_number)
    return (e.AttachChosen(at=now, actor=actor, plan_number=plan_number),)


def accept_hosts(request: Request, actor: str, plan_number: int, now: float) -> Events:
    """Accept by name that some hosts don't see the LUN: that makes another plan, which says so."""
    allow_own(request, actor, Own.PICK, now)
    plan = shown_plan(request, plan_number)
    if request.state is not State.CONFIRMING or plan.blind == plan.accepted:
        raise Refused("not_now")
    accepting = replace(plan, number=plan.number + 1, accepted=plan.blind)
    return (e.HostsAccepted(at=now, actor=actor, plan=accepting),)


def cancel(request: Request, actor: str, now: float) -> Events:
    """Withdraw the request, as long as nothing was changed for it."""
    allow_own(request, actor, Own.CANCEL, now)
    return (e.Cancelled(at=now, actor=actor),)


def expire(request: Request, now: float) -> Events:
    """End a request whose time is over; but not where a run is already changing the pool."""
    if request.ended or request.expires_at is None or now < request.expires_at or request.work.changing:
        return ()
    return (e.Expired(at=now),)
