"""The documents of a text, each read by its root, without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from bot.storage.documents.devices import devices_in
from bot.storage.documents.exports import exports_in
from bot.storage.documents.luns import luns_in
from bot.storage.documents.scanning import DEVICES, EXPORTS, LUNS, SRS, TARGETS, Document, Element, documents
from bot.storage.documents.srs import srs_in
from bot.storage.documents.targets import targets_in
from bot.storage.explaining.explained import Lists
from bot.storage.masks import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Listed = Literal["targets", "luns", "srs", "exports", "devices"]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document lists; kind is None where it is cut before its kind can be told."""

    kind: Listed | None
    lists: Lists
    complete: bool


NOTHING: Final = Listing(None, Lists(), complete=False)


def listings(text: str) -> tuple[Listing, ...]:
    """What each document of the text lists, in order. Never raises."""
    return tuple(_listing(document) for document in documents(text))


def deciding(found: Sequence[Listing]) -> Listing | None:
    """The last whole one, else the last that says anything, else the last."""
    whole = [each for each in found if each.complete]
    telling = whole or [each for each in found if each.lists.count] or found
    return telling[-1] if telling else None


def _listing(document: Document) -> Listing:
    reader = _READERS.get(document.root)
    if reader is None:
        return NOTHING
    return reader(Document(document.root, _without_secrets(document.element), document.whole))


def _without_secrets(element: Element) -> Element:
    text = masked(element.text) if element.text else element.text
    return Element(element.name, text, tuple(_without_secrets(child) for child in element.children))


def _targets(document: Document) -> Listing:
    reading = targets_in(document)
    return Listing("targets", Lists(targets=reading.items), reading.complete)


def _luns(document: Document) -> Listing:
    reading = luns_in(document)
    return Listing("luns", Lists(luns=reading.items), reading.complete)


def _srs(document: Document) -> Listing:
    reading = srs_in(document)
    return Listing("srs", Lists(srs=reading.items), reading.complete)


def _exports(document: Document) -> Listing:
    reading = exports_in(document)
    return Listing("exports", Lists(exports=reading.items), reading.complete)


def _devices(document: Document) -> Listing:
    reading = devices_in(document)
    return Listing("devices", Lists(devices=reading.items), reading.complete)


_READERS: Final[Mapping[str, Callable[[Document], Listing]]] = {
    TARGETS: _targets,
    LUNS: _luns,
    SRS: _srs,
    EXPORTS: _exports,
    DEVICES: _devices,
}
