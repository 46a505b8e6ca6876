"""Tells a message in plain text, as a person sees it on the page."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

Json = dict[str, Any]
Names = Callable[[str], str]

WIDTH: Final = 110
_REFERENCE: Final = re.compile(r"<([^<>]+)>")


def tell(message: Json, names: Names) -> str:
    """Lay out one message: who, when, what, and what can be pressed. `names` turns ids into names."""
    at = datetime.fromtimestamp(float(message["ts"]), tz=UTC).astimezone().strftime("%H:%M:%S")
    mark = "  (only visible to you)" if message.get("ephemeral") else ""
    body = told(message.get("blocks") or [], message.get("text", ""), names)
    return "\n".join([f"{names(message.get('user', ''))}  {at}{mark}", *(f"  | {line}" for line in body)])


def told(blocks: Sequence[Json], text: str, names: Names) -> list[str]:
    """Lay out what a message says; `text` where it has no blocks."""
    return [line for block in blocks for line in _block(block, names)] or list(_lines(text, names))


def changed(before: str, after: str) -> list[str]:
    """Give what a person notices when a message changes: its first line, and the lines that are new."""
    known = set(before.splitlines())
    author, *body = after.splitlines()
    new = [line for line in body if line not in known]
    return [f"{author}  (the same message, changed)", *(new or body)]


def _block(block: Json, names: Names) -> Iterator[str]:
    kind = block["type"]
    if kind == "divider":
        yield "-" * 20
    if kind == "context":
        yield from _lines("  ".join(_text(part) for part in block["elements"]), names)
    if kind in {"section", "header"}:
        yield from _lines(_text(block.get("text") or {}), names)
        for field in block.get("fields", []):
            yield from _lines(_text(field).replace("\n", " "), names)
    if kind == "rich_text":
        for part in block["elements"]:
            yield from _lines(html.escape("".join(_text(leaf) for leaf in part["elements"]), quote=False), names)
    shown = [*(block["elements"] if kind == "actions" else []), block.get("accessory") or {}]
    controls = "  ".join(filter(None, map(_control, shown)))
    if controls:
        yield controls


def _control(element: Json) -> str:
    if element.get("type") == "button":
        return f"[ {_text(element['text'])} ]"
    if "select" in str(element.get("type")):
        return f"[ {_text(element.get('placeholder') or {})} v ]"
    return ""


def _text(part: Json) -> str:
    return str(part.get("text", ""))


def _lines(text: str, names: Names) -> Iterator[str]:
    readable = html.unescape(_REFERENCE.sub(lambda match: _reference(match[1], names), text))
    for line in readable.splitlines():
        yield from textwrap.wrap(line, WIDTH, subsequent_indent="  ", replace_whitespace=False) or [""]


def _reference(inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date^"):
        return label
    if target[0] in "@#":
        return target[0] + names(target[1:])
    return label or target
