"""What `srbot request` does, as lines to print. Each raises RequestRefusedError."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import click

from bot import asking, deciding
from bot.deciding import Standing, is_awaited
from bot.ledger import listing
from bot.ledger.listing import Keep, Listing, Parts
from bot.policy import Members
from bot.request import acting
from bot.request import events as e
from bot.request.grammar import Asking, Chore, ManageSr, Mistake, Whose, parse
from bot.request.lifecycle import begin
from bot.request.model import Request
from bot.settings import Settings
from bot.slack.cards.card import headline, request_card
from bot.slack.cards.requests.listed import list_message
from bot.slack.groups import UNREAD
from deploy.requests.desk import Desk, desk, plain, refusals
from deploy.requests.refused import RequestRefusedError

_OPTION: Final = re.compile(r"([A-Za-z][\w-]*=)(.*)", re.DOTALL)

Step = Callable[[Request, Standing, str, int, float], Sequence[e.Event]]
"""From a request, what is decided by, who does it, the number of the plan that they saw, and the time."""


def cancel(request: Request, _standing: Standing, actor: str, _number: int, now: float) -> Sequence[e.Event]:
    """End one's own request."""
    return acting.cancel(request, actor, now)


STEPS: Final[Mapping[str, tuple[Step, str]]] = {
    "confirm": (deciding.request_approval, "requested the approval of"),
    "claim": (deciding.claim, "are named in the thread as looking at"),
    "withdraw": (deciding.withdraw, "withdrew your approval of"),
    "cancel": (cancel, "cancelled"),
}
"""What needs no words but its name: the step, and what somebody did by it."""


def listed(settings: Settings, whose: Whose, channel: str | None) -> Iterator[str]:
    """List one's own requests; or those of a channel that wait for one, or all open ones there."""
    with desk(settings) as sits, refusals():
        members = sits.members() if whose is Whose.WAITING else UNREAD
        for where in [""] if whose is Whose.MINE else [channel] if channel else list(settings.channels):
            parts, keep = _of(sits, whose, where, members)
            yield from _pages(whose, where, Listing(sits.ledger.redis, parts, keep))


def _of(sits: Desk, whose: Whose, channel: str, members: Members) -> tuple[Parts, Keep]:
    person, now = sits.worker.person, time.time()
    if whose is Whose.MINE:
        return listing.of_person(person, now), lambda request: request.requester == person
    if whose is Whose.WAITING:
        standing = sits.standing(members)
        return listing.awaiting_in(channel), lambda request: is_awaited(request, standing, person, now)
    return listing.open_in(channel), lambda request: not request.ended


def _pages(whose: Whose, channel: str, found: Listing) -> Iterator[str]:
    position: int | None = 0
    while position is not None:
        page = found.page(position)
        yield from plain(list_message(whose, page, [""] * len(page.rows), channel))
        position = page.following


def shown(settings: Settings, request_id: str) -> Iterator[str]:
    """Show a request as its card does."""
    with desk(settings) as sits, refusals(request_id):
        yield from plain(request_card(sits.request(request_id)))


def approved(settings: Settings, request_id: str) -> Iterator[str]:
    """Show the plan, and say yes to exactly that; where an SR dies, with what has to be typed."""
    with desk(settings) as sits, refusals(request_id):
        request, actor = sits.request(request_id), sits.worker.person
        plan, words, number = request.plan, "", request.plan_number
        yield from plain(request_card(request))
        if plan is not None and plan.to_type:
            standing = sits.standing(sits.members())
            deciding.approve_typed(request, standing, actor, number, time.time(), plan.to_type, stepped_up=True)
            words = click.prompt(f"An SR is destroyed. Type {_to_type(request)}", err=True)

        def decide(now_is: Request, standing: Standing, now: float) -> Sequence[e.Event]:
            return deciding.approve_typed(now_is, standing, actor, number, now, words, stepped_up=True)

        after = sits.does(request_id, decide)
        yield f"You approved request {request_id}. Now: {headline(after)}."


def _to_type(request: Request) -> str:
    return "its name, or its UUID where it has none" if request.sr else "the last characters of the LUN's SCSIid"


def stepped(settings: Settings, request_id: str, verb: str) -> Iterator[str]:
    """Do what one of STEPS is, to a request as it is shown now."""
    return decided(settings, request_id, *STEPS[verb])


def decided(settings: Settings, request_id: str, step: Step, said: str) -> Iterator[str]:
    """Do something to a request as it is shown now."""
    with desk(settings) as sits, refusals(request_id):
        request, actor = sits.request(request_id), sits.worker.person
        number = request.plan_number
        yield from plain(request_card(request))
        after = sits.does(request_id, lambda it, standing, now: step(it, standing, actor, number, now))
        yield f"You {said} request {request_id}. Now: {headline(after)}."


def asked(settings: Settings, words: Sequence[str], channel: str | None) -> Iterator[str]:
    """Make a request, of exactly what `/sr` takes."""
    command = _read(words)
    with desk(settings) as sits, refusals(changing=True):
        asker = asking.Asker(sits.worker.person, settings.slack.team, _channel(settings, channel), time.time())
        try:
            first = asking.asked(command, asker, settings)
        except asking.NotAllowed as error:
            raise RequestRefusedError(error.refusal.sentence) from None
        deciding.may_ask(begin(first), sits.standing(sits.members()))
        first = replace(first, code_step=sits.confirmed(first.channel), via=sits.worker.via)
        request = asking.open_request(first, sits.ledger, sits.standing(sits.members(again=True)))
        yield f"Request {request.id} is made, for pool {request.pool}; its card comes in the channel {request.channel}."
        yield f"`srbot request show {request.id}` says where it stands."


def _read(words: Sequence[str]) -> Asking:
    command = parse(" ".join(map(_quoted, words)))
    if isinstance(command, Mistake):
        meant = f"\nDid you mean: {command.corrected.replace('/sr', 'srbot request', 1)}" if command.corrected else ""
        raise RequestRefusedError(command.sentence + meant)
    if not isinstance(command, Asking) or (isinstance(command, ManageSr) and command.chore is Chore.SHOW):
        message = "That makes no request; `srbot request --help` shows what does."
        raise RequestRefusedError(message)
    return command


def _quoted(word: str) -> str:
    """Give a word its quotes back, which the shell has taken."""
    option = _OPTION.fullmatch(word)
    key, value = (option[1], option[2]) if option else ("", word)
    if value and " " not in value and value[0] not in "\"'":
        return word
    return f'{key}"{value.replace(chr(34), chr(34) * 2)}"'


def _channel(settings: Settings, channel: str | None) -> str:
    if channel is None and len(settings.channels) == 1:
        return next(iter(settings.channels))
    if channel is None:
        message = f"Say for which channel: --channel, one of {', '.join(settings.channels)}."
        raise RequestRefusedError(message)
    return channel
