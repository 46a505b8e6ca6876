"""Resuming a request whose step could not be done: once more, or another way."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import HTTPException
from typing import Any, Final

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ledger.store import LedgerUnavailable
from bot.request import acting
from bot.request.events import Event
from bot.request.grammar.host import Portal, read_portal
from bot.request.model import Address, Request
from bot.request.policy import Action, Policy, decide
from bot.settings import Refusal, allowed, credential_for
from bot.slack.cards import buttons, modals
from bot.slack.cards.sentences import DIALOG_FAILED, NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.listeners.decisions import listen
from bot.slack.listeners.settling import Body, answer, attempt
from bot.slack.payload import button_value, read_caller, typed

LOG = structlog.get_logger(__name__)

Errors = dict[str, str]


def register(app: App, context: Context) -> None:
    for action, decision in _STEPS.items():
        listen(app, context, action, decision)
    for action in (buttons.CHANGE_ADDRESS, buttons.CHANGE_CREDENTIAL):
        _listen_for_dialog(app, context, action)

    @app.view(modals.MEND)
    def submitted(ack: Ack, body: Body) -> None:
        _submitted(context, body, ack)


def _try_again(context: Context, request: Request, actor: str, _number: int) -> Sequence[Event]:
    return acting.try_again(request, actor, context.clock())


def _change_target(context: Context, request: Request, actor: str, _number: int) -> Sequence[Event]:
    return acting.change_target(request, actor, context.clock())


def _change_lun(context: Context, request: Request, actor: str, _number: int) -> Sequence[Event]:
    return acting.change_lun(request, actor, context.clock())


_STEPS: Final = {
    buttons.TRY_AGAIN: _try_again,
    buttons.CHANGE_TARGET: _change_target,
    buttons.CHANGE_LUN: _change_lun,
}


def _listen_for_dialog(app: App, context: Context, action_id: str) -> None:
    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient) -> None:
        found = _changeable(context, read_caller(body).user, button_value(action))
        if isinstance(found, str):
            return answer(context, body, ack, found)
        names = sorted(context.settings.credentials)
        view = modals.mend_view(found, names, about_credential=action_id == buttons.CHANGE_CREDENTIAL)
        return answer(context, body, ack, _opened(client, str(body.get("trigger_id")), view))


def _changeable(context: Context, actor: str, carried: str) -> Request | str:
    """Give the request if this person may change its address now, else what to tell them."""
    value = buttons.read_value(carried)
    try:
        request = None if value is None else context.ledger.load(value[0])
    except LedgerUnavailable:
        return NOTHING_CHANGED
    if request is None:
        return UNKNOWN_REQUEST
    decision = decide(Policy(frozenset()), request, actor, Action.PICK, context.clock())
    return request if decision.allowed else refusal(decision.reason_code)


def _opened(client: WebClient, trigger_id: str, view: modals.View) -> str | None:
    try:
        client.views_open(trigger_id=trigger_id, view=view)
    except (SlackApiError, OSError, HTTPException) as error:
        LOG.warning("dialog_not_opened", error=type(error).__name__)
        return DIALOG_FAILED
    return None


def _submitted(context: Context, body: Body, ack: Ack) -> None:
    """Commit another address; what is wrong is said in the dialog, where what was typed still stands."""
    read = _read(context, body)
    if isinstance(read, dict):
        ack(response_action="errors", errors=read)
        return
    address, credential = read
    request_id, actor = str(body["view"].get("private_metadata")), read_caller(body).user
    told = attempt(
        context,
        request_id,
        lambda request: acting.change_address(request, actor, address, credential, context.clock()),
    )
    if told is None:
        ack()
    elif told == NOTHING_CHANGED:
        ack(response_action="errors", errors={modals.ADDRESS: told})
    else:
        ack(response_action="update", view=modals.notice_view(told))


def _read(context: Context, body: Body) -> tuple[Address, str | None] | Errors:
    portal = read_portal(typed(body, modals.ADDRESS, modals.INPUT).strip())
    if not isinstance(portal, Portal):
        return {modals.ADDRESS: portal.sentence}
    if not allowed(context.settings.targets, portal.host):
        return {modals.ADDRESS: f"{portal.host} is not among the allowed targets: ask the operator to add it."}
    wanted = modals.read_credential(typed(body, modals.CREDENTIAL, modals.INPUT))
    found = credential_for(context.settings, portal.host, wanted)
    if isinstance(found, Refusal):
        return {modals.CREDENTIAL: found.sentence}
    return Address(portal.host, portal.port), None if found is None else found.name
