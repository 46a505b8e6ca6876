"""What stands on somebody's Home tab (docs.slack.dev: App Home): what waits for them, and what they asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from bot.request.model import Request
from bot.slack.cards.blocks import Block, context, header, section
from bot.slack.cards.requests.listed import row

Rows = Sequence[tuple[Request, str]]
"""Requests, each with a link to its thread; empty where there is none."""

_HOW: Final = "Storage is asked for in a channel: `/sr help` there says what there is, and what of it is for you."
_NOTHING_WAITS: Final = "Nothing waits for you."
_NONE: Final = "You have no open request, and none that ended within the last 30 days."


def home_view(waiting: Rows, mine: Rows) -> dict[str, Any]:
    """Draw a Home; nothing on it depends on when it is drawn."""
    return {
        "type": "home",
        "blocks": [
            *_part("Waiting for you to decide", waiting, _NOTHING_WAITS),
            {"type": "divider"},
            *_part("Your requests", mine, _NONE),
            context(f"{_HOW} `/sr requests` lists more of them."),
        ],
    }


def digest(view: dict[str, Any]) -> str:
    """Tell one drawing from another."""
    return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()


def _part(title: str, rows: Rows, none: str) -> list[Block]:
    shown = [section(row(request, link, "")) for request, link in rows]
    return [header(title), *(shown or [section(none)])]
