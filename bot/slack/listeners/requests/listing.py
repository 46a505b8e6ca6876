"""`/sr requests`: lists, and turning their pages. Each look is made anew for whoever asks or presses."""

from __future__ import annotations

from typing import Any, NamedTuple

import structlog
from slack_bolt import Ack, App, BoltRequest

from bot.deciding import is_awaited
from bot.ledger import listing
from bot.ledger.listing import Keep, Listing, Parts
from bot.ledger.store import LedgerUnavailable
from bot.request.grammar import ListRequests, Whose, render
from bot.slack.cards import buttons
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message
from bot.slack.cards.requests.listed import list_message
from bot.slack.cards.sentences import NOT_LOOKED_UP, UNKNOWN_LIST
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners.requests.answering import answer_to
from bot.slack.listeners.requests.seeing import links_to
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, button_value, read_caller

LOG = structlog.get_logger(__name__)


class _Turn(NamedTuple):
    """Which list is shown from which row on; `back`: the page that ends there."""

    whose: Whose
    position: int = 0
    back: bool = False


def register(app: App, context: Context) -> None:
    def listed(command: ListRequests, caller: Caller, received: float) -> Message:
        page = _page(context, _Turn(command.whose), caller, received)
        return page if isinstance(page, Message) else refusal_message(page, render(command))

    answer_to(app, ListRequests, listed)
    _listen(app, context, buttons.NEXT_REQUESTS, back=False)
    _listen(app, context, buttons.PREVIOUS_REQUESTS, back=True)


def _listen(app: App, context: Context, action_id: str, *, back: bool) -> None:
    @app.action(action_id)
    def turned(ack: Ack, body: Body, action: dict[str, Any], req: BoltRequest) -> None:
        caller = read_caller(body)
        page = _turned(context, button_value(action), caller, received_at(req), back=back)
        ack()
        if isinstance(page, Message):
            context.voice.replace(caller.response_url, page)
        else:
            context.voice.tell(caller.response_url, page)


def _turned(context: Context, carried: str, caller: Caller, received: float, *, back: bool) -> Message | str:
    turn = buttons.read_value(carried)
    if turn is None or turn[0] not in set(Whose):
        return UNKNOWN_LIST
    return _page(context, _Turn(Whose(turn[0]), turn[1], back), caller, received)


def _page(context: Context, turn: _Turn, caller: Caller, received: float) -> Message | str:
    """Give a page, or why there is none."""
    try:
        parts, keep = _of(context, turn.whose, caller, received)
        found = Listing(context.ledger.redis, parts, keep)
        page = found.page_before(turn.position) if turn.back else found.page(turn.position)
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return NOT_LOOKED_UP
    return list_message(turn.whose, page, links_to(context, page.rows, received), caller.channel)


def _of(context: Context, whose: Whose, caller: Caller, received: float) -> tuple[Parts, Keep]:
    """Say where a list is found, and which of what the indices name belongs to it as it stands now.

    What waits for somebody is what the policy in force says. Raises LedgerUnavailable.
    """
    user, channel, now = caller.user, caller.channel, context.clock()
    if whose is Whose.MINE:
        return listing.of_person(user, now), lambda request: request.requester == user
    if whose is Whose.WAITING:
        standing = context.rules.standing(context.rules.members(received))
        return listing.awaiting_in(channel), lambda it: it.channel == channel and is_awaited(it, standing, user, now)
    return listing.open_in(channel), lambda request: request.channel == channel and not request.ended
