"""A path on a server or a host, as people type it."""

from __future__ import annotations

from typing import Final

from bot.request.grammar.slack_text import straight, unprintable
from bot.request.grammar.slip import Slip, quoted
from bot.request.spelling import tidied

MAX_PATH: Final = 1024
"""PATH_MAX is 4096 bytes; no card could show that, and no server has it."""


def read_path(typed: str) -> str | Slip:
    """Read a path from the root on: without a slash at its end, but for the root itself."""
    text = straight(typed).strip()
    if any(map(unprintable, text)):
        return Slip("control_character", "The path holds a character that can't be seen.")
    if len(text) > MAX_PATH:
        return Slip("value_too_long", f"The path has {len(text)} characters; it may have {MAX_PATH}.")
    if not text.startswith("/"):
        return Slip("path_unreadable", f"{quoted(text)} is no path: it begins with a slash, as /path/to/it does.")
    return tidied(text) or "/"
