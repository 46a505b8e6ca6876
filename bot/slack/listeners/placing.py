"""Where an SR can be: other places than those in the menu, a path that is typed, or one of the SRs found there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.ledger.store import LedgerUnavailable
from bot.request import placing
from bot.request.events import Event
from bot.request.grammar.paths import read_path
from bot.request.grammar.slip import Slip
from bot.request.model import Request
from bot.request.refused import Refused
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import typing_place
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.labels import read_choice
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.decisions import Press, listen
from bot.slack.listeners.named import named
from bot.slack.listeners.settling import Body, answer, attempt, settle, tell
from bot.slack.payload import Caller, block_id, button_value, picked_value, read_caller, typed

_PLAN: Final = "plan"


def register(app: App, context: Context) -> None:
    for action, decision in _STEPS.items():
        listen(app, context, action, decision)

    @app.action(buttons.ATTACH_ONE)
    def picked(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        _attach_one(context, ack, body, action)

    @app.action(buttons.TYPE_PLACE)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient, req: BoltRequest) -> None:
        ack()  # nothing is committed here, and looking, loading and opening together may take longer than an ack may
        view = _drawn(context, read_caller(body), button_value(action))
        tell(context, body, view if isinstance(view, str) else dialogs.opened(client, body, req, view))

    @app.view(typing_place.TYPE_PLACE)
    def submitted(ack: Ack, body: Body, req: BoltRequest) -> None:
        ack(**_submitted(context, body, received_at(req)))


def _look(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return placing.look_for_places(request, press.actor, context.clock())


def _other_host(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return placing.look_for_places(request, press.actor, context.clock(), anew=True)


def _change(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return placing.change_place(request, press.actor, context.clock())


def _make_new(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return placing.make_new(request, press.actor, press.number, context.clock())


_STEPS: Final = {
    buttons.LOOK_FOR_PLACES: _look,
    buttons.OTHER_HOST: _other_host,
    buttons.CHANGE_PLACE: _change,
    buttons.MAKE_NEW: _make_new,
}


def _attach_one(context: Context, ack: Ack, body: Body, action: dict[str, Any]) -> None:
    """An option carries where its SR stands in the list; the block around it, which plan the list belongs to."""
    place, choice = buttons.read_picker_id(block_id(action)), read_choice(picked_value(action))
    shown = None if place is None else buttons.read_value(f"{place[0]}:{place[1].removeprefix(_PLAN)}")
    if shown is None or choice is None:
        return answer(context, body, ack, UNKNOWN_REQUEST if shown is None else refusal("picker_is_old"))
    (request_id, number), (_, index), actor = shown, choice, read_caller(body).user

    def decide(request: Request) -> Sequence[Event]:
        wanted = request.held[index].uuid if index < len(request.held) else ""
        return placing.attach_one(request, actor, number, wanted, context.clock())

    return settle(context, body, ack, request_id, decide)


def _drawn(context: Context, caller: Caller, carried: str) -> View | str:
    try:
        found = named(context, caller.channel, carried)
        if found is None:
            return UNKNOWN_REQUEST
        request, _ = found
        placing.type_place(request, caller.user, "/", context.clock())
    except LedgerUnavailable:
        return NOTHING_CHANGED
    except Refused as refused:
        return refusal(refused.reason_code, refused.facts)
    return typing_place.place_view(request)


def _submitted(context: Context, body: Body, received: float) -> dict[str, Any]:
    """Commit a path, and give the ack: what is wrong with it is said in the dialog, where it stands."""
    request_id, actor = str(body["view"].get("private_metadata")), read_caller(body).user
    told = dialogs.misplaced(context, request_id, received)
    if told is None:
        path = read_path(typed(body, typing_place.PATH, typing_place.INPUT))
        if isinstance(path, Slip):
            return {"response_action": "errors", "errors": {typing_place.PATH: path.sentence}}
        told = attempt(context, request_id, lambda request: placing.type_place(request, actor, path, context.clock()))
    return dialogs.answer(told, typing_place.PATH)
