"""What a card says until there is a plan: srbot looks, and the requester picks."""

from __future__ import annotations

from typing import Final

from bot.request.found import OfferedLun, Target
from bot.request.model import Kind, Request
from bot.request.plan import MANAGING, Purpose
from bot.slack.cards import buttons, parts
from bot.slack.cards.blocks import Block, actions, context, menu, search_menu, section
from bot.slack.cards.kinds import OF_HOSTS
from bot.slack.cards.labels import lun_choices, target_choices
from bot.slack.cards.states.around import Around
from bot.slack.cards.texts import code, mention

_ASKED: Final = "which LUN becomes the SR?"
_ASKED_TO_ATTACH: Final = "which LUN holds the SR?"
_NOT_LISTED: Final = "XenServer doesn't list the LUNs that this pool uses already, and those that its hosts start from."


def looking_for_targets(request: Request, _around: Around) -> list[Block | None]:
    text = f"Pool {code(request.pool)} is looking for targets at {code(str(request.address))}."
    return [section(text), *parts.waiting(request)]


def looking_for_luns(request: Request, _around: Around) -> list[Block | None]:
    picked = parts.target(request, request.target) if request.target else None
    whose = "the LUNs that its Fibre Channel and SAS adapters show" if request.kind is Kind.HBA else "its LUNs"
    return [picked, section(f"Pool {code(request.pool)} is looking for {whose}."), *parts.waiting(request)]


def inspecting(request: Request, _around: Around) -> list[Block | None]:
    return [*parts.picked(request), parts.rivals(request), section(_looks(request)), *parts.waiting(request)]


def _looks(request: Request) -> str:
    pool = code(request.pool)
    if request.purpose in MANAGING:
        return f"Pool {pool} is looking at the SR, where it is attached, and what would come of this."
    if request.share is not None:
        beside = "whether it has it already" if request.kind is Kind.ISO else "which SRs are on it already"
        return f"Pool {pool} is looking whether it can have this share, and {beside}."
    if request.kind in OF_HOSTS:
        return f"Pool {pool} is looking whether it can have this storage, and what is on it."
    return f"Every host of pool {pool} is looking whether it sees the LUN, and what is on it."


def choosing_target(request: Request, around: Around) -> list[Block | None]:
    found = request.targets
    if found is None:
        return []
    rows = [row for row in around.offers if isinstance(row, Target)]
    choices = target_choices(found.id, list(enumerate(rows))) if rows else None
    picker = _picker(buttons.PICK_TARGET, "Pick a target (IQN)", choices)
    ask = section(f"{mention(request.requester)}, which target holds the LUN?")
    more = [buttons.change_address(request), buttons.change_credential(request), buttons.cancel(request)]
    return [
        ask,
        parts.finding_note(found, "target"),
        actions([picker], buttons.picker_id(request, found.id)),
        actions(more),
    ]


def choosing_lun(request: Request, around: Around) -> list[Block | None]:
    found = request.luns
    if found is None:
        return []
    rows = [row for row in around.offers if isinstance(row, OfferedLun)]
    choices = lun_choices(request, found.id, list(enumerate(rows))) if rows else None
    picker = _picker(buttons.PICK_LUN, "Pick a LUN", choices)
    asked = _ASKED_TO_ATTACH if request.purpose is Purpose.ATTACH else _ASKED
    return [
        *parts.picked(request),
        section(f"{mention(request.requester)}, {asked}"),
        parts.finding_note(found, "LUN"),
        context(_NOT_LISTED) if request.kind is Kind.HBA else None,
        actions([picker], buttons.picker_id(request, found.id)),
        actions(_ways_back(request)),
    ]


def _ways_back(request: Request) -> list[Block]:
    if request.kind is Kind.HBA:
        return [buttons.look_again(request), buttons.cancel(request)]
    return [buttons.change_target(request), buttons.change_address(request), buttons.cancel(request)]


def _picker(action: str, placeholder: str, choices: Block | None) -> Block:
    return (
        search_menu(action, f"{placeholder}: type to search") if choices is None else menu(action, placeholder, choices)
    )


def paused(request: Request, _around: Around) -> list[Block | None]:
    said = [] if request.trouble is None else parts.trouble(request.trouble, managed=request.purpose in MANAGING)
    return [*parts.picked(request), *said, actions(parts.mending(request))]
