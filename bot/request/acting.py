"""What people do to a request: each function returns the events that follow, or raises Refused.

Pure: the caller commits what is returned against the version that it decided on.
"""

from __future__ import annotations

from dataclasses import replace

from bot.request import events as e
from bot.request.found import OfferedLun, Protocol, Target
from bot.request.model import Address, Kind, Request, Rival, State
from bot.request.plan import Plan, Purpose, digest, to_type
from bot.request.policy import Action, Policy, decide, may_be_overridden, missing_people

MOST_LUN_ID = 255
"""The storage manager does not support LUN ids above this (XenServer documentation, iSCSI SRs)."""

Events = tuple[e.Event, ...]


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """The answer is no; `reason_code` says why, `facts` what the sentence names. Nothing was changed."""

    def __init__(self, reason_code: str, **facts: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.facts = facts


def pick_target(request: Request, actor: str, finding: str, target: Target, now: float) -> Events:
    """Take one of the targets that discovery offered; `finding` is the discovery that the picker showed."""
    allow_own(request, actor, Action.PICK, now)
    if request.state is not State.CHOOSING_TARGET or request.targets is None or request.targets.id != finding:
        raise Refused("picker_is_old")
    return (e.TargetPicked(at=now, actor=actor, target=target),)


def pick_lun(  # noqa: PLR0913, PLR0917 - what was shown, who took what of it, and what else is known
    request: Request, actor: str, finding: str, offered: OfferedLun, now: float, rivals: tuple[Rival, ...] = ()
) -> Events:
    """Take one of the LUNs; one that is used, unsupported or without a SCSIid is refused.

    `rivals` are the other requests at the same LUN: the requester is told about them at once.
    """
    allow_own(request, actor, Action.PICK, now)
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
    allow_own(request, actor, Action.PICK, now)
    if request.targets is None or request.state is State.CHOOSING_TARGET:
        raise Refused("not_now")
    return (e.TargetReopened(at=now, actor=actor),)


def change_lun(request: Request, actor: str, now: float) -> Events:
    """Go back to the LUNs."""
    allow_own(request, actor, Action.PICK, now)
    if request.luns is None or request.state not in {State.CONFIRMING, State.PAUSED, State.FOUND_SR}:
        raise Refused("not_now")
    return (e.LunReopened(at=now, actor=actor),)


def change_address(request: Request, actor: str, address: Address, credential: str | None, now: float) -> Events:
    """Discover anew, at another address or with another credential."""
    allow_own(request, actor, Action.PICK, now)
    if request.purpose is Purpose.FORMAT:
        raise Refused("not_now")
    return (e.TargetsWanted(at=now, actor=actor, address=address, credential=credential),)


def change_credential(request: Request, actor: str, credential: str | None, now: float) -> Events:
    """Look at the share once more, with another credential: NFS knows none."""
    allow_own(request, actor, Action.PICK, now)
    if request.state is not State.PAUSED or request.share is None or request.share.protocol is not Protocol.SMB:
        raise Refused("not_now")
    return (e.CredentialPicked(at=now, actor=actor, credential=credential),)


def try_again(request: Request, actor: str, now: float) -> Events:
    """Do the step once more that could not be done, or that showed less than it should."""
    allow_own(request, actor, Action.PICK, now)
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
    allow_own(request, actor, Action.PICK, now)
    if request.state is not State.FOUND_SR or request.held:
        raise Refused("not_now")
    shown_plan(request, plan_number)
    return (e.AttachChosen(at=now, actor=actor, plan_number=plan_number),)


def format_over(  # noqa: PLR0913, PLR0917 - who typed what for which plan, and what follows is named by
    request: Request, policy: Policy, actor: str, plan_number: int, typed: str, new_id: str, now: float
) -> tuple[e.Asked, e.Followed]:
    """Ask anew, for the same LUN with the SR on it to die; gives what begins that request and what ends this one."""
    allow_own(request, actor, Action.PICK, now)
    if request.state is not State.FOUND_SR or request.lun is None:
        raise Refused("not_now")
    plan = shown_plan(request, plan_number)
    if plan.known:
        raise Refused("sr_known_here")
    if not may_be_overridden(policy, actor):
        raise Refused("nobody_may_override")
    if typed != to_type(plan.lun):
        raise Refused("typed_differs")
    asked = e.Asked(
        at=now,
        actor=actor,
        request=new_id,
        team=request.team,
        channel=request.channel,
        requester=request.requester,
        pool=request.pool,
        address=request.address,
        times=request.times,
        name=request.name,
        reason=request.reason,
        credential=request.credential,
        purpose=Purpose.FORMAT,
        target=request.target,
        lun=request.lun,
        dies=plan.held,
        typed=typed,
        follows=request.id,
        kind=request.kind,
        multihomed=request.multihomed,
        all_targets=request.all_targets,
    )
    return asked, e.Followed(at=now, actor=actor, by=new_id)


def accept_hosts(request: Request, actor: str, plan_number: int, now: float) -> Events:
    """Accept by name that some hosts don't see the LUN: that makes another plan, which says so."""
    allow_own(request, actor, Action.PICK, now)
    plan = shown_plan(request, plan_number)
    if request.state is not State.CONFIRMING or plan.blind == plan.accepted:
        raise Refused("not_now")
    accepting = replace(plan, number=plan.number + 1, accepted=plan.blind)
    return (e.HostsAccepted(at=now, actor=actor, plan=accepting),)


def request_approval(request: Request, policy: Policy, actor: str, plan_number: int, now: float) -> Events:
    """Ask the approvers to decide about the plan shown."""
    allow_own(request, actor, Action.REQUEST_APPROVAL, now)
    plan = shown_plan(request, plan_number)
    if plan.blind != plan.accepted:
        raise Refused("hosts_not_accepted", hosts=", ".join(plan.blind))
    if plan.needs_override and not may_be_overridden(policy, request.requester):
        raise Refused("nobody_may_override")
    return (e.ApprovalRequested(at=now, actor=actor, plan_number=plan_number),)


def approve(  # noqa: PLR0913, PLR0917 - who says yes to what, under which policy, and with what words
    request: Request, policy: Policy, actor: str, plan_number: int, now: float, typed: str = ""
) -> Events:
    """Say yes to the plan shown; with enough people it goes to a worker.

    What is typed is what the plan wants typed, where an SR dies.
    """
    decision = decide(policy, request, actor, Action.APPROVE, now)
    if not decision.allowed:
        raise Refused(decision.reason_code)
    plan = shown_plan(request, plan_number)
    if plan.to_type and typed != plan.to_type:
        raise Refused("typed_differs")
    yes = e.Approved(at=now, actor=actor, plan_number=plan_number, plan_digest=digest(plan), typed=typed)
    return (yes,) if decision.missing else (yes, e.Queued(at=now))


def reject(request: Request, policy: Policy, actor: str, plan_number: int, now: float) -> Events:
    """Say no to the plan shown; that ends the request."""
    decision = decide(policy, request, actor, Action.REJECT, now)
    if not decision.allowed:
        raise Refused(decision.reason_code)
    shown_plan(request, plan_number)
    return (e.Rejected(at=now, actor=actor),)


def cancel(request: Request, actor: str, now: float) -> Events:
    """Withdraw the request, as long as nothing was changed for it."""
    allow_own(request, actor, Action.CANCEL, now)
    return (e.Cancelled(at=now, actor=actor),)


def retry(request: Request, policy: Policy, actor: str, now: float) -> Events:
    """Try the hosts again that don't see the SR."""
    decision = decide(policy, request, actor, Action.RETRY, now)
    if not decision.allowed:
        raise Refused(decision.reason_code)
    return (e.RetryWanted(at=now, actor=actor),)


def expire(request: Request, now: float) -> Events:
    """End a request whose time is over; but not where a run is already changing the pool."""
    if request.ended or request.expires_at is None or now < request.expires_at or request.work.changing:
        return ()
    return (e.Expired(at=now),)


def may_run(request: Request, policy: Policy, now: float) -> Plan:
    """Give the plan if it may run now: approved as it stands, by those who may under this policy, and in time.

    Raises Refused. The worker asks this itself, whatever the bot has decided.
    """
    if request.state not in {State.QUEUED, State.RUNNING} or request.plan is None:
        raise Refused("not_approved")
    if request.expires_at is not None and now >= request.expires_at and not request.work.changing:
        raise Refused("expired")
    if request.plan.blind != request.plan.accepted:
        raise Refused("hosts_not_accepted", hosts=", ".join(request.plan.blind))
    given = [yes for yes in request.approvals if yes.plan_digest == digest(request.plan)]
    wanted = request.plan.to_type
    if wanted:
        given = [yes for yes in given if yes.typed == wanted]
    if request.plan.purpose is Purpose.FORMAT and request.typed != wanted:
        raise Refused("not_approved")
    if missing_people(policy, request, {yes.actor for yes in given}):
        raise Refused("not_approved")
    return request.plan


def allow_own(request: Request, actor: str, action: Action, now: float) -> None:
    """Raise Refused for anybody but the requester, and where the request is past that."""
    decision = decide(Policy(frozenset()), request, actor, action, now)
    if not decision.allowed:
        raise Refused(decision.reason_code)


def shown_plan(request: Request, plan_number: int) -> Plan:
    """Give the plan that a card showed; raises Refused where there is another one by now."""
    if request.plan is None or request.plan_number != plan_number:
        raise Refused("plan_changed")
    return request.plan
