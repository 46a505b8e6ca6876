"""What is asked for when a step is to be done another way (docs.slack.dev: modals)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.request.model import Request
from bot.slack.cards.blocks import MOST_OPTIONS, Block, option, section
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.texts import code

MEND: Final = "mend"
LOG_IN: Final = "log-in"
ADDRESS: Final = "address"
CREDENTIAL: Final = "credential"
INPUT: Final = "input"
BY_ADDRESS: Final = "by-address"
"""Leaves the credential to the configuration."""

_NAMED: Final = "named:"
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
            _credential(request, credentials, "CHAP credential"),
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
            _credential(request, credentials, "Credential"),
        ],
    }


def _address(request: Request, *, focused: bool) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "initial_value": str(request.address)[:_MOST_ADDRESS],
        "max_length": _MOST_ADDRESS,
        "focus_on_load": focused,
    }
    label = {"type": "plain_text", "text": "Address or name of the array, with :port if it is not 3260"}
    return {"type": "input", "block_id": ADDRESS, "label": label, "element": element}


def _credential(request: Request, credentials: Sequence[str], label: str) -> Block:
    automatic = option("The one that is configured for the address, if any", BY_ADDRESS)
    options = [automatic, *(option(name, _NAMED + name) for name in credentials[: MOST_OPTIONS - 1])]
    now = next((made for made in options if made["value"] == _NAMED + (request.credential or "")), automatic)
    element = {"type": "static_select", "action_id": INPUT, "options": options, "initial_option": now}
    text = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": CREDENTIAL, "label": text, "element": element}


def read_credential(value: str) -> str | None:
    """Read what was chosen: the name of a credential, or None for the one that is configured."""
    return value.removeprefix(_NAMED) if value.startswith(_NAMED) else None
