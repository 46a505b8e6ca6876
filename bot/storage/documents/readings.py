from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.storage.documents.scanning import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.storage.documents.scanning import Document, Element

T = TypeVar("T")

# A size in bytes has at most 20 digits (2**64).
_NUMBER = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a text says; complete is False where the document is missing, cut or damaged: the items are the rest."""

    items: tuple[T, ...]
    complete: bool


def read(text: str, root: str, reader: Callable[[Document], Reading[T]]) -> Reading[T]:
    """What the last whole document of that root says, or else the last one that says anything.

    Complete only if every such document in the text is, and none ends before its kind can be told.
    """
    found = [document for document in documents(text) if document.root in {root, ""}]
    readings = [reader(document) for document in found if document.root]
    chosen = [r for r in readings if r.complete] or [r for r in readings if r.items]
    complete = all(document.root for document in found) and all(r.complete for r in readings)
    return Reading(chosen[-1].items if chosen else (), complete=bool(readings) and complete)


def read_rows(
    document: Document, row: str, reader: Callable[[Element], T | None], beside: frozenset[str] = frozenset()
) -> Reading[T]:
    """The document's rows; complete if it is whole, each row is readable, and nothing unknown stands beside them."""
    rows = [reader(element) for element in document.element.rows(row)]
    root = document.element
    known = root.text is None and all(child.name.lower() in {row.lower(), *beside} for child in root.children)
    items = tuple(item for item in rows if item is not None)
    return Reading(items, complete=document.whole and known and len(items) == len(rows))


def number(text: str | None) -> int | None:
    """A decimal number without sign, or None."""
    return int(text) if text and _NUMBER.fullmatch(text) else None
