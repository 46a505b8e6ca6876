"""Inputs of dialogs (docs.slack.dev: Block Kit, input block)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.request.grammar.forms import CREDENTIAL
from bot.slack.cards.blocks import MOST_OPTIONS, Block, option

INPUT: Final = "input"
BY_ADDRESS: Final = "by-address"
"""Leaves the credential to the configuration."""

_NAMED: Final = "named:"


def labelled(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    """Make an input block; its element is found by the one name that all inputs have."""
    text = {"type": "plain_text", "text": label}
    made: Block = {"type": "input", "block_id": block_id, "label": text, "element": {"action_id": INPUT} | element}
    return made | ({"optional": True} if optional else {})


def credential(label: str, names: Sequence[str], now: str | None = None, *, of: str = "the address") -> Block:
    """Let a configured credential be chosen, or none by name; `now` is the one that stands there at first."""
    automatic = option(f"The one that is configured for {of}, if any", BY_ADDRESS)
    options = [automatic, *(option(name, _NAMED + name) for name in names[: MOST_OPTIONS - 1])]
    first = next((made for made in options if made["value"] == _NAMED + (now or "")), automatic)
    element = {"type": "static_select", "options": options, "initial_option": first}
    return labelled(CREDENTIAL, label, element)


def read_credential(value: str) -> str | None:
    """Read what was chosen: the name of a credential, or None for the one that is configured."""
    return value.removeprefix(_NAMED) if value.startswith(_NAMED) else None
