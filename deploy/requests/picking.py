"""Going on with a request at the command line: a row of what was found, and of nothing newer, or another way."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final

import click

from bot.ledger.findings import Findings
from bot.request import acting, placing
from bot.request.events import Event
from bot.request.found import OfferedLun, Place, Target
from bot.request.model import Request, Rival, State
from bot.request.refused import Refused
from bot.settings import Settings
from bot.slack.cards import labels
from bot.slack.cards.card import headline
from bot.slack.cards.sentences import NOTHING_TO_CHOOSE
from deploy.requests.desk import Desk, desk, refusals
from deploy.requests.ways import Offer, committing, ways_on

Take = Callable[[Request, float], Sequence[Event]]
"""From the request as it is, and the time, to what follows from taking a row."""


def picked(settings: Settings, request_id: str) -> Iterator[str]:
    """Show what there is to take, and go on by one of it. Raises RequestRefusedError."""
    with desk(settings) as sits, refusals(request_id, changing=True):
        request = sits.request(request_id)
        rows, ways = _offers(sits, request)
        yield headline(request)
        yield from [] if rows or request.state not in _ROWS else [f"{NOTHING_TO_CHOOSE}."]
        offer = yield from _chosen([*rows, *ways])
        words = tuple(click.prompt(ask, default="", show_default=False, err=True) for ask in offer.asks)
        after = offer.go(sits, request, words)
        yield f"You picked {offer.shown}. Now: {headline(after)}."
        yield from [f"That is request {after.id} now."] if after.id != request.id else []


def _chosen(offers: Sequence[Offer]) -> Generator[str, None, Offer]:
    yield from (f"{number:>5}  {offer.shown}" for number, offer in enumerate(offers, start=1))
    number: int = click.prompt("Which one", type=click.IntRange(1, len(offers)), err=True)
    return offers[number - 1]


def _offers(sits: Desk, request: Request) -> tuple[list[Offer], list[Offer]]:
    """Give the rows that were found, and the other ways on.

    Raises Refused where there is nothing to take, or not for this person; to a partial SR others may see too.
    """
    if sits.worker.person != request.requester and request.state is not State.PARTIAL:
        raise Refused("not_the_requester")
    read = _ROWS.get(request.state)
    rows, ways = [] if read is None else read(sits, request), list(ways_on(request))
    if not rows and not ways:
        raise Refused("not_now" if read is None else "picker_is_old")
    return rows, ways


def _row(shown: str, take: Take) -> Offer:
    return Offer(shown, committing(lambda it, choice: take(it, choice.now)))


def _targets(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.targets.id if request.targets else ""

    def offer(row: Target) -> Offer:
        shown = f"{labels.target_label(row)}  {labels.target_description(row)}"
        return _row(shown, lambda it, now: acting.pick_target(it, actor, finding, row, now))

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, Target) or ()]


def _luns(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.luns.id if request.luns else ""

    def offer(row: OfferedLun) -> Offer:
        shown = f"{labels.lun_label(row)}  {labels.lun_description(row)}  ({labels.lun_group(request, row)})"
        return _row(shown, lambda it, now: acting.pick_lun(it, actor, finding, row, now, rivals_of(row)))

    def rivals_of(row: OfferedLun) -> tuple[Rival, ...]:
        return sits.ledger.rivals_at(row.lun.scsi_id or "", but=request.id)

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, OfferedLun) or ()]


def _places(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.places.id if request.places else ""

    def offer(row: Place) -> Offer:
        shown = f"{labels.place_label(row)}  {labels.place_description(row)}"
        return _row(shown, lambda it, now: placing.pick_place(it, actor, finding, row, now))

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, Place) or ()]


_ROWS: Final = {State.CHOOSING_TARGET: _targets, State.CHOOSING_LUN: _luns, State.CHOOSING_PLACE: _places}
