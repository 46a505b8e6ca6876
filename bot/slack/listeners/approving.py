"""Saying yes: by a press, or in a dialog where an SR dies or a one-time code is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.request.events import Event
from bot.request.model import Request
from bot.request.refused import Refused
from bot.settings.sealed import Secret
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import stepping_up, typing_over
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.sentences import UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.decisions import Press, approve
from bot.slack.listeners.filling_in import Someone, drawn, opens, someone_of
from bot.slack.listeners.settling import Body, answer, attempt, pressed_in, tell
from bot.slack.payload import button_value, read_caller, typed

STEP_UP_WANTED: Final = "step_up_wanted"
_BESIDE_THE_CODE: Final = frozenset({refusal("code_wrong"), refusal("code_used")})
"""What the next code puts right."""


def register(app: App, context: Context) -> None:
    opens(app, context, buttons.APPROVE_OVER, _dialog)

    @app.action(buttons.APPROVE)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient, req: BoltRequest) -> None:
        carried = button_value(action)
        value = buttons.read_value(carried)
        if value is None:
            return answer(context, body, ack, UNKNOWN_REQUEST)
        someone = someone_of(context, body, req)
        channel, press = read_caller(body).channel, someone.press(value[1])
        decide = pressed_in(channel, lambda request: approve(context, request, press))
        told = attempt(context, value[0], decide)
        ack()
        if told == refusal(STEP_UP_WANTED):  # the policy has come to want it since the card was drawn
            view = drawn(context, someone, (channel, carried), _dialog)
            told = view if isinstance(view, str) else dialogs.opened(client, body, req, view)
        return tell(context, body, told)

    @app.view(typing_over.APPROVE_OVER)
    def submitted(ack: Ack, body: Body, req: BoltRequest) -> None:
        metadata = str(body["view"].get("private_metadata"))
        told = dialogs.misplaced(context, metadata.partition(":")[0], received_at(req))
        if told is None:
            told = _approved(context, someone_of(context, body, req), metadata, body)
        ack(**_said(told, body))


def _dialog(context: Context, request: Request, press: Press) -> View:
    plan = request.plan
    wants_code = _wants_code(context, request, press, plan.to_type if plan else "")
    if plan is None or not (plan.dies or wants_code or request.step_up):
        raise Refused("not_now")
    if wants_code:
        context.codes.refuse_without(press.actor, context.clock())
    carried = buttons.value(request)
    if plan.dies is not None:
        return typing_over.approve_view(request, plan, plan.dies, carried, wants_code=wants_code)
    return stepping_up.step_up_view(request, plan, typing_over.APPROVE_OVER, carried, wants_code=wants_code)


def _wants_code(context: Context, request: Request, press: Press, words: str) -> bool:
    """Say whether an approval wants a code. Raises Refused where it would be vain with one."""
    try:
        approve(context, request, press, words)
    except Refused as refused:
        if refused.reason_code != STEP_UP_WANTED:
            raise
        return True
    return False


def _approved(context: Context, someone: Someone, metadata: str, body: Body) -> str | None:
    value = buttons.read_value(metadata)
    if value is None:
        return UNKNOWN_REQUEST
    words = typed(body, typing_over.TYPED, typing_over.INPUT).strip()
    code = Secret(typed(body, stepping_up.CODE, stepping_up.INPUT))
    press = someone.press(value[1])
    return attempt(context, value[0], lambda request: _confirmed(context, request, press, words, code))


def _confirmed(context: Context, request: Request, press: Press, words: str, code: Secret) -> Sequence[Event]:
    """Say yes. A code is looked at last, and only where one is wanted: nobody's is used up in vain."""
    step = None
    if _wants_code(context, request, press, words):
        if not code.reveal():
            raise Refused("step_up_wanted")
        step = context.codes.confirm(press.actor, code, context.clock())
    return approve(context, request, press, words, step)


def _said(told: str | None, body: Body) -> dict[str, Any]:
    """Give the ack of a submission: what is wrong with an input is said beside it, if it is there."""
    inputs = _inputs(body)
    beside = stepping_up.CODE if told in _BESIDE_THE_CODE else next(iter(inputs), "")
    if told in _BESIDE_THE_CODE and beside in inputs:
        return {"response_action": "errors", "errors": {beside: told}}
    return dialogs.answer(told, beside)


def _inputs(body: Body) -> Mapping[str, object]:
    state = body["view"].get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}
