"""What one press decides: about an SR found, hosts left behind, an approval, an end, another try."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt import Ack, App, BoltRequest

from bot import deciding
from bot.policy import Members
from bot.request import acting
from bot.request.events import Event
from bot.request.model import Request
from bot.slack.cards import buttons
from bot.slack.cards.sentences import UNKNOWN_REQUEST
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.groups import UNREAD
from bot.slack.listeners.settling import Body, answer, settle
from bot.slack.payload import button_value, read_caller


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed, the number of the plan that was shown, and who is in the groups that the policy names."""

    actor: str
    number: int
    members: Members


Decision = Callable[[Context, Request, Press], Sequence[Event]]
"""From the request as it is to what follows from the press."""


def register(app: App, context: Context) -> None:
    for action, decision in DECISIONS.items():
        listen(app, context, action, decision)
    for action, decision in BY_POLICY.items():
        listen(app, context, action, decision, by_policy=True)


def listen(app: App, context: Context, action_id: str, decision: Decision, *, by_policy: bool = False) -> None:
    """Let a button of the card take a decision; one by the policy is told who is in the groups that this names."""

    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], req: BoltRequest) -> None:
        carried = buttons.read_value(button_value(action))
        if carried is None:
            return answer(context, body, ack, UNKNOWN_REQUEST)
        request_id, number = carried
        members = context.rules.members(received_at(req)) if by_policy else UNREAD
        press = Press(read_caller(body).user, number, members)
        return settle(context, body, ack, request_id, lambda request: decision(context, request, press))


def _request_approval(context: Context, request: Request, press: Press) -> Sequence[Event]:
    standing = context.rules.standing(press.members)
    return deciding.request_approval(request, standing, press.actor, press.number, context.clock())


def approve(
    context: Context, request: Request, press: Press, typed: str = "", code_step: int | None = None
) -> Sequence[Event]:
    """Say yes, with what was typed. `code_step` is the time step of the one-time code that confirms it.

    Raises Refused.
    """
    standing, stepped_up, now = context.rules.standing(press.members), code_step is not None, context.clock()
    events = deciding.approve_typed(request, standing, press.actor, press.number, now, typed, stepped_up=stepped_up)
    return deciding.traced(events, code_step)


def _claim(context: Context, request: Request, press: Press) -> Sequence[Event]:
    standing = context.rules.standing(press.members)
    return deciding.claim(request, standing, press.actor, press.number, context.clock())


def _withdraw(context: Context, request: Request, press: Press) -> Sequence[Event]:
    standing = context.rules.standing(press.members)
    return deciding.withdraw(request, standing, press.actor, press.number, context.clock())


def _cancel(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.cancel(request, press.actor, context.clock())


def _attach_found(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.attach_found(request, press.actor, press.number, context.clock())


def _accept_hosts(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return acting.accept_hosts(request, press.actor, press.number, context.clock())


def _retry(context: Context, request: Request, press: Press) -> Sequence[Event]:
    return deciding.retry(request, context.rules.standing(press.members), press.actor, context.clock())


DECISIONS: Final[Mapping[str, Decision]] = {
    buttons.CANCEL: _cancel,
    buttons.ATTACH_FOUND: _attach_found,
    buttons.ACCEPT_HOSTS: _accept_hosts,
}
BY_POLICY: Final[Mapping[str, Decision]] = {
    buttons.REQUEST_APPROVAL: _request_approval,
    buttons.CLAIM: _claim,
    buttons.WITHDRAW: _withdraw,
    buttons.RETRY: _retry,
}
