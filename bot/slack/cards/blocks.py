"""Block Kit in the few shapes that srbot uses, and its limits (docs.slack.dev: Block Kit reference)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Block = dict[str, Any]

MOST_BLOCKS: Final = 50
MOST_TEXT: Final = 3000
MOST_HEADER: Final = 150
MOST_FIELD: Final = 2000
MOST_FIELDS: Final = 10
MOST_OPTIONS: Final = 100
MOST_LABEL: Final = 75
MOST_CONFIRM: Final = 300
MOST_CONFIRM_TITLE: Final = 100
MOST_PLACEHOLDER: Final = 150
MOST_MESSAGE_TEXT: Final = 4000
"""chat.update refuses more; chat.postMessage advises against it."""

_TORN: Final = re.compile(r"(?:&[a-z]{0,3}|<[^<>]*)\Z")


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. `text` is what a notification shows."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex: equal messages have equal digests."""
        return hashlib.sha256(json.dumps([self.text, self.blocks], sort_keys=True).encode()).hexdigest()


def message(text: str, blocks: Iterable[Block | None]) -> Message:
    """Put a message together; None stands for a block that isn't there."""
    present = [block for block in blocks if block is not None]
    return Message(cut(text, MOST_TEXT), tuple(present[:MOST_BLOCKS]))


def cut(text: str, most: int) -> str:
    """Shorten mrkdwn without tearing an entity or a mention apart."""
    if len(text) <= most:
        return text
    return _TORN.sub("", text[: most - 1]) + "…"


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(text, MOST_HEADER)}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def plain_section(text: str) -> Block:
    """Text in which nothing is markup, because a person's words stand in it."""
    return {"type": "section", "text": _plain(text, MOST_TEXT)}


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Labels and values in two columns; ten at most."""
    rows = [mrkdwn(f"*{label}*\n{value}", MOST_FIELD) for label, value in pairs[:MOST_FIELDS]]
    return {"type": "section", "fields": rows}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def quote(label: str, text: str) -> Block:
    """A person's own words, in leaves of rich text, where nothing is markup."""
    said = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}
    intro = {"type": "rich_text_section", "elements": [{"type": "text", "text": label, "style": {"bold": True}}]}
    return {"type": "rich_text", "elements": [intro, said]}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block | None:
    """A row of buttons and menus; None for none."""
    if not elements:
        return None
    block: Block = {"type": "actions", "elements": list(elements)}
    return block if block_id is None else block | {"block_id": block_id}


def button(label: str, action: str, value: str, style: str = "", ask: Block | None = None) -> Block:
    element: Block = {"type": "button", "action_id": action, "text": _plain(label, MOST_LABEL), "value": value}
    if style:
        element["style"] = style
    return element if ask is None else element | {"confirm": ask}


def ask_first(title: str, text: str, yes: str, no: str = "Not now", style: str = "primary") -> Block:
    """A question that Slack asks before a button counts."""
    return {
        "title": _plain(title, MOST_CONFIRM_TITLE),
        "text": _plain(text, MOST_CONFIRM),
        "confirm": _plain(yes, 30),
        "deny": _plain(no, 30),
        "style": style,
    }


def menu(action: str, placeholder: str, choices: Block) -> Block:
    """A menu of options that stand in the message: `choices` holds options or option_groups."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": _plain(placeholder, MOST_PLACEHOLDER),
        **choices,
    }


def search_menu(action: str, placeholder: str) -> Block:
    """A menu that asks srbot for its options at each keystroke, from the first look on."""
    return {
        "type": "external_select",
        "action_id": action,
        "placeholder": _plain(placeholder, MOST_PLACEHOLDER),
        "min_query_length": 0,
    }


def option(label: str, value: str, description: str = "") -> Block:
    made: Block = {"text": _plain(label, MOST_LABEL), "value": value}
    return made | {"description": _plain(description, MOST_LABEL)} if description else made


def group(label: str, options: Sequence[Block]) -> Block:
    return {"label": _plain(label, MOST_LABEL), "options": list(options)}


def mrkdwn(text: str, most: int = MOST_TEXT) -> Block:
    return {"type": "mrkdwn", "text": cut(text, most)}


def paragraphs(lines: Iterable[str], most: int = 5) -> list[Block]:
    """Lines in as few sections as hold them; what doesn't fit into `most` of them is counted."""
    packed: list[list[str]] = [[]]
    left_out = 0
    for line in lines:
        if sum(map(len, packed[-1])) + len(packed[-1]) + len(line) > MOST_TEXT and packed[-1]:
            packed.append([])
        if len(packed) > most:
            left_out += 1
        else:
            packed[-1].append(line)
    made = [section("\n".join(group_of)) for group_of in packed[:most] if group_of]
    return made if not left_out else [*made, context(f"and {left_out} more")]


def _plain(text: str, most: int) -> Block:
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return {"type": "plain_text", "text": shown, "emoji": False}
