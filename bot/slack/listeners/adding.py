"""Adding storage by a form: from Home, or from the shortcut that is offered everywhere."""

from __future__ import annotations

from typing import Any, Final

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.asking import Asker
from bot.ledger.store import LedgerUnavailable, is_id, new_id
from bot.request.grammar import Command, forms
from bot.request.grammar.forms import CREDENTIAL, FORMS, PLACE, POOL, REASON, Form, Misfilled
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import adding
from bot.slack.cards.dialogs.choosing import INPUT, read_credential
from bot.slack.cards.dialogs.notices import View, notice_view
from bot.slack.cards.sentences import plain_refusal, refusal
from bot.slack.context import Context
from bot.slack.directory import LOOKUP_SECONDS, NotThere, Unreachable
from bot.slack.gate import begin_place_refusal, received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.recording import Unasked, ask, not_recorded
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller, typed

Answer = dict[str, Any]

_ABOUT: Final = {
    "address_not_allowed": PLACE,
    "path_not_allowed": PLACE,
    "no_local_paths": PLACE,
    "credential_ambiguous": CREDENTIAL,
    "credential_not_for_host": CREDENTIAL,
    "reason_required": REASON.name,
    "ticket_required": REASON.name,
}
"""The input that a refusal is about, by its code."""


def register(app: App, context: Context) -> None:
    def begin(ack: Ack, body: Body, client: WebClient, req: BoltRequest) -> None:
        ack()  # nothing is committed here, and looking and opening together may take longer than an ack may
        dialogs.opened(client, body, req, _first_page(context, read_caller(body), received_at(req)))

    app.shortcut(buttons.ADD_STORAGE)(begin)
    app.action(buttons.ADD_STORAGE)(begin)

    @app.view(adding.PLACE)
    def placed(ack: Ack, body: Body, req: BoltRequest) -> None:
        ack(**_second_page(context, body, received_at(req)))

    @app.view(adding.STORAGE)
    def filled(ack: Ack, body: Body, req: BoltRequest) -> None:
        ack(**_asked(context, body, received_at(req)))


def _first_page(context: Context, caller: Caller, received: float) -> View:
    """Offer those of the channels set up for storage that the person is in: nobody learns of others by this."""
    try:
        mine = context.directory.begin_places(caller.user)(received + LOOKUP_SECONDS)
    except (Unreachable, NotThere):
        return notice_view(refusal("channels_unreachable"))
    known = {channel: name for channel, name in mine.items() if channel in context.settings.channels}
    return adding.place_view(known) if known else notice_view(refusal("in_no_channel"))


def _second_page(context: Context, body: Body, received: float) -> Answer:
    channel, form = typed(body, adding.CHANNEL, INPUT), FORMS.get(typed(body, adding.KIND, INPUT))
    reason = _out_of_place(context, read_caller(body).user, channel, received)
    if reason is not None:
        return _errors({adding.CHANNEL: plain_refusal(reason, {"channel": channel})})
    if form is None:
        return _errors({adding.KIND: plain_refusal("form_is_old", {})})
    pools = context.settings.channels[channel].pools
    begun = adding.Begun(new_id(), channel, form)
    view = adding.storage_view(begun, pools, sorted(context.settings.credentials))
    return {"response_action": "push", "view": view}


def _asked(context: Context, body: Body, received: float) -> Answer:
    """Commit a request, and give the ack: what is wrong is said in the form, where what was filled in stands."""
    begun = adding.read_metadata(str(body["view"].get("private_metadata")))
    if begun is None or not is_id(begun.request):
        return {"response_action": "update", "view": notice_view(refusal("form_is_old"))}
    caller = read_caller(body)
    reason = _out_of_place(context, caller.user, begun.channel, received)
    if reason is not None:
        return _errors({POOL.name: plain_refusal(reason, {"channel": begun.channel})})
    command = forms.read(begun.form, _filled(begun.form, body))
    if isinstance(command, Misfilled):
        return _errors({command.field: command.sentence})
    asker = Asker(caller.user, caller.team, begun.channel, context.clock(), begun.request)
    unasked = _recorded(context, command, asker)
    return {"response_action": "clear"} if unasked is None else _errors(_beside(begun.form, unasked))


def _out_of_place(context: Context, user: str, channel: str, received: float) -> str | None:
    """Say why nothing is asked for in a channel by somebody; a form is in no channel, so the gate has not looked."""
    until = received + LOOKUP_SECONDS
    look, mine = begin_place_refusal(context, channel, until), context.directory.begin_places(user)
    reason = look()
    try:
        return reason or (None if channel in mine(until) else "not_in_channel")
    except (Unreachable, NotThere):
        return "channels_unreachable"


def _filled(form: Form, body: Body) -> dict[str, str]:
    """Give what was filled in, by the names of fields."""
    filled = {field.name: typed(body, field.name, INPUT) for field in form.fields}
    if CREDENTIAL in filled:
        filled[CREDENTIAL] = read_credential(filled[CREDENTIAL]) or ""
    return filled


def _recorded(context: Context, command: Command, asker: Asker) -> Unasked | None:
    """Record a request once, however often its form is sent."""
    try:
        before = context.ledger.load(asker.request)
    except LedgerUnavailable as error:
        return not_recorded(error)
    if before is None:
        return ask(context, command, asker)
    own = (before.requester, before.channel) == (asker.user, asker.channel)
    return None if own else Unasked("form_is_old", plain_refusal("form_is_old", {}), refusal("form_is_old"))


def _beside(form: Form, unasked: Unasked) -> dict[str, str]:
    """Say it beside the input that it is about; what is about none of them stands beside the pool."""
    block = _ABOUT.get(unasked.reason, POOL.name)
    known = {field.name for field in form.fields}
    return {block if block in known else POOL.name: unasked.plain}


def _errors(errors: dict[str, str]) -> Answer:
    return {"response_action": "errors", "errors": errors}
