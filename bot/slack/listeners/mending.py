"""Resuming a request whose step could not be done: once more, or another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.ledger.store import LedgerUnavailable
from bot.request import acting
from bot.request.events import Event
from bot.request.grammar.forms import CREDENTIAL
from bot.request.model import Request
from bot.request.owning import Own, allow_own
from bot.request.refused import Refused
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import choosing
from bot.slack.cards.dialogs import mending as modals
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.parts import may_go_elsewhere, may_log_in_otherwise
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.elsewhere import MisreadError, Place, go_there, log_in_otherwise, read_place
from bot.slack.gate import received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.decisions import Press, listen
from bot.slack.listeners.named import named
from bot.slack.listeners.settling import Body, attempt, tell
from bot.slack.payload import Caller, button_value, read_caller, typed


def register(app: App, context: Context) -> None:
    for action, decision in _STEPS.items():
        listen(app, context, action, decision)
    for action in (buttons.CHANGE_ADDRESS, buttons.CHANGE_CREDENTIAL):
        _listen_for_dialog(app, context, action)

    @app.view(modals.MEND)
    def submitted(ack: Ack, body: Body, req: BoltRequest) -> None:
        ack(**_submitted(context, body, received_at(req)))

    @app.view(modals.LOG_IN)
    def submitted_credential(ack: Ack, body: Body, req: BoltRequest) -> None:
        ack(**_submitted_credential(context, body, received_at(req)))


def _try_again(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.try_again(request, press.actor, context.clock())


def _change_target(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.change_target(request, press.actor, context.clock())


def _change_lun(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.change_lun(request, press.actor, context.clock())


_STEPS: Final = {
    buttons.TRY_AGAIN: _try_again,
    buttons.CHANGE_TARGET: _change_target,
    buttons.CHANGE_LUN: _change_lun,
}


def _listen_for_dialog(app: App, context: Context, action_id: str) -> None:
    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient, req: BoltRequest) -> None:
        ack()  # nothing is committed here, and looking, loading and opening together may take longer than an ack may
        found = _changeable(context, read_caller(body), button_value(action))
        if isinstance(found, str):
            return tell(context, body, found)
        view = _view(found, sorted(context.settings.credentials), action_id)
        return tell(context, body, dialogs.opened(client, body, req, view))


def _view(request: Request, credentials: Sequence[str], action_id: str) -> View:
    if request.address is None:
        return modals.credential_view(request, credentials)
    return modals.mend_view(request, credentials, about_credential=action_id == buttons.CHANGE_CREDENTIAL)


def _changeable(context: Context, caller: Caller, carried: str) -> Request | str:
    """Give the request if this person may change its address now, else what to tell them."""
    try:
        found = named(context, caller.channel, carried)
    except LedgerUnavailable:
        return NOTHING_CHANGED
    if found is None:
        return UNKNOWN_REQUEST
    request, _ = found
    try:
        allow_own(request, caller.user, Own.PICK, context.clock())
    except Refused as refused:
        return refusal(refused.reason_code)
    changeable = may_go_elsewhere(request) or may_log_in_otherwise(request)
    return request if changeable else refusal("not_now")


def _submitted(context: Context, body: Body, received: float) -> dict[str, Any]:
    """Commit another address, and give the ack: what is wrong is said in the dialog, where what was typed stands."""
    request_id, actor = str(body["view"].get("private_metadata")), read_caller(body).user
    told = dialogs.misplaced(context, request_id, received)
    if told is None:
        try:
            place = _read(context, body)
        except MisreadError as error:
            return _errors(error)
        told = attempt(context, request_id, lambda request: go_there(request, actor, place, context.clock()))
    return dialogs.answer(told, modals.ADDRESS)


def _read(context: Context, body: Body) -> Place:
    wanted = choosing.read_credential(typed(body, CREDENTIAL, choosing.INPUT))
    return read_place(context.settings, typed(body, modals.ADDRESS, choosing.INPUT), wanted)


def _submitted_credential(context: Context, body: Body, received: float) -> dict[str, Any]:
    """Commit another credential for a share; one that may not be sent to its server is said beside the menu."""
    request_id, actor = str(body["view"].get("private_metadata")), read_caller(body).user
    wanted = choosing.read_credential(typed(body, CREDENTIAL, choosing.INPUT))

    def decide(request: Request) -> Sequence[Event]:
        return log_in_otherwise(context.settings, request, actor, wanted, context.clock())

    told = dialogs.misplaced(context, request_id, received)
    if told is None:
        try:
            told = attempt(context, request_id, decide)
        except MisreadError as error:
            return _errors(error)
    return dialogs.answer(told, CREDENTIAL)


def _errors(error: MisreadError) -> dict[str, Any]:
    """Say what is wrong beside the field that it is about."""
    return {"response_action": "errors", "errors": {CREDENTIAL if error.credential else modals.ADDRESS: str(error)}}
