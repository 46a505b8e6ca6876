"""Reads messages as people do, and as Slack does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.slack.cards.blocks import Message
from deploy.sandbox.slack.blocks.layout import message_problems
from deploy.sandbox.slack.workspace.texts import pings


def words(message: Message) -> str:
    """Everything that stands in a message."""
    return json.dumps(list(message.blocks), ensure_ascii=False)


def elements(message: Message) -> Iterator[dict[str, Any]]:
    for block in message.blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def buttons(message: Message) -> list[str]:
    return [each["text"]["text"] for each in elements(message) if each["type"] == "button"]


def fits(message: Message) -> None:
    """Slack would take it: held against the strict table of the sandbox, which knows nothing of the bot's own."""
    rejection = message_problems(json.loads(json.dumps(list(message.blocks))))
    assert rejection is None, rejection.messages
    assert 0 < len(message.text) <= 4000


def pinged(message: Message) -> set[str]:
    return set(pings(message.text, [dict(block) for block in message.blocks]))
