"""What is asked for when a step is to be done another way (docs.slack.dev: modals)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.request.model import Request
from bot.slack.cards.blocks import Block, section
from bot.slack.cards.dialogs.choosing import credential, labelled
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.texts import code

MEND: Final = "mend"
LOG_IN: Final = "log-in"
ADDRESS: Final = "address"
_MOST_ADDRESS: Final = 300


def mend_view(request: Request, credentials: Sequence[str], *, about_credential: bool) -> View:
    """Ask for another address, another credential, or both; what stands now is filled in."""
    title = "Change credential" if about_credential else "Change address"
    text = f"Request {code(request.id)}: the targets are looked for anew."
    return {
        "type": "modal",
        "callback_id": MEND,
        "private_metadata": request.id,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Look again"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(text),
            _address(request, focused=not about_credential),
            credential("CHAP credential", credentials, request.credential),
        ],
    }


def credential_view(request: Request, credentials: Sequence[str]) -> View:
    """Ask for another credential for a share; what stands now is filled in."""
    return {
        "type": "modal",
        "callback_id": LOG_IN,
        "private_metadata": request.id,
        "title": {"type": "plain_text", "text": "Change credential"},
        "submit": {"type": "plain_text", "text": "Look again"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(f"Request {code(request.id)}: the share {code(str(request.share))} is looked at anew."),
            credential("Credential", credentials, request.credential),
        ],
    }


def _address(request: Request, *, focused: bool) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "initial_value": str(request.address)[:_MOST_ADDRESS],
        "max_length": _MOST_ADDRESS,
        "focus_on_load": focused,
    }
    return labelled(ADDRESS, "Address or name of the array, with :port if it is not 3260", element)
