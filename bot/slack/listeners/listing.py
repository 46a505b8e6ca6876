"""Turning the pages of a private answer, from what is stored."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable
from bot.slack.cards import buttons
from bot.slack.cards.answers import list_page
from bot.slack.cards.blocks import Message
from bot.slack.cards.sentences import ANSWER_IS_GONE, NOTHING_CHANGED, OTHERS_ANSWER
from bot.slack.context import Context
from bot.slack.listeners.settling import Body
from bot.slack.payload import button_value, read_caller


def register(app: App, context: Context) -> None:
    for action_id in (buttons.NEXT_PAGE, buttons.PREVIOUS_PAGE):
        _listen(app, context, action_id)


def _listen(app: App, context: Context, action_id: str) -> None:
    @app.action(action_id)
    def turned(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        caller = read_caller(body)
        page = _page(context, caller.user, button_value(action))
        ack()
        if isinstance(page, Message):
            context.voice.replace(caller.response_url, page)
        else:
            context.voice.tell(caller.response_url, page)


def _page(context: Context, actor: str, carried: str) -> Message | str:
    turn = buttons.read_value(carried)
    if turn is None:
        return ANSWER_IS_GONE
    try:
        question = context.questions.load(turn[0])
    except LedgerUnavailable:
        return NOTHING_CHANGED
    if question is None or not question.answered or question.sr:
        return ANSWER_IS_GONE
    return list_page(question, turn[1]) if question.actor == actor else OTHERS_ANSWER
