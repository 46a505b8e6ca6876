"""How a request moves: one table (state, event) -> state, and the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.request import events as e
from bot.request.absorbing import absorb
from bot.request.model import CHOOSING, ENDS, Kind, Request, State, Work


class Impossible(Exception):  # noqa: N818 - it names what happened, as a refusal does
    """This can't happen to a request in this state."""


S = State
_MENDABLE: Final = (S.DISCOVERING_TARGETS, S.DISCOVERING_LUNS, S.DISCOVERING_PLACES, S.INSPECTING)
_BEFORE_A_CHANGE: Final = (
    *_MENDABLE,
    S.CHOOSING_TARGET,
    S.CHOOSING_LUN,
    S.CHOOSING_PLACE,
    S.PAUSED,
    S.FOUND_SR,
    S.CONFIRMING,
    S.AWAITING_APPROVAL,
    S.QUEUED,
    S.RUNNING,
)

TABLE: Final[dict[tuple[State, type[e.Event]], State]] = {
    (S.DISCOVERING_TARGETS, e.TargetsFound): S.CHOOSING_TARGET,
    (S.CHOOSING_TARGET, e.TargetPicked): S.DISCOVERING_LUNS,
    (S.DISCOVERING_LUNS, e.LunsFound): S.CHOOSING_LUN,
    (S.CHOOSING_LUN, e.LunPicked): S.INSPECTING,
    (S.DISCOVERING_PLACES, e.PlacesFound): S.CHOOSING_PLACE,
    (S.CHOOSING_PLACE, e.HostPicked): S.DISCOVERING_PLACES,
    (S.CHOOSING_PLACE, e.HostTaken): S.INSPECTING,
    (S.CHOOSING_PLACE, e.PlacePicked): S.INSPECTING,
    (S.CHOOSING_PLACE, e.PlacesWanted): S.DISCOVERING_PLACES,
    (S.PAUSED, e.PlacePicked): S.INSPECTING,
    (S.PAUSED, e.PlacesWanted): S.DISCOVERING_PLACES,
    (S.PAUSED, e.PlaceReopened): S.CHOOSING_PLACE,
    (S.FOUND_SR, e.PlaceReopened): S.CHOOSING_PLACE,
    (S.CONFIRMING, e.PlaceReopened): S.CHOOSING_PLACE,
    (S.INSPECTING, e.PlanMade): S.CONFIRMING,
    (S.INSPECTING, e.SrFound): S.FOUND_SR,
    (S.INSPECTING, e.SrsFound): S.FOUND_SR,
    (S.FOUND_SR, e.NewChosen): S.CONFIRMING,
    (S.FOUND_SR, e.SrPicked): S.INSPECTING,
    (S.FOUND_SR, e.AttachChosen): S.CONFIRMING,
    (S.FOUND_SR, e.Followed): S.CANCELLED,
    (S.CONFIRMING, e.HostsAccepted): S.CONFIRMING,
    (S.CONFIRMING, e.ApprovalRequested): S.AWAITING_APPROVAL,
    (S.AWAITING_APPROVAL, e.Approved): S.AWAITING_APPROVAL,
    (S.AWAITING_APPROVAL, e.Called): S.AWAITING_APPROVAL,
    (S.AWAITING_APPROVAL, e.Claimed): S.AWAITING_APPROVAL,
    (S.AWAITING_APPROVAL, e.QuestionAsked): S.AWAITING_APPROVAL,
    **{(state, e.ApprovalWithdrawn): state for state in (S.AWAITING_APPROVAL, S.QUEUED, S.RUNNING)},
    (S.AWAITING_APPROVAL, e.Queued): S.QUEUED,
    (S.AWAITING_APPROVAL, e.Rejected): S.REJECTED,
    (S.QUEUED, e.StepStarted): S.RUNNING,
    (S.QUEUED, e.Held): S.QUEUED,
    (S.QUEUED, e.Released): S.QUEUED,
    (S.QUEUED, e.ApprovalReopened): S.AWAITING_APPROVAL,
    (S.RUNNING, e.Held): S.QUEUED,
    (S.RUNNING, e.ApprovalReopened): S.AWAITING_APPROVAL,
    (S.RUNNING, e.StepStarted): S.RUNNING,
    (S.RUNNING, e.Progressed): S.RUNNING,
    (S.RUNNING, e.Created): S.SUCCEEDED,
    (S.RUNNING, e.CreatedPartly): S.PARTIAL,
    (S.RUNNING, e.Done): S.SUCCEEDED,
    (S.RUNNING, e.StepFailed): S.PAUSED,
    (S.RUNNING, e.RunFailed): S.FAILED,
    (S.RUNNING, e.LostTrack): S.UNKNOWN,
    (S.RUNNING, e.WentStale): S.STALE,
    (S.QUEUED, e.StepFailed): S.PAUSED,
    (S.QUEUED, e.Noticed): S.QUEUED,
    (S.RUNNING, e.Noticed): S.RUNNING,
    (S.PARTIAL, e.RetryWanted): S.REPAIRING,
    (S.REPAIRING, e.StepStarted): S.REPAIRING,
    (S.REPAIRING, e.Progressed): S.REPAIRING,
    (S.REPAIRING, e.Noticed): S.REPAIRING,
    (S.REPAIRING, e.Created): S.SUCCEEDED,
    (S.REPAIRING, e.CreatedPartly): S.PARTIAL,
    (S.REPAIRING, e.StepFailed): S.PARTIAL,
    **{(state, e.StepStarted): state for state in _MENDABLE},
    **{(state, e.Progressed): state for state in _MENDABLE},
    **{(state, e.Noticed): state for state in _MENDABLE},
    **{(state, e.StepFailed): S.PAUSED for state in _MENDABLE},
    **{(state, e.TargetsWanted): S.DISCOVERING_TARGETS for state in CHOOSING},
    (S.PAUSED, e.LunsWanted): S.DISCOVERING_LUNS,
    (S.CHOOSING_LUN, e.LunsWanted): S.DISCOVERING_LUNS,
    (S.PAUSED, e.InspectionWanted): S.INSPECTING,
    (S.CONFIRMING, e.InspectionWanted): S.INSPECTING,
    (S.PAUSED, e.CredentialPicked): S.INSPECTING,
    (S.PAUSED, e.TargetReopened): S.CHOOSING_TARGET,
    (S.CHOOSING_LUN, e.TargetReopened): S.CHOOSING_TARGET,
    (S.FOUND_SR, e.TargetReopened): S.CHOOSING_TARGET,
    (S.CONFIRMING, e.TargetReopened): S.CHOOSING_TARGET,
    (S.PAUSED, e.LunReopened): S.CHOOSING_LUN,
    (S.FOUND_SR, e.LunReopened): S.CHOOSING_LUN,
    (S.CONFIRMING, e.LunReopened): S.CHOOSING_LUN,
    **{(state, e.Cancelled): S.CANCELLED for state in _BEFORE_A_CHANGE},
    **{(state, e.Expired): S.EXPIRED for state in _BEFORE_A_CHANGE},
}
"""Every move there is. What is not here cannot happen."""

_NEW_STEP: Final = (
    e.TargetPicked,
    e.LunPicked,
    e.HostPicked,
    e.HostTaken,
    e.PlacePicked,
    e.SrPicked,
    e.TargetsWanted,
    e.LunsWanted,
    e.PlacesWanted,
    e.InspectionWanted,
    e.CredentialPicked,
    e.Queued,
    e.Released,
    e.RetryWanted,
)
"""The events that hand the next move to a worker."""

_BEFORE_CHANGING: Final = (e.Cancelled, e.Expired, e.StepFailed, e.Held, e.ApprovalReopened, e.ApprovalWithdrawn)
"""What can't happen any more once the pool is being changed."""

_REPORTS: Final = (
    e.StepStarted,
    e.Progressed,
    e.Noticed,
    e.StepFailed,
    e.TargetsFound,
    e.LunsFound,
    e.PlacesFound,
    e.PlanMade,
    e.SrFound,
    e.SrsFound,
    e.WentStale,
    e.Created,
    e.CreatedPartly,
    e.Done,
    e.RunFailed,
    e.LostTrack,
)


def fold(events: Iterable[e.Event]) -> Request:
    """Replay a request from its first event; raises Impossible for a sequence that can't have happened."""
    rest = iter(events)
    request = begin(next(rest))
    for event in rest:
        request = apply(request, event)
    return request


def begin(event: e.Event) -> Request:
    """Make the request that its first event asked for."""
    if not isinstance(event, e.Asked):
        message = f"a request starts by being asked, not by {type(event).__name__}"
        raise Impossible(message)
    return Request(
        id=event.request,
        version=1,
        state=_first_state(event),
        team=event.team,
        channel=event.channel,
        requester=event.requester,
        pool=event.pool,
        address=event.address,
        asked_at=event.at,
        changed_at=event.at,
        times=event.times,
        work=Work(step=1, asked_at=event.at),
        name=event.name,
        reason=event.reason,
        credential=event.credential,
        target=event.target,
        lun=event.lun,
        expires_at=event.at + event.times.choice,
        purpose=event.purpose,
        dies=event.dies,
        typed=event.typed,
        follows=event.follows,
        kind=event.kind,
        share=event.share,
        sr=event.sr,
        host=event.host,
        device=event.device,
        sr_type=event.sr_type,
        given=event.given,
        wanted=event.wanted,
        multihomed=event.multihomed,
        all_targets=event.all_targets,
    )


def _first_state(event: e.Asked) -> State:
    if event.sr or event.lun is not None or event.given:
        return S.INSPECTING
    if event.kind is Kind.HBA:
        return S.DISCOVERING_LUNS
    if event.share is not None:
        return S.INSPECTING if event.share.path else S.DISCOVERING_PLACES
    if event.kind in {Kind.LOCAL, Kind.ISO}:
        return S.INSPECTING if event.host and event.device else S.DISCOVERING_PLACES
    return S.DISCOVERING_TARGETS


def apply(request: Request, event: e.Event) -> Request:
    """Move the request by one event; raises Impossible where the table has no such move."""
    state = TABLE.get((request.state, type(event)))
    if state is None:
        message = f"{type(event).__name__} can't happen to a request that is {request.state}"
        raise Impossible(message)
    _check_step(request, event)
    moved = replace(
        absorb(event, request),
        state=state,
        version=request.version + 1,
        changed_at=event.at,
    )
    return _next_step(_deadline(request.state, moved, event), event)


def _check_step(request: Request, event: e.Event) -> None:
    if isinstance(event, _REPORTS) and event.step != request.work.step:
        message = f"step {event.step} is over: the request is at step {request.work.step}"
        raise Impossible(message)
    if isinstance(event, _BEFORE_CHANGING) and request.work.changing:
        message = f"{type(event).__name__} comes too late: the run is changing the pool"
        raise Impossible(message)


def _deadline(before: State, request: Request, event: e.Event) -> Request:
    """Set how long the state just entered may last. A run keeps its approval's; an end has none, nor its repair."""
    if request.state is before or request.state is S.RUNNING or isinstance(event, e.Held):
        return request
    if request.state in ENDS or request.state is S.REPAIRING:
        return replace(request, expires_at=None)
    return replace(request, expires_at=event.at + _patience(request, event))


def _patience(request: Request, event: e.Event) -> float:
    """Give the seconds that the policy says; where it says nothing, those of the request."""
    if isinstance(event, e.ApprovalRequested | e.ApprovalReopened):
        return event.waits or request.times.approval
    if isinstance(event, e.Queued):
        return event.within or request.times.approval
    return request.times.choice


def _next_step(request: Request, event: e.Event) -> Request:
    if not isinstance(event, _NEW_STEP):
        return request
    return replace(request, trouble=None, work=Work(step=request.work.step + 1, asked_at=event.at))
