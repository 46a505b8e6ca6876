"""By hand: every event in every state, with the state that follows; everything else is impossible."""

from __future__ import annotations

from typing import Final

import pytest

from bot.request import events as e
from bot.request.approving import Call
from bot.request.found import Finding, Place, Trouble
from bot.request.lifecycle import Impossible, apply, fold
from bot.request.model import ENDS, Request, State
from bot.request.plan import Purpose
from tests import stories
from tests.everywhere import STATES, VARIANTS
from tests.stories import ADDRESS, LUN, TARGET, Story

WORKING: Final = "discovering_targets discovering_luns discovering_places inspecting"
CHOOSING: Final = "choosing_target choosing_lun choosing_place paused found_sr confirming"
DECIDED: Final = "awaiting_approval queued running"
STAYS: Final = ""
"""The state stays as it is."""

MOVES: Final[dict[type[e.Event], list[tuple[str, str]]]] = {
    # event: from any of these states, to that one
    e.Asked: [],
    e.StepStarted: [(f"{WORKING} running repairing", STAYS), ("queued", "running")],
    e.Progressed: [(f"{WORKING} running repairing", STAYS)],
    e.Noticed: [(f"{WORKING} queued running repairing", STAYS)],
    e.StepFailed: [(f"{WORKING} queued running", "paused"), ("repairing", "partial")],
    e.TargetsFound: [("discovering_targets", "choosing_target")],
    e.TargetPicked: [("choosing_target", "discovering_luns")],
    e.LunsFound: [("discovering_luns", "choosing_lun")],
    e.LunPicked: [("choosing_lun", "inspecting")],
    e.PlacesFound: [("discovering_places", "choosing_place")],
    e.HostPicked: [("choosing_place", "discovering_places")],
    e.HostTaken: [("choosing_place", "inspecting")],
    e.PlacePicked: [("choosing_place paused", "inspecting")],
    e.PlacesWanted: [("choosing_place paused", "discovering_places")],
    e.PlaceReopened: [("paused found_sr confirming", "choosing_place")],
    e.PlanMade: [("inspecting", "confirming")],
    e.SrFound: [("inspecting", "found_sr")],
    e.SrsFound: [("inspecting", "found_sr")],
    e.NewChosen: [("found_sr", "confirming")],
    e.SrPicked: [("found_sr", "inspecting")],
    e.AttachChosen: [("found_sr", "confirming")],
    e.HostsAccepted: [("confirming", STAYS)],
    e.Followed: [("found_sr", "cancelled")],
    e.TargetsWanted: [(CHOOSING, "discovering_targets")],
    e.LunsWanted: [("paused choosing_lun", "discovering_luns")],
    e.InspectionWanted: [("paused confirming", "inspecting")],
    e.CredentialPicked: [("paused", "inspecting")],
    e.TargetReopened: [("paused choosing_lun found_sr confirming", "choosing_target")],
    e.LunReopened: [("paused found_sr confirming", "choosing_lun")],
    e.ApprovalRequested: [("confirming", "awaiting_approval")],
    e.Approved: [("awaiting_approval", STAYS)],
    e.Queued: [("awaiting_approval", "queued")],
    e.ApprovalReopened: [("queued running", "awaiting_approval")],
    e.Held: [("queued running", "queued")],
    e.Released: [("queued", STAYS)],
    e.Called: [("awaiting_approval", STAYS)],
    e.Claimed: [("awaiting_approval", STAYS)],
    e.QuestionAsked: [("awaiting_approval", STAYS)],
    e.ApprovalWithdrawn: [(DECIDED, STAYS)],
    e.Rejected: [("awaiting_approval", "rejected")],
    e.Cancelled: [(f"{WORKING} {CHOOSING} {DECIDED}", "cancelled")],
    e.Expired: [(f"{WORKING} {CHOOSING} {DECIDED}", "expired")],
    e.WentStale: [("running", "stale")],
    e.Created: [("running repairing", "succeeded")],
    e.CreatedPartly: [("running repairing", "partial")],
    e.Done: [("running", "succeeded")],
    e.RetryWanted: [("partial", "repairing")],
    e.RunFailed: [("running", "failed")],
    e.LostTrack: [("running", "unknown")],
}
TOO_LATE: Final = {e.StepFailed, e.Cancelled, e.Expired, e.Held, e.ApprovalReopened, e.ApprovalWithdrawn}
"""What can't happen any more once the pool is being changed."""

TROUBLE: Final = Trouble("host_unreachable")
PLACE: Final = Place("/a", "/a")


def samples(request: Request, at: float) -> list[e.Event]:
    """Give one event of each type, of the step that the request is at."""
    step, number = request.work.step, request.plan_number + 1
    plan, outcome = stories.plan(number), stories.outcome()
    found = Finding("f", 1)
    return [
        stories.asked(at=at),
        e.StepStarted(at=at, step=step, worker="w"),
        e.Progressed(at=at, step=step, doing="asking"),
        e.Noticed(at=at, step=step, why="no_worker"),
        e.StepFailed(at=at, step=step, trouble=TROUBLE),
        e.TargetsFound(at=at, step=step, finding=found),
        e.TargetPicked(at=at, target=TARGET),
        e.LunsFound(at=at, step=step, finding=found),
        e.LunPicked(at=at, lun=LUN),
        e.PlacesFound(at=at, step=step, finding=found),
        e.HostPicked(at=at, place=PLACE),
        e.HostTaken(at=at, place=PLACE),
        e.PlacePicked(at=at, place=PLACE),
        e.PlacesWanted(at=at),
        e.PlaceReopened(at=at),
        e.PlanMade(at=at, step=step, plan=plan),
        e.SrFound(at=at, step=step, plan=stories.attach_plan(number)),
        e.SrsFound(at=at, step=step, plan=plan, held=(stories.HELD,)),
        e.NewChosen(at=at, plan_number=number),
        e.SrPicked(at=at, sr="uuid"),
        e.AttachChosen(at=at, plan_number=number),
        e.HostsAccepted(at=at, plan=plan),
        e.Followed(at=at, by="def567uvw"),
        e.TargetsWanted(at=at, address=ADDRESS, credential=None),
        e.LunsWanted(at=at),
        e.InspectionWanted(at=at),
        e.CredentialPicked(at=at, credential=None),
        e.TargetReopened(at=at),
        e.LunReopened(at=at),
        e.ApprovalRequested(at=at, plan_number=number),
        e.Approved(at=at, actor="U9", plan_number=number, plan_digest="d"),
        e.Queued(at=at),
        e.ApprovalReopened(at=at),
        e.Held(at=at, until=at + 1, because="quiet_hours"),
        e.Released(at=at),
        e.Called(at=at, call=Call(("UA",))),
        e.Claimed(at=at, actor="U9"),
        e.QuestionAsked(at=at, actor="U9", text="Why?"),
        e.ApprovalWithdrawn(at=at, actor="U9", plan_number=number),
        e.Rejected(at=at, actor="U9"),
        e.Cancelled(at=at),
        e.Expired(at=at),
        e.WentStale(at=at, step=step, changes=("the size",)),
        e.Created(at=at, step=step, outcome=outcome),
        e.CreatedPartly(at=at, step=step, outcome=outcome),
        e.Done(at=at, step=step, outcome=stories.managed_outcome(Purpose.SCAN)),
        e.RetryWanted(at=at),
        e.RunFailed(at=at, step=step, trouble=TROUBLE),
        e.LostTrack(at=at, step=step, trouble=TROUBLE),
    ]


def follows(state: State, event: type[e.Event]) -> State | None:
    """Read the table."""
    leads = [to or state for states, to in MOVES[event] if state in states.split()]
    return State(leads[0]) if leads else None


def happens(story: Story, event: e.Event) -> State | None:
    """Let an event happen, and look at what holds of whatever follows; None where it can't."""
    before = story.request
    try:
        after = apply(before, event)
    except Impossible:
        return None
    assert after == fold([*story.events, event])
    assert (after.version, after.changed_at) == (before.version + 1, event.at)
    assert after.work.step - before.work.step in {0, 1}
    assert after.plan_number >= before.plan_number
    assert after.state not in ENDS or after.expires_at is None
    return after.state


@pytest.mark.parametrize("state", State)
def test_every_event_in_every_state_leads_where_it_is_written(state: State) -> None:
    story = STATES[state]()
    for event in samples(story.request, story.now):
        assert happens(story, event) == follows(state, type(event)), type(event).__name__


def test_what_has_begun_to_change_the_pool_is_not_stopped_by_any_event() -> None:
    story = VARIANTS["running changing"]()
    for event in samples(story.request, story.now):
        expected = None if type(event) in TOO_LATE else follows(State.RUNNING, type(event))
        assert happens(story, event) == expected, type(event).__name__


def test_the_table_has_every_event() -> None:
    assert set(MOVES) == set(e.EVENTS)
    assert [type(event) for event in samples(Story().request, 1.0)] == list(MOVES)
