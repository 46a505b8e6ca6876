"""Dialogs that only say something (docs.slack.dev: modals)."""

from __future__ import annotations

from typing import Any

from bot.slack.cards.blocks import section

View = dict[str, Any]


def notice_view(text: str) -> View:
    """Say something; `text` is mrkdwn."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "srbot"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [section(text)],
    }
