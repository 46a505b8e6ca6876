"""Acks that carry an answer (docs.slack.dev: handling user interaction; Socket Mode sends them with the envelope)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse

from bot.slack.cards.dialogs.notices import notice_view
from bot.slack.context import Context
from bot.slack.payload import Caller, Surface


def private_answer(context: Context, caller: Caller, text: str) -> BoltResponse:
    """Ack, and say something that only the caller sees, in the way that their surface allows; `text` is mrkdwn."""
    if caller.surface is Surface.CLICK and caller.response_url:
        context.voice.tell(caller.response_url, text)
        return plain_ack()
    if caller.surface in {Surface.SHORTCUT, Surface.HOME}:
        context.voice.notice(caller.trigger, text)
        return plain_ack()
    answers: Mapping[Surface, dict[str, Any]] = {
        Surface.COMMAND: {"response_type": "ephemeral", "text": text},
        Surface.SEARCH: {"options": []},
        Surface.SUBMISSION: {"response_action": "update", "view": notice_view(text)},
    }
    answer = answers.get(caller.surface)
    return plain_ack() if answer is None else _carrying(answer)


def plain_ack() -> BoltResponse:
    return BoltResponse(status=200)


def _carrying(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(answer), headers={"content-type": ["application/json"]})
