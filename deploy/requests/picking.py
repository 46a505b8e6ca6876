"""Picking a target, a LUN or a place at the command line: of the rows that were shown, and of no newer ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
from deploy.requests.desk import Desk, desk, refusals


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be picked: how it is shown, and what follows from taking it at a time."""

    shown: str
    take: Callable[[Request, float], Sequence[Event]]


def picked(settings: Settings, request_id: str) -> Iterator[str]:
    """Show what there is to pick, and take one of it. Raises RequestRefusedError."""
    with desk(settings) as sits, refusals(request_id):
        request = sits.request(request_id)
        offers = _offers(sits, request)
        yield headline(request)
        yield from (f"{number:>5}  {offer.shown}" for number, offer in enumerate(offers, start=1))
        number = click.prompt("Which one", type=click.IntRange(1, len(offers)), err=True)
        offer = offers[number - 1]
        after = sits.does(request_id, lambda it, _standing, now: offer.take(it, now))
        yield f"You picked {offer.shown}. Now: {headline(after)}."


def _offers(sits: Desk, request: Request) -> list[Offer]:
    """Raises Refused where nothing is to be picked, or not by this person."""
    ways = {State.CHOOSING_TARGET: _targets, State.CHOOSING_LUN: _luns, State.CHOOSING_PLACE: _places}
    if sits.worker.person != request.requester:
        raise Refused("not_the_requester")
    if request.state not in ways:
        raise Refused("not_now")
    offers = ways[request.state](sits, request)
    if not offers:
        raise Refused("picker_is_old")
    return offers


def _targets(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.targets.id if request.targets else ""

    def offer(row: Target) -> Offer:
        shown = f"{labels.target_label(row)}  {labels.target_description(row)}"
        return Offer(shown, lambda it, now: acting.pick_target(it, actor, finding, row, now))

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, Target) or ()]


def _luns(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.luns.id if request.luns else ""

    def offer(row: OfferedLun) -> Offer:
        shown = f"{labels.lun_label(row)}  {labels.lun_description(row)}  ({labels.lun_group(request, row)})"
        return Offer(shown, lambda it, now: acting.pick_lun(it, actor, finding, row, now, rivals_of(row)))

    def rivals_of(row: OfferedLun) -> tuple[Rival, ...]:
        return sits.ledger.rivals_at(row.lun.scsi_id or "", but=request.id)

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, OfferedLun) or ()]


def _places(sits: Desk, request: Request) -> list[Offer]:
    actor, finding = sits.worker.person, request.places.id if request.places else ""

    def offer(row: Place) -> Offer:
        shown = f"{labels.place_label(row)}  {labels.place_description(row)}"
        return Offer(shown, lambda it, now: placing.pick_place(it, actor, finding, row, now))

    return [offer(row) for row in Findings(sits.ledger.redis).rows(finding, Place) or ()]
