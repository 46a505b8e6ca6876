"""A story for each state that a request can be in, and for what matters more about it than its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot import deciding
from bot.request import events as e
from bot.request.found import Finding, Protocol, Share, Trouble
from bot.request.lifecycle import begin
from bot.request.model import Kind, State
from tests import stories
from tests.stories import REQUESTER, SECOND_APPROVER, STANDING, Story

_LOST: Final = Trouble("outcome_unknown")


def looking_for_places() -> Story:
    """Of a server whose exports are asked for."""
    share = Share(Protocol.NFS, "10.0.0.9", "")
    asked = stories.asked(kind=Kind.NFS, share=share, address=None, credential=None)
    return Story(begin(asked), [asked])


def choosing_place() -> Story:
    story = looking_for_places()
    return story.happens([e.PlacesFound(at=story.now, step=1, finding=Finding("places1", 2))])


def inspecting() -> Story:
    return stories.choosing_lun().lun_is_picked()


def known_here() -> Story:
    """The pool has a record of the SR on the LUN."""
    return inspecting().sr_is_found(replace(stories.attach_plan(), known=True))


def blind() -> Story:
    """One host doesn't see the LUN, and nobody has accepted that yet."""
    return inspecting().plan_is_made(replace(stories.plan(), hosts=stories.ONE_SEES))


def claimed() -> Story:
    story = stories.awaiting_approval()
    return story.happens(deciding.claim(story.request, STANDING, SECOND_APPROVER, 1, story.now))


def approved_once() -> Story:
    """Somebody has approved, and one is missing who may override."""
    story = inspecting().plan_is_made(replace(stories.plan(), not_asked=("other",)))
    return story.approval_is_requested().is_approved(SECOND_APPROVER)


def held() -> Story:
    story = stories.queued()
    return story.happens([e.Held(at=story.now, until=story.now + 60, because="quiet_hours")])


def changing() -> Story:
    return stories.running().changes_the_pool()


def repairing() -> Story:
    return stories.partial().is_retried()


def unknown() -> Story:
    story = changing()
    return story.happens([e.LostTrack(at=story.now, step=story.step, trouble=_LOST)])


def failed() -> Story:
    story = changing()
    return story.happens([e.RunFailed(at=story.now, step=story.step, trouble=_LOST)])


def rejected() -> Story:
    story = stories.awaiting_approval()
    return story.happens([e.Rejected(at=story.now, actor=SECOND_APPROVER)])


def cancelled() -> Story:
    story = stories.awaiting_approval()
    return story.happens([e.Cancelled(at=story.now, actor=REQUESTER)])


def expired() -> Story:
    story = stories.awaiting_approval()
    return story.happens([e.Expired(at=story.now)])


def stale() -> Story:
    story = stories.running()
    return story.happens([e.WentStale(at=story.now, step=story.step, changes=("the LUN's size",))])


STATES: Final[dict[State, Callable[[], Story]]] = {
    State.DISCOVERING_TARGETS: Story,
    State.CHOOSING_TARGET: stories.choosing_target,
    State.DISCOVERING_LUNS: lambda: stories.choosing_target().target_is_picked(),
    State.CHOOSING_LUN: stories.choosing_lun,
    State.DISCOVERING_PLACES: looking_for_places,
    State.CHOOSING_PLACE: choosing_place,
    State.INSPECTING: inspecting,
    State.PAUSED: lambda: inspecting().pauses(),
    State.FOUND_SR: stories.found_sr,
    State.CONFIRMING: stories.confirming,
    State.AWAITING_APPROVAL: stories.awaiting_approval,
    State.QUEUED: stories.queued,
    State.RUNNING: stories.running,
    State.REPAIRING: repairing,
    State.SUCCEEDED: stories.succeeded,
    State.PARTIAL: stories.partial,
    State.UNKNOWN: unknown,
    State.FAILED: failed,
    State.REJECTED: rejected,
    State.CANCELLED: cancelled,
    State.EXPIRED: expired,
    State.STALE: stale,
}
"""Each state once."""

VARIANTS: Final[dict[str, Callable[[], Story]]] = {
    "found_sr known here": known_here,
    "confirming blind": blind,
    "awaiting claimed": claimed,
    "awaiting approved once": approved_once,
    "queued held": held,
    "running changing": changing,
}
"""What people may do depends on more than the state here."""
