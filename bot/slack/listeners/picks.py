"""Picking a target, a LUN or a place: an index into the stored discovery, never what a label says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable
from bot.request import acting, placing
from bot.request.events import Event
from bot.request.found import OfferedLun, Place, Target
from bot.request.model import Request, Rival
from bot.request.refused import Refused
from bot.slack.cards import buttons
from bot.slack.cards.labels import read_choice
from bot.slack.cards.parts import rivalry
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.listeners.settling import Body, answer, attempt, pressed_in
from bot.slack.payload import Caller, block_id, picked_value, read_caller

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pick:
    """Who took which row of which discovery, when, and who else wants that row."""

    actor: str
    finding: str
    now: float
    rivals: tuple[Rival, ...] = ()


Decide = Callable[[Request, Pick, Row], Sequence[Event]]
Rivals = Callable[[Context, str, Row], tuple[Rival, ...]]
"""Who else wants a row, beside the request of this id."""


def register(app: App, context: Context) -> None:
    _listen(app, context, buttons.PICK_TARGET, (Target, _take_target, _nobody))
    _listen(app, context, buttons.PICK_LUN, (OfferedLun, _take_lun, _rivals))
    _listen(app, context, buttons.PICK_PLACE, (Place, _take_place, _nobody))


def _take_target(request: Request, pick: Pick, row: Target) -> Sequence[Event]:
    return acting.pick_target(request, pick.actor, pick.finding, row, pick.now)


def _take_lun(request: Request, pick: Pick, row: OfferedLun) -> Sequence[Event]:
    return acting.pick_lun(request, pick.actor, pick.finding, row, pick.now, pick.rivals)


def _take_place(request: Request, pick: Pick, row: Place) -> Sequence[Event]:
    return placing.pick_place(request, pick.actor, pick.finding, row, pick.now)


def _nobody(_context: Context, _request_id: str, _row: object) -> tuple[Rival, ...]:
    """Many may use one target, or one export."""
    return ()


def _rivals(context: Context, request_id: str, row: OfferedLun) -> tuple[Rival, ...]:
    return context.ledger.rivals_at(row.lun.scsi_id or "", but=request_id)


def _listen(app: App, context: Context, action_id: str, way: tuple[type[Row], Decide[Row], Rivals[Row]]) -> None:
    @app.action(action_id)
    def picked(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        place, choice = buttons.read_picker_id(block_id(action)), read_choice(picked_value(action))
        if place is None:
            return answer(context, body, ack, UNKNOWN_REQUEST)
        if choice is None:
            return answer(context, body, ack, refusal("picker_is_old"))
        return answer(context, body, ack, _picked(context, read_caller(body), (place[0], *choice), way))


def _picked(
    context: Context, caller: Caller, shown: tuple[str, str, int], way: tuple[type[Row], Decide[Row], Rivals[Row]]
) -> str | None:
    """Commit a pick: `shown` is the request, the discovery and the index in it. Gives what to tell who picked."""
    (request_id, finding, index), (kind, take, rivals_of) = shown, way
    try:
        row = _row(context, kind, finding, index)
        rivals = () if row is None else rivals_of(context, request_id, row)
    except LedgerUnavailable:
        return NOTHING_CHANGED

    def decide(request: Request) -> Sequence[Event]:
        if row is None:
            raise Refused("not_the_requester" if caller.user != request.requester else "picker_is_old")
        return take(request, Pick(caller.user, finding, context.clock(), rivals), row)

    told = attempt(context, request_id, pressed_in(caller.channel, decide))
    return rivalry(rivals) if told is None and rivals else told


def _row(context: Context, kind: type[Row], finding: str, index: int) -> Row | None:
    rows = context.findings.rows(finding, kind)
    return rows[index] if rows is not None and index < len(rows) else None
