"""`srbot explain`: what a text from XenServer says. Needs no configuration, no Slack and no pool."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path
from typing import Final

from bot.storage import Explained, as_json, explain_text, table

STDIN: Final = "-"
# PowerShell writes the output of a command in UTF-16; the longer marks begin with the shorter.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def explained(file: str, *, as_object: bool) -> str:
    """Say what a file, or standard input, holds: for people, or as one JSON object. Raises OSError."""
    told = explain_text(decoded(_bytes(file)))
    return json.dumps(as_json(told)) if as_object else laid_out(told)


def decoded(raw: bytes) -> str:
    """Read bytes as text; what is no text becomes U+FFFD."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8-sig")
    return raw.decode(encoding, "replace")


def laid_out(told: Explained) -> str:
    """Lay it out for a terminal of any width."""
    head = told.kind if told.code is None else f"{told.kind} ({told.code})"
    lines = [f"{head}: {told.sentence}", told.next_step]
    rows = table(told.lists)
    return "\n".join([*lines, *(["", *rows] if rows else [])])


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
