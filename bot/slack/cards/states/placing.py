"""What a card says where a place for an SR is picked: an export, a host, a device; or one of the SRs found there."""

from __future__ import annotations

from typing import Final

from bot.request.found import HeldSr, Place
from bot.request.model import Request, Seeking
from bot.request.plan import Purpose
from bot.slack.cards import buttons, parts, plans
from bot.slack.cards.blocks import MOST_OPTIONS, Block, actions, context, menu, paragraphs, search_menu, section
from bot.slack.cards.kinds import has_other_hosts, may_be_typed, place_noun, where
from bot.slack.cards.labels import held_choices, place_choices
from bot.slack.cards.states.around import Around
from bot.slack.cards.texts import code, counted, mention

_LISTED: Final = 2
"""Sections for the SRs that were found; the menu names them all."""

_BESIDE: Final = "Attach one of them as it is, with all that it holds, or make a new SR beside them: it harms none."
_ONE_OF: Final = "Which of them is attached?"


def looking_for_places(request: Request, _around: Around) -> list[Block | None]:
    noun = place_noun(request)
    if request.seeking is Seeking.HOST:
        text = f"Pool {code(request.pool)} is asked for its hosts."
    else:
        text = f"Pool {code(request.pool)} is looking for the {noun}s of {where(request)}."
    return [section(text), *parts.waiting(request)]


def choosing_place(request: Request, around: Around) -> list[Block | None]:
    found = request.places
    if found is None:
        return [actions([buttons.cancel(request)])]
    noun = place_noun(request)
    rows = [row for row in around.offers if isinstance(row, Place)]
    choices = place_choices(request, found.id, list(enumerate(rows))) if rows else None
    return [
        section(f"{mention(request.requester)}, {_asked(request, noun)}"),
        parts.finding_note(found, noun),
        actions([_picker(noun, choices)], buttons.picker_id(request, found.id)),
        actions([*ways_on(request), buttons.cancel(request)]),
    ]


def _asked(request: Request, noun: str) -> str:
    if request.purpose is Purpose.ATTACH:
        return f"which {noun} holds the SR?"
    return f"on which {noun} of {where(request)} shall the SR be?"


def _picker(noun: str, choices: Block | None) -> Block:
    if choices is None:
        return search_menu(buttons.PICK_PLACE, f"Pick a {noun}: type to search")
    return menu(buttons.PICK_PLACE, f"Pick a {noun}", choices)


def ways_on(request: Request) -> list[Block]:
    """The other ways to a place: to type it, to look once more, to go back to the hosts."""
    noun = place_noun(request)
    typed = [buttons.type_place(request, noun)] if may_be_typed(request) else []
    other = [buttons.other_host(request)] if has_other_hosts(request) else []
    return [*typed, buttons.look_for_places(request), *other]


def found_srs(request: Request, _around: Around) -> list[Block | None]:
    """Ask which of the SRs on a share is wanted, or a new one."""
    asked = _ONE_OF if request.purpose is Purpose.ATTACH else _BESIDE
    count = counted(len(request.held), "SR")
    there = "is" if len(request.held) == 1 else "are"
    more = [] if request.purpose is Purpose.ATTACH else [buttons.make_new(request)]
    return [
        *parts.picked(request),
        section(f"{mention(request.requester)}, {count} {there} on the share that can be attached. {asked}"),
        *paragraphs([f"• {plans.sr_words(held)}" for held in request.held], _LISTED),
        section(plans.SHARED_ELSEWHERE),
        *_menu(request),
        parts.rivals(request),
        actions([*more, *parts.doors(request), *parts.details(request), buttons.cancel(request)]),
    ]


def _menu(request: Request) -> list[Block | None]:
    """A menu holds a hundred; the others are attached by their UUID."""
    rows: tuple[HeldSr, ...] = request.held[:MOST_OPTIONS]
    picker = menu(buttons.ATTACH_ONE, "Attach one of them", held_choices(request, rows))
    rest = len(request.held) - len(rows)
    note = context(f"and {rest} more: `/sr attach` takes the UUID behind the share.") if rest else None
    return [actions([picker], buttons.picker_id(request, f"plan{request.plan_number}")), note]
