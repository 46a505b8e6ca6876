"""What one press decides: about an SR found, hosts left behind, an approval, an end, another try."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from slack_bolt import Ack, App

from bot.request import acting
from bot.request.events import Event
from bot.request.model import Request
from bot.request.plan import Purpose
from bot.slack.cards import buttons
from bot.slack.cards.sentences import UNKNOWN_REQUEST
from bot.slack.context import Context, policy_of
from bot.slack.listeners.settling import Body, answer, settle
from bot.slack.payload import button_value, read_caller

Decision = Callable[[Context, Request, str, int], Sequence[Event]]
"""From the request as it is, who pressed, and the number of the plan that was shown."""


def register(app: App, context: Context) -> None:
    for action, decision in DECISIONS.items():
        listen(app, context, action, decision)


def listen(app: App, context: Context, action_id: str, decision: Decision) -> None:
    """Let a button of the card take a decision."""

    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        carried = buttons.read_value(button_value(action))
        if carried is None:
            return answer(context, body, ack, UNKNOWN_REQUEST)
        request_id, number = carried
        actor = read_caller(body).user
        return settle(context, body, ack, request_id, lambda request: decision(context, request, actor, number))


def _request_approval(context: Context, request: Request, actor: str, number: int) -> Sequence[Event]:
    policy = policy_of(context.settings, request.channel)
    return acting.request_approval(request, policy, actor, number, context.clock())


def _approve(context: Context, request: Request, actor: str, number: int) -> Sequence[Event]:
    return approve(context, request, actor, number)


def approve(context: Context, request: Request, actor: str, number: int, typed: str = "") -> Sequence[Event]:
    """Say yes, with what was typed: blanks around and between its words don't count. Raises Refused."""
    policy, wanted = policy_of(context.settings, request.channel), request.plan.to_type if request.plan else ""
    said = wanted if typed.split() == wanted.split() else typed
    try:
        return acting.approve(request, policy, actor, number, context.clock(), said)
    except acting.Refused as refused:
        if refused.reason_code == "typed_differs" and request.purpose is Purpose.DESTROY:
            raise acting.Refused("name_differs") from None
        raise


def _reject(context: Context, request: Request, actor: str, number: int) -> Sequence[Event]:
    return acting.reject(request, policy_of(context.settings, request.channel), actor, number, context.clock())


def _cancel(context: Context, request: Request, actor: str, _number: int) -> Sequence[Event]:
    return acting.cancel(request, actor, context.clock())


def _attach_found(context: Context, request: Request, actor: str, number: int) -> Sequence[Event]:
    return acting.attach_found(request, actor, number, context.clock())


def _accept_hosts(context: Context, request: Request, actor: str, number: int) -> Sequence[Event]:
    return acting.accept_hosts(request, actor, number, context.clock())


def _retry(context: Context, request: Request, actor: str, _number: int) -> Sequence[Event]:
    try:
        return acting.retry(request, policy_of(context.settings, request.channel), actor, context.clock())
    except acting.Refused as refused:
        if refused.reason_code == "not_the_requester":
            raise acting.Refused("not_one_to_retry") from None
        raise


DECISIONS: Final[Mapping[str, Decision]] = {
    buttons.REQUEST_APPROVAL: _request_approval,
    buttons.APPROVE: _approve,
    buttons.REJECT: _reject,
    buttons.CANCEL: _cancel,
    buttons.ATTACH_FOUND: _attach_found,
    buttons.ACCEPT_HOSTS: _accept_hosts,
    buttons.RETRY: _retry,
}
