"""One record as a line of a file: JSON, with the record's own bytes in it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from bot.audit import Entry, is_canonical

_BEGIN: Final = b'{"entry":"'
_MIDDLE: Final = b'","record":'
_END: Final = b"}"


def line_of(entry: Entry) -> bytes:
    """Write a record as a line, without its end. What srbot would not write itself stands there as hex digits."""
    begin = _BEGIN + entry.id.encode()
    if is_canonical(entry.raw):
        return begin + _MIDDLE + entry.raw + _END
    return begin + b'","unreadable":"' + entry.raw.hex().encode() + b'"}'


def read_line(line: bytes) -> Entry | None:
    """Read a line; None for one that is torn."""
    try:
        found: Any = msgspec.json.decode(line)
        if "unreadable" in found:
            return Entry(found["entry"], bytes.fromhex(found["unreadable"]))
        begin = _BEGIN + found["entry"].encode() + _MIDDLE
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError, KeyError, ValueError, AttributeError):
        return None
    return Entry(found["entry"], line[len(begin) : -len(_END)]) if line.startswith(begin) else None
