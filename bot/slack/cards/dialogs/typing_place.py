"""What is asked for where a place is typed: a path (docs.slack.dev: modals)."""

from __future__ import annotations

from typing import Final

from bot.request.grammar.paths import MAX_PATH
from bot.request.model import Request
from bot.slack.cards.blocks import section
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.kinds import place_noun, where
from bot.slack.cards.texts import code

TYPE_PLACE: Final = "type_place"
PATH: Final = "path"
INPUT: Final = "input"


def place_view(request: Request) -> View:
    """Ask for the path of an export, a device or a folder."""
    noun = place_noun(request)
    element = {"type": "plain_text_input", "action_id": INPUT, "max_length": MAX_PATH, "focus_on_load": True}
    label = {"type": "plain_text", "text": f"Path of the {noun}, from / on"}
    return {
        "type": "modal",
        "callback_id": TYPE_PLACE,
        "private_metadata": request.id,
        "title": {"type": "plain_text", "text": f"Type the {noun}"},
        "submit": {"type": "plain_text", "text": "Look at it"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(
                f"Request {code(request.id)}: the {noun} of {where(request)} is looked at next; nothing is changed."
            ),
            {"type": "input", "block_id": PATH, "label": label, "element": element},
        ],
    }
