"""What people do where a place for an SR is picked: an export, a host, a device; or an SR that is there already."""

from __future__ import annotations

from typing import Final

from bot.request import events as e
from bot.request.acting import Events
from bot.request.found import Place, Usage
from bot.request.model import Kind, Request, Seeking, State
from bot.request.owning import Own, allow_own, shown_plan
from bot.request.plan import Purpose
from bot.request.refused import Refused

PICKED_BY_PLACE: Final = frozenset({Kind.NFS, Kind.LOCAL, Kind.ISO})
"""The kinds whose place is picked from a list, or typed."""


def pick_place(request: Request, actor: str, finding: str, place: Place, now: float) -> Events:
    """Take one of the places that were found; `finding` is the discovery that the picker showed."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.CHOOSING_PLACE or request.places is None or request.places.id != finding:
        raise Refused("picker_is_old")
    used = place.used_by
    if used is not None and not is_detached(request, used):
        raise Refused("place_in_use", sr_name=used.sr_name, sr_uuid=used.sr_uuid, pool=used.pool)
    return (picked(request, place, now, actor),)


def is_detached(request: Request, used: Usage) -> bool:
    """Say whether an SR on a place can be attached: the request's own pool has a record of it, and no host has it."""
    return request.purpose is Purpose.ATTACH and used.pool == request.pool and not used.attached


def picked(request: Request, place: Place, now: float, actor: str | None = None) -> e.Event:
    """Give what follows from a place that was picked: on a host, what is there may have been typed already."""
    if request.seeking is not Seeking.HOST:
        return e.PlacePicked(at=now, actor=actor, place=place)
    kind = e.HostTaken if request.device else e.HostPicked
    return kind(at=now, actor=actor, place=place)


def type_place(request: Request, actor: str, path: str, now: float) -> Events:
    """Take a path that was typed, where the server or the pool could not tell what there is."""
    allow_own(request, actor, Own.PICK, now)
    open_to_it = request.state in {State.CHOOSING_PLACE, State.PAUSED}
    if not open_to_it or request.kind not in PICKED_BY_PLACE or request.seeking is Seeking.HOST:
        raise Refused("not_now")
    return (e.PlacePicked(at=now, actor=actor, place=Place(path, path)),)


def change_place(request: Request, actor: str, now: float) -> Events:
    """Go back to the places."""
    allow_own(request, actor, Own.PICK, now)
    if request.places is None or request.state not in {State.CONFIRMING, State.PAUSED, State.FOUND_SR}:
        raise Refused("not_now")
    return (e.PlaceReopened(at=now, actor=actor),)


def look_for_places(request: Request, actor: str, now: float, *, anew: bool = False) -> Events:
    """Look for the places once more; `anew`: from the choice of the host on."""
    allow_own(request, actor, Own.PICK, now)
    if request.state not in {State.CHOOSING_PLACE, State.PAUSED}:
        raise Refused("not_now")
    return (e.PlacesWanted(at=now, actor=actor, anew=anew),)


def attach_one(request: Request, actor: str, plan_number: int, sr: str, now: float) -> Events:
    """Go on with one of the SRs that were found."""
    allow_own(request, actor, Own.PICK, now)
    shown_plan(request, plan_number)
    if request.state is not State.FOUND_SR or sr not in {held.uuid for held in request.held}:
        raise Refused("not_now")
    return (e.SrPicked(at=now, actor=actor, sr=sr),)


def make_new(request: Request, actor: str, plan_number: int, now: float) -> Events:
    """Go on with a new SR beside those that were found."""
    allow_own(request, actor, Own.PICK, now)
    if request.state is not State.FOUND_SR or not request.held or request.purpose is Purpose.ATTACH:
        raise Refused("not_now")
    shown_plan(request, plan_number)
    return (e.NewChosen(at=now, actor=actor, plan_number=plan_number),)
