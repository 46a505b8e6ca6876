"""What each event adds to a request, beside its state."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from bot.request import events as e
from bot.request.approving import Approval
from bot.request.model import Request, State, Work

S = State


@singledispatch
def absorb(event: e.Event, request: Request) -> Request:
    """Add to the request what the event says, beside its state."""
    del event
    return request


@absorb.register
def _started(event: e.StepStarted, request: Request) -> Request:
    return replace(request, work=replace(_moved(request.work, event.at), started_at=event.at))


@absorb.register
def _progressed(event: e.Progressed, request: Request) -> Request:
    changing = request.work.changing or event.changing
    work = replace(_moved(request.work, event.at), doing=event.doing, changing=changing)
    return replace(request, work=work)


def _moved(work: Work, at: float) -> Work:
    """What it waited for is over."""
    return replace(work, moved_at=at, noticed_at=None, notice="")


@absorb.register
def _noticed(event: e.Noticed, request: Request) -> Request:
    return replace(request, work=replace(request.work, noticed_at=event.at, notice=event.why))


@absorb.register
def _step_failed(event: e.StepFailed, request: Request) -> Request:
    """What was approved did not run; going on makes a plan that has to be approved anew."""
    kept = request if request.state is S.REPAIRING else _undecided(request)
    return replace(kept, trouble=event.trouble)


def _undecided(request: Request) -> Request:
    """Without anything that was decided about a plan."""
    decided = replace(request, approvals=(), awaited=(), readings=(), charges=(), approved_at=None, held_until=None)
    return replace(decided, claimed_by="", claimed_at=None)


@absorb.register(e.RunFailed)
@absorb.register(e.LostTrack)
def _failed(event: e.RunFailed | e.LostTrack, request: Request) -> Request:
    return replace(request, trouble=event.trouble)


@absorb.register
def _targets_found(event: e.TargetsFound, request: Request) -> Request:
    return replace(_without_target(request), targets=event.finding)


@absorb.register
def _target_picked(event: e.TargetPicked, request: Request) -> Request:
    every = request.all_targets and bool(event.target.all_of)
    return replace(request, target=event.target, target_was_only_one=event.only_one, all_targets=every)


@absorb.register
def _luns_found(event: e.LunsFound, request: Request) -> Request:
    return replace(_without_lun(request), luns=event.finding)


@absorb.register
def _lun_picked(event: e.LunPicked, request: Request) -> Request:
    return replace(request, lun=event.lun, plan=None, rivals=event.rivals)


@absorb.register
def _places_found(event: e.PlacesFound, request: Request) -> Request:
    return replace(_without_place(request), places=event.finding)


@absorb.register(e.HostPicked)
@absorb.register(e.HostTaken)
def _host_picked(event: e.HostPicked | e.HostTaken, request: Request) -> Request:
    """The places were hosts: what was typed of the device stays."""
    return _without_place(replace(request, host=event.place.value, places=None))


@absorb.register
def _place_picked(event: e.PlacePicked, request: Request) -> Request:
    if request.share is not None:
        return replace(_without_place(request), share=replace(request.share, path=event.place.value))
    return replace(_without_place(request), device=event.place.value)


@absorb.register
def _places_wanted(event: e.PlacesWanted, request: Request) -> Request:
    kept = replace(_undecided(_without_place(request)), places=None)
    return replace(kept, host="") if event.anew else kept


@absorb.register
def _place_reopened(_event: e.PlaceReopened, request: Request) -> Request:
    return _without_place(request)


@absorb.register
def _sr_picked(event: e.SrPicked, request: Request) -> Request:
    return replace(_without_lun(request), wanted=event.sr)


@absorb.register
def _srs_found(event: e.SrsFound, request: Request) -> Request:
    return replace(_plan_made(event, request), held=event.held)


def _without_place(request: Request) -> Request:
    """A share without a path is a server whose exports are asked for; before a host is picked there are no devices."""
    share = replace(request.share, path="") if request.places and request.share else request.share
    device = "" if request.places and request.host else request.device
    return replace(_without_lun(request), share=share, device=device, held=(), wanted="")


@absorb.register(e.PlanMade)
@absorb.register(e.SrFound)
def _plan_made(event: e.PlanMade | e.SrFound | e.SrsFound, request: Request) -> Request:
    made = replace(_undecided(request), plan=event.plan, plan_number=event.plan.number, rivals=event.rivals)
    may_override = isinstance(event, e.SrFound) and event.may_override
    return replace(made, trouble=None, held=(), may_override=may_override)


@absorb.register
def _hosts_accepted(event: e.HostsAccepted, request: Request) -> Request:
    return replace(request, plan=event.plan, plan_number=event.plan.number)


@absorb.register
def _followed(event: e.Followed, request: Request) -> Request:
    return replace(request, ended_by=event.actor, followed_by=event.by)


@absorb.register
def _targets_wanted(event: e.TargetsWanted, request: Request) -> Request:
    cleared = replace(_undecided(_without_target(request)), targets=None, target_was_only_one=False)
    return replace(cleared, address=event.address, credential=event.credential)


@absorb.register
def _credential_picked(event: e.CredentialPicked, request: Request) -> Request:
    return replace(_undecided(request), credential=event.credential)


@absorb.register
def _target_reopened(_event: e.TargetReopened, request: Request) -> Request:
    return replace(_without_target(request), target_was_only_one=False)


@absorb.register
def _lun_reopened(_event: e.LunReopened, request: Request) -> Request:
    return _without_lun(request)


def _without_target(request: Request) -> Request:
    return replace(_without_lun(request), target=None, luns=None)


def _without_lun(request: Request) -> Request:
    return replace(request, lun=None, plan=None, trouble=None, rivals=())


@absorb.register
def _approval_requested(event: e.ApprovalRequested, request: Request) -> Request:
    asked = replace(request, approval_asked_at=event.at, awaited=event.awaited, ruled=event.ruled)
    return replace(asked, call_at=event.call_at, step_up=event.step_up)


@absorb.register
def _called(event: e.Called, request: Request) -> Request:
    return replace(request, call_at=event.call_at)


@absorb.register
def _approved(event: e.Approved, request: Request) -> Request:
    yes = Approval(event.actor or "", event.at, event.plan_digest, event.typed, event.stepped_up)
    done = replace(request, claimed_by="", claimed_at=None) if request.claimed_by == yes.actor else request
    return replace(done, approvals=(*request.approvals, yes), awaited=event.awaited)


@absorb.register
def _claimed(event: e.Claimed, request: Request) -> Request:
    return replace(request, claimed_by=event.actor or "", claimed_at=event.at)


@absorb.register
def _question_asked(event: e.QuestionAsked, request: Request) -> Request:
    return replace(request, question=(event.actor or "", event.text))


@absorb.register
def _withdrawn(event: e.ApprovalWithdrawn, request: Request) -> Request:
    left = tuple(yes for yes in request.approvals if yes.actor != event.actor)
    return replace(request, approvals=left, awaited=event.awaited)


@absorb.register
def _queued(event: e.Queued, request: Request) -> Request:
    decided = replace(request, approved_at=event.at, ruled=event.ruled, awaited=())
    return replace(decided, readings=event.readings, charges=event.charges, held_until=None)


@absorb.register
def _reopened(event: e.ApprovalReopened, request: Request) -> Request:
    """Those who approved stay; what it was decided by does not."""
    undecided = replace(_undecided(request), approvals=request.approvals, approval_asked_at=event.at)
    asked = replace(undecided, awaited=event.awaited, ruled=event.ruled, work=_idle(request.work))
    return replace(asked, call_at=event.call_at, step_up=event.step_up)


@absorb.register
def _held(event: e.Held, request: Request) -> Request:
    held = replace(request, held_until=event.until, held_because=event.because)
    return replace(held, held_by=event.by, held_why=event.why, work=_idle(request.work))


def _idle(work: Work) -> Work:
    """Nobody works at the step."""
    return Work(work.step, work.asked_at)


@absorb.register
def _released(_event: e.Released, request: Request) -> Request:
    return replace(request, held_until=None)


@absorb.register(e.Rejected)
@absorb.register(e.Cancelled)
def _ended(event: e.Rejected | e.Cancelled, request: Request) -> Request:
    return replace(request, ended_by=event.actor, ended_because=event.because)


@absorb.register
def _went_stale(event: e.WentStale, request: Request) -> Request:
    return replace(request, changes=event.changes)


@absorb.register(e.Created)
@absorb.register(e.CreatedPartly)
@absorb.register(e.Done)
def _created(event: e.Created | e.CreatedPartly | e.Done, request: Request) -> Request:
    return replace(request, outcome=event.outcome, trouble=None)
