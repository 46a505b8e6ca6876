"""Picking a target or a LUN: an index into the stored discovery, never what a label says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable
from bot.request import acting
from bot.request.events import Event
from bot.request.model import OfferedLun, Request, Target
from bot.slack.cards import buttons
from bot.slack.cards.labels import read_choice
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.listeners.settling import Body, answer, settle
from bot.slack.payload import block_id, picked_value, read_caller

Row = TypeVar("Row")
Pick = Callable[[Request, str, str, Row, float], Sequence[Event]]


def register(app: App, context: Context) -> None:
    _listen(app, context, buttons.PICK_TARGET, Target, acting.pick_target)
    _listen(app, context, buttons.PICK_LUN, OfferedLun, acting.pick_lun)


def _listen(app: App, context: Context, action_id: str, kind: type[Row], pick: Pick[Row]) -> None:
    @app.action(action_id)
    def picked(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        place, choice = buttons.read_picker_id(block_id(action)), read_choice(picked_value(action))
        if place is None:
            return answer(context, body, ack, UNKNOWN_REQUEST)
        if choice is None:
            return answer(context, body, ack, refusal("picker_is_old"))
        try:
            row = _row(context, kind, *choice)
        except LedgerUnavailable:
            return answer(context, body, ack, NOTHING_CHANGED)
        actor, finding = read_caller(body).user, choice[0]

        def decide(request: Request) -> Sequence[Event]:
            if row is None:
                raise acting.Refused("not_the_requester" if actor != request.requester else "picker_is_old")
            return pick(request, actor, finding, row, context.clock())

        return settle(context, body, ack, place[0], decide)


def _row(context: Context, kind: type[Row], finding: str, index: int) -> Row | None:
    rows = context.findings.rows(finding, kind)
    return rows[index] if rows is not None and index < len(rows) else None
