"""The card of a request: a function of what is stored, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.request.model import Finding, OfferedLun, Request, State, Target
from bot.slack.cards import buttons, ends, parts
from bot.slack.cards.blocks import (
    MOST_OPTIONS,
    Block,
    Message,
    actions,
    context,
    header,
    menu,
    message,
    quote,
    search_menu,
    section,
)
from bot.slack.cards.labels import lun_choices, target_choices
from bot.slack.cards.texts import code, mention

Offers = Sequence[Target] | Sequence[OfferedLun]
"""The rows of the discovery that a picker shows, where they fit into its menu."""

_Body = Callable[[Request, Offers], list[Block | None]]

HEADLINES: Final[Mapping[State, str]] = {
    State.DISCOVERING_TARGETS: "Looking for targets",
    State.CHOOSING_TARGET: "Choose a target",
    State.DISCOVERING_LUNS: "Looking for LUNs",
    State.CHOOSING_LUN: "Choose a LUN",
    State.INSPECTING_LUN: "Looking at what is on the LUN",
    State.PAUSED: "This needs your help",
    State.CONFIRMING: "Ready: is this what you want?",
    State.AWAITING_APPROVAL: "Waiting for approval",
    State.QUEUED: "Approved, waiting for a worker",
    State.RUNNING: "Creating the SR",
    **ends.HEADLINES,
}


def request_card(request: Request, offers: Offers = ()) -> Message:
    """Draw a request. `offers` are the rows of its current picker, if there are few enough for a menu."""
    headline = HEADLINES[request.state]
    why = None if not request.reason else quote("Reason", request.reason)
    body = _BODIES.get(request.state, ends.body)(request, offers)
    top = [header(headline), parts.intro(request), why]
    # The text stays the same: Slack marks a message as edited when its text changes, not when its blocks do.
    text = f"Request {code(request.id)}: an iSCSI SR for pool {code(request.pool)}"
    return message(text, [*top, *body, parts.footer(request)])


def menu_finding(request: Request) -> Finding | None:
    """Give the discovery whose rows a card needs: the one of its picker, if its menu can hold it."""
    found = {State.CHOOSING_TARGET: request.targets, State.CHOOSING_LUN: request.luns}.get(request.state)
    return found if found is not None and found.count <= MOST_OPTIONS else None


def _looking_for_targets(request: Request, _offers: Offers) -> list[Block | None]:
    text = f"Pool {code(request.pool)} is looking for targets at {code(str(request.address))}."
    return [section(text), *_waiting(request)]


def _looking_for_luns(request: Request, _offers: Offers) -> list[Block | None]:
    picked = parts.target(request, request.target) if request.target else None
    return [picked, section(f"Pool {code(request.pool)} is looking for its LUNs."), *_waiting(request)]


def _inspecting(request: Request, _offers: Offers) -> list[Block | None]:
    asks = f"Pool {code(request.pool)} is looking whether something is on the LUN already."
    return [*_picked(request), section(asks), *_waiting(request)]


def _waiting(request: Request) -> list[Block | None]:
    return [parts.doing(request), parts.waits(request), actions([buttons.cancel(request)])]


def _choosing_target(request: Request, offers: Offers) -> list[Block | None]:
    found = request.targets
    if found is None:
        return []
    rows = [row for row in offers if isinstance(row, Target)]
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


def _choosing_lun(request: Request, offers: Offers) -> list[Block | None]:
    found = request.luns
    if found is None or request.target is None:
        return []
    rows = [row for row in offers if isinstance(row, OfferedLun)]
    choices = lun_choices(found.id, list(enumerate(rows))) if rows else None
    picker = _picker(buttons.PICK_LUN, "Pick a LUN", choices)
    change = [buttons.change_target(request), buttons.change_address(request), buttons.cancel(request)]
    return [
        parts.target(request, request.target),
        section(f"{mention(request.requester)}, which LUN becomes the SR?"),
        parts.finding_note(found, "LUN"),
        actions([picker], buttons.picker_id(request, found.id)),
        actions(change),
    ]


def _picker(action: str, placeholder: str, choices: Block | None) -> Block:
    return (
        search_menu(action, f"{placeholder}: type to search") if choices is None else menu(action, placeholder, choices)
    )


def _picked(request: Request) -> list[Block | None]:
    shown: list[Block | None] = [parts.target(request, request.target)] if request.target else []
    return [*shown, parts.lun(request.lun)] if request.lun else shown


def _paused(request: Request, _offers: Offers) -> list[Block | None]:
    said = [] if request.trouble is None else parts.trouble(request.trouble)
    return [*_picked(request), *said, actions(parts.mending(request))]


def _plan(request: Request) -> list[Block | None]:
    return [*(parts.plan(request.plan) if request.plan else []), section(parts.WARNING)]


def _confirming(request: Request, _offers: Offers) -> list[Block | None]:
    change = [buttons.change_lun(request), buttons.change_target(request), buttons.cancel(request)]
    note = parts.ONLY_ONE if request.target_was_only_one else ""
    return [
        *_plan(request),
        context(f"{note} Nothing happens before somebody else has approved.".strip()),
        actions([buttons.request_approval(request), *change]),
    ]


def _awaiting(request: Request, _offers: Offers) -> list[Block | None]:
    plan = request.plan
    if plan is None:
        return []
    who = "An approver of this channel decides; the thread names them. Who asked can't approve."
    row = [buttons.approve(request, plan), buttons.reject(request, plan), buttons.cancel(request)]
    return [*_plan(request), context(who), parts.approvals(request), actions(row)]


def _queued(request: Request, _offers: Offers) -> list[Block | None]:
    return [*_plan(request), parts.approvals(request), *_waiting(request)]


def _running(request: Request, _offers: Offers) -> list[Block | None]:
    stop = None if request.work.changing else actions([buttons.cancel(request)])
    return [*_plan(request), parts.approvals(request), parts.doing(request), parts.waits(request), stop]


_BODIES: Final[Mapping[State, _Body]] = {
    State.DISCOVERING_TARGETS: _looking_for_targets,
    State.CHOOSING_TARGET: _choosing_target,
    State.DISCOVERING_LUNS: _looking_for_luns,
    State.CHOOSING_LUN: _choosing_lun,
    State.INSPECTING_LUN: _inspecting,
    State.PAUSED: _paused,
    State.CONFIRMING: _confirming,
    State.AWAITING_APPROVAL: _awaiting,
    State.QUEUED: _queued,
    State.RUNNING: _running,
}
