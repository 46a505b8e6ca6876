"""The card of a request: a function of what is stored, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.request.found import Finding
from bot.request.model import Kind, Request, State
from bot.request.plan import Purpose
from bot.slack.cards import parts
from bot.slack.cards.blocks import MOST_OPTIONS, Message, header, message, quote
from bot.slack.cards.kinds import place_noun, sr_of
from bot.slack.cards.managed.wording import WORDINGS, Wording
from bot.slack.cards.states import deciding, ends, placing, preparing, running
from bot.slack.cards.states.around import Around, Body, Offers
from bot.slack.cards.texts import code

HEADLINES: Final[Mapping[State, str]] = {
    State.DISCOVERING_TARGETS: "Looking for targets",
    State.CHOOSING_TARGET: "Choose a target",
    State.DISCOVERING_LUNS: "Looking for LUNs",
    State.CHOOSING_LUN: "Choose a LUN",
    State.DISCOVERING_PLACES: "Looking for",
    State.CHOOSING_PLACE: "Choose the",
    State.INSPECTING: "Looking at what is on the LUN",
    State.PAUSED: "This needs your help",
    State.FOUND_SR: "The LUN holds an SR already",
    State.CONFIRMING: "Ready: is this what you want?",
    State.AWAITING_APPROVAL: "Waiting for approval",
    State.QUEUED: "Approved, waiting for a worker",
    State.RUNNING: "Creating the SR",
    State.REPAIRING: "Trying the hosts again",
    **ends.HEADLINES,
}
HELD: Final = "Approved, and held"
_OF_SHARES: Final[Mapping[State, str]] = {
    State.INSPECTING: "Looking at what is on the share",
    State.FOUND_SR: "There are SRs on the share already",
}
_OF_STORAGE: Final[Mapping[State, str]] = {State.INSPECTING: "Looking at the storage"}
_OF_KINDS: Final[Mapping[Kind, Mapping[State, str]]] = {
    Kind.NFS: _OF_SHARES,
    Kind.SMB: _OF_SHARES,
    Kind.LOCAL: _OF_STORAGE,
    Kind.OTHER: _OF_STORAGE,
    Kind.ISO: {
        State.INSPECTING: "Looking at the pool",
        State.RUNNING: "Creating the ISO library",
        State.SUCCEEDED: "The ISO library is ready",
    },
}
_WHEN_ATTACHING: Final[Mapping[State, str]] = {State.RUNNING: "Attaching the SR", **ends.HEADLINES_WHEN_ATTACHING}


def request_card(request: Request, offers: Offers = ()) -> Message:
    """Draw a request. `offers` are the rows of its current picker, if there are few enough for a menu."""
    why = None if not request.reason else quote("Reason", request.reason)
    body = _BODIES.get(request.state, ends.body)(request, Around(offers))
    top = [header(headline(request)), parts.intro(request), why]
    # The text stays the same: Slack marks a message as edited when its text changes, not when its blocks do.
    text = f"Request {code(request.id)}: {_about(request)}"
    return message(text, [*top, *body, parts.footer(request)])


def _about(request: Request) -> str:
    chore, pool = WORDINGS.get(request.purpose), code(request.pool)
    if chore is not None:
        return chore.wish(code(request.sr), pool)
    return f"{sr_of(request.kind, request.sr_type)} for pool {pool}"


def headline(request: Request) -> str:
    """Say in a few words where a request stands."""
    if request.followed_by:
        return ends.FOLLOWED
    if request.state is State.QUEUED and request.held_until is not None:
        return HELD
    usual, chore = HEADLINES[request.state], parts.wording(request)
    if chore is not None:
        return _of_chore(chore).get(request.state, usual)
    if request.state in {State.DISCOVERING_PLACES, State.CHOOSING_PLACE}:
        return f"{usual} {place_noun(request)}{'s' if request.state is State.DISCOVERING_PLACES else ''}"
    if parts.purpose(request) is Purpose.ATTACH and request.state in _WHEN_ATTACHING:
        return _WHEN_ATTACHING[request.state]
    return _OF_KINDS.get(request.kind, {}).get(request.state, usual)


def _of_chore(chore: Wording) -> Mapping[State, str]:
    return {State.INSPECTING: "Looking at the SR", State.RUNNING: chore.doing, **ends.headlines_of(chore)}


def menu_finding(request: Request) -> Finding | None:
    """Give the discovery whose rows a card needs: the one of its picker, if its menu can hold it."""
    found = {
        State.CHOOSING_TARGET: request.targets,
        State.CHOOSING_LUN: request.luns,
        State.CHOOSING_PLACE: request.places,
    }.get(request.state)
    return found if found is not None and found.count <= MOST_OPTIONS else None


_BODIES: Final[Mapping[State, Body]] = {
    State.DISCOVERING_TARGETS: preparing.looking_for_targets,
    State.CHOOSING_TARGET: preparing.choosing_target,
    State.DISCOVERING_LUNS: preparing.looking_for_luns,
    State.CHOOSING_LUN: preparing.choosing_lun,
    State.DISCOVERING_PLACES: placing.looking_for_places,
    State.CHOOSING_PLACE: placing.choosing_place,
    State.INSPECTING: preparing.inspecting,
    State.PAUSED: preparing.paused,
    State.FOUND_SR: deciding.found_sr,
    State.CONFIRMING: deciding.confirming,
    State.AWAITING_APPROVAL: deciding.awaiting,
    State.QUEUED: running.queued,
    State.RUNNING: running.running,
    State.REPAIRING: running.repairing,
}
