"""The ways on from where a request stands: what its card has buttons for, beside the rows of its picker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot import deciding
from bot.deciding import Standing
from bot.ledger.store import new_id
from bot.request import acting, placing
from bot.request import events as e
from bot.request.grammar.paths import read_path
from bot.request.grammar.slip import Slip
from bot.request.model import Request
from bot.request.refused import Refused
from bot.settings import Settings
from bot.slack.cards import buttons
from bot.slack.cards.card import request_card
from bot.slack.cards.sentences import WENT_ON
from bot.slack.elsewhere import MisreadError, go_there, log_in_otherwise, read_place
from deploy.requests.desk import Desk
from deploy.requests.refused import RequestRefusedError

_END: Final = "The SR on it is destroyed. Type the last characters of the LUN's SCSIid"
_CREDENTIAL: Final = "Credential, by its name (empty: the one that is configured, if any)"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who chose a way at which plan, with which words, when, and what is decided by."""

    settings: Settings
    actor: str
    number: int
    words: tuple[str, ...]
    standing: Standing
    now: float


Way = Callable[[Request, Choice], Sequence[e.Event]]
"""From the request as it is to what follows from a way that was chosen. Raises Refused, RequestRefusedError."""

Go = Callable[[Desk, Request, tuple[str, ...]], Request]
"""Go a way, with the words that it asks for; gives the request that goes on."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen: how it is shown, the words that it asks for, and what it does."""

    shown: str
    go: Go
    asks: tuple[str, ...] = ()


def ways_on(request: Request) -> Iterator[Offer]:
    """Give the ways that the request's card shows at this moment."""
    for block in request_card(request).blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            yield from _offers(request, element["action_id"], element)


def _offers(request: Request, action: str, element: Mapping[str, Any]) -> Iterator[Offer]:
    if action == buttons.ATTACH_ONE:
        yield from (_attaching(held.uuid, held.name) for held in request.held)
    elif action == buttons.FORMAT_OVER:
        yield Offer(_words(element), _format_over, (_END,))
    elif action in WAYS:
        way, asks = WAYS[action]
        yield Offer(_words(element), committing(way), asks)


def _words(element: Mapping[str, Any]) -> str:
    return str(element["text"]["text"]).removesuffix("…")


def committing(way: Way) -> Go:
    """Go a way by one step of the request."""

    def go(sits: Desk, request: Request, words: tuple[str, ...]) -> Request:
        actor, number = sits.worker.person, request.plan_number

        def decide(now_is: Request, standing: Standing, now: float) -> Sequence[e.Event]:
            return way(now_is, Choice(sits.settings, actor, number, words, standing, now))

        return sits.does(request.id, decide)

    return go


def _attaching(uuid: str, name: str) -> Offer:
    def attach(request: Request, choice: Choice) -> Sequence[e.Event]:
        return placing.attach_one(request, choice.actor, choice.number, uuid, choice.now)

    return Offer(f"Attach the SR {name or 'without a name'} ({uuid})", committing(attach))


def _format_over(sits: Desk, request: Request, words: tuple[str, ...]) -> Request:
    """Begin the request that lets the SR die, and end the one that found it; both by one code."""
    actor, number, new = sits.worker.person, request.plan_number, new_id()

    def follow(before: Request, standing: Standing, now: float) -> tuple[e.Asked, e.Followed]:
        return deciding.format_over(before, standing, actor, number, words[0], new, now)

    follow(request, sits.standing(sits.members()), time.time())
    step = sits.confirmed(request.channel)
    standing = sits.standing(sits.members(again=True))
    asked, _ = follow(sits.request(request.id), standing, time.time())
    after = sits.ledger.open(replace(asked, code_step=step, via=sits.worker.via))
    try:
        sits.ledger.commit(request.id, lambda it: [replace(follow(it, standing, time.time())[1], via=sits.worker.via)])
    except Refused:
        sits.ledger.commit(new, lambda _: [e.Cancelled(at=time.time(), because=WENT_ON)])
        raise
    return after


def _typed_place(request: Request, choice: Choice) -> Sequence[e.Event]:
    path = read_path(choice.words[0])
    if isinstance(path, Slip):
        raise RequestRefusedError(path.sentence)
    return placing.type_place(request, choice.actor, path, choice.now)


def _elsewhere(request: Request, choice: Choice) -> Sequence[e.Event]:
    address, credential = choice.words
    try:
        place = read_place(choice.settings, address, credential or None)
    except MisreadError as error:
        raise RequestRefusedError(str(error)) from None
    return go_there(request, choice.actor, place, choice.now)


def _otherwise(request: Request, choice: Choice) -> Sequence[e.Event]:
    """Another credential: for the address that was searched, or for the share."""
    if request.address is not None:
        there = replace(choice, words=(str(request.address), *choice.words))
        return _elsewhere(request, there)
    try:
        return log_in_otherwise(choice.settings, request, choice.actor, choice.words[0] or None, choice.now)
    except MisreadError as error:
        raise RequestRefusedError(str(error)) from None


WAYS: Final[Mapping[str, tuple[Way, tuple[str, ...]]]] = {
    buttons.ATTACH_FOUND: (lambda it, choice: acting.attach_found(it, choice.actor, choice.number, choice.now), ()),
    buttons.MAKE_NEW: (lambda it, choice: placing.make_new(it, choice.actor, choice.number, choice.now), ()),
    buttons.ACCEPT_HOSTS: (lambda it, choice: acting.accept_hosts(it, choice.actor, choice.number, choice.now), ()),
    buttons.RETRY: (lambda it, choice: deciding.retry(it, choice.standing, choice.actor, choice.now), ()),
    buttons.TRY_AGAIN: (lambda it, choice: acting.try_again(it, choice.actor, choice.now), ()),
    buttons.CHANGE_TARGET: (lambda it, choice: acting.change_target(it, choice.actor, choice.now), ()),
    buttons.CHANGE_LUN: (lambda it, choice: acting.change_lun(it, choice.actor, choice.now), ()),
    buttons.CHANGE_PLACE: (lambda it, choice: placing.change_place(it, choice.actor, choice.now), ()),
    buttons.LOOK_FOR_PLACES: (lambda it, choice: placing.look_for_places(it, choice.actor, choice.now), ()),
    buttons.OTHER_HOST: (lambda it, choice: placing.look_for_places(it, choice.actor, choice.now, anew=True), ()),
    buttons.TYPE_PLACE: (_typed_place, ("Path",)),
    buttons.CHANGE_ADDRESS: (_elsewhere, ("Address", _CREDENTIAL)),
    buttons.CHANGE_CREDENTIAL: (_otherwise, (_CREDENTIAL,)),
}
"""What follows from each button by which somebody goes on with a request, and the words that are asked for."""
