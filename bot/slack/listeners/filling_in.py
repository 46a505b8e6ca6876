"""Buttons that open a dialog first: drawn for who pressed, and done by what is filled in there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.ledger.store import LedgerUnavailable
from bot.policy import Members
from bot.request.model import Request
from bot.request.refused import Refused
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.sentences import NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.decisions import Press
from bot.slack.listeners.named import named
from bot.slack.listeners.settling import Body, tell
from bot.slack.payload import button_value, read_caller, typed


@dataclass(frozen=True, slots=True)
class Someone:
    """Who pressed or submitted, and who is in the groups that the policy names."""

    id: str
    members: Members

    def press(self, number: int) -> Press:
        return Press(self.id, number, self.members)


Draw = Callable[[Context, Request, Press], View]
"""Draws the dialog for who pressed, about the plan of that number. Raises Refused where submitting it would be vain."""

Submit = Callable[[Context, Someone, str, str], str | None]
"""Does what a dialog asks: who submitted, its metadata, what was typed. Gives what to tell where nothing came of it."""


def opens(app: App, context: Context, action_id: str, draw: Draw) -> None:
    """Let a button open a dialog, where what is filled in there could be done."""

    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient, req: BoltRequest) -> None:
        ack()  # nothing is committed here, and looking, loading and opening together may take longer than an ack may
        where = (read_caller(body).channel, button_value(action))
        view = drawn(context, someone_of(context, body, req), where, draw)
        tell(context, body, view if isinstance(view, str) else dialogs.opened(client, body, req, view))


def someone_of(context: Context, body: Body, req: BoltRequest) -> Someone:
    """Say who pressed or submitted."""
    return Someone(read_caller(body).user, context.rules.members(received_at(req)))


def drawn(context: Context, someone: Someone, pressed: tuple[str, str], draw: Draw) -> View | str:
    """Draw for somebody who pressed a button: in which channel, and what it carried."""
    try:
        found = named(context, *pressed)
        if found is None:
            return UNKNOWN_REQUEST
        request, number = found
        return draw(context, request, someone.press(number))
    except LedgerUnavailable:
        return NOTHING_CHANGED
    except Refused as refused:
        return refusal(refused.reason_code, refused.facts)


def takes(app: App, context: Context, callback: str, field: tuple[str, str], submit: Submit) -> None:
    """Do what a dialog asks; `field` is the block and the input that hold what was filled in."""
    block, name = field

    @app.view(callback)
    def submitted(ack: Ack, body: Body, req: BoltRequest) -> None:
        metadata = str(body["view"].get("private_metadata"))
        told = dialogs.misplaced(context, metadata.partition(":")[0], received_at(req))
        if told is None:
            told = submit(context, someone_of(context, body, req), metadata, typed(body, block, name).strip())
        ack(**dialogs.answer(told, block))
