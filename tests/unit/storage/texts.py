"""Texts as hosts give them, and documents laid out as the storage manager of old and new releases lays them out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = Path(__file__).with_name("samples")
DECLARATION = '<?xml version="1.0" ?>\n'


def sample(name: str) -> str:
    return SAMPLES.joinpath(name).read_bytes().decode()


def laid_out(root: str, row: str, rows: Sequence[Sequence[tuple[str, str]]], *, padded: bool) -> str:
    if not rows:
        return f"{DECLARATION}<{root}/>\n"
    parts = [f"\t<{row}>\n{_fields(fields, padded=padded)}\t</{row}>\n" for fields in rows]
    return f"{DECLARATION}<{root}>\n{''.join(parts)}</{root}>\n"


def _fields(fields: Sequence[tuple[str, str]], *, padded: bool) -> str:
    before, after = ("\n\t\t\t", "\n\t\t") if padded else ("", "")
    return "".join(f"\t\t<{name}>{before}{escape(text)}{after}</{name}>\n" for name, text in fields)
