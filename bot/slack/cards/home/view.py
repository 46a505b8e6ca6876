"""What stands on somebody's Home tab (docs.slack.dev: App Home): what waits for them, and what they asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from bot.request.model import Request
from bot.slack.cards import buttons
from bot.slack.cards.blocks import Block, actions, context, header, section
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.requests.listed import row

Rows = Sequence[tuple[Request, str]]
"""Requests, each with a link to its thread; empty where there is none."""

_BEGIN: Final = (
    "Storage is asked for by a form, or in a channel as `/sr help` there says. "
    "Nothing is changed before a plan is approved."
)
_NOTHING_WAITS: Final = "Nothing waits for you."
_NONE: Final = "You have no open request, and none that ended within the last 30 days."


def home_view(waiting: Rows, mine: Rows) -> View:
    """Draw a Home; nothing on it depends on when it is drawn."""
    return {
        "type": "home",
        "blocks": [
            section(_BEGIN),
            actions([buttons.add_storage()]),
            *_part("Waiting for you to decide", waiting, _NOTHING_WAITS),
            {"type": "divider"},
            *_part("Your requests", mine, _NONE),
            context("`/sr requests` in a channel lists more of them."),
        ],
    }


def refused_view(text: str) -> View:
    """Say on a Home why there is nothing for this person; `text` is mrkdwn."""
    return {"type": "home", "blocks": [section(text)]}


def digest(view: View) -> str:
    """Tell one drawing from another."""
    return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()


def _part(title: str, rows: Rows, none: str) -> list[Block]:
    shown = [section(row(request, link, "")) for request, link in rows]
    return [header(title), *(shown or [section(none)])]
