"""Probe documents, cut out of whatever text they come in.

The storage manager writes its documents with Python's minidom: plain elements, no attributes, no entities of its
own, an XML declaration in front (SM: drivers/BaseISCSI.py, lvutil.py, nfs.py). On their way they pick up junk, are
cut off, come twice or XML-escaped. A strict XML parser would throw all of it away; this reader keeps what is
readable and says whether that is all. It knows no DTD, so nothing can be expanded, and takes linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGETS: Final = "iscsi-target-iqns"
LUNS: Final = "iscsi-target"
SRS: Final = "SRlist"
EXPORTS: Final = "nfs-exports"
DEVICES: Final = "Devlist"
ROOTS: Final = frozenset({TARGETS, LUNS, SRS, EXPORTS, DEVICES})

# The deepest document is a Devlist: root, Adapter, fc_host, field.
_MAX_DEPTH = 8
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile(r"<([^<>]*+)>")
_TAG = re.compile(r"(/?)([A-Za-z_][A-Za-z0-9_.-]*+)[ \t\r\n]*+(.*?)(/?)", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_DOCTYPE = re.compile("<!DOCTYPE", re.IGNORECASE)
_LAST_CHARACTER = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a document; text is stripped, and None where there is none or it was cut."""

    name: str
    text: str | None
    children: tuple[Element, ...] = ()

    def value(self, name: str) -> str | None:
        """The text of the first child of that name, in any case (as XenCenter reads them)."""
        wanted = name.lower()
        return next((child.text for child in self.children if child.name.lower() == wanted), None)

    def rows(self, name: str) -> Iterator[Element]:
        """Every element of that name below this one: a row whose neighbour wasn't closed hangs below it."""
        for child in self.children:
            if child.name.lower() == name.lower():
                yield child
            yield from child.rows(name)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text.

    `whole` means that the text from the root's tag to its end is well-formed, characters that XML forbids left out.
    Where no more than a declaration can be read, root is "" and whole False.
    """

    root: str
    element: Element
    whole: bool


def documents(text: str) -> tuple[Document, ...]:
    """Every document in the text, in order; of a text that holds none as it is, those in its unescaped form."""
    clean = _ILLEGAL.sub("", text)
    plain = _scan(clean)
    if "&" not in clean or any(found.root for found in plain):
        return plain
    escaped = _scan(unescaped(clean))
    return escaped if any(found.root for found in escaped) else plain


def unescaped(text: str) -> str:
    """The text with XML's five entities and its character references replaced; others stay as they are."""
    return _REFERENCE.sub(lambda match: _character(match) or match[0], text)


def is_escaped_cleanly(text: str) -> bool:
    """Whether each `&` of the text begins a reference that stands for a character."""
    if "&" not in text:
        return True
    return "&" not in _REFERENCE.sub("", text) and all(map(_character, _REFERENCE.finditer(text)))


def task_value(result: str) -> str:
    """The string in the result of a XenAPI task, `<value>...</value>`; the result itself where it isn't that.

    xapi escapes the text between the tags. XenCenter falls back to the raw text likewise (its CA-352946).
    """
    bare = result.strip()
    if bare == "<value/>":
        return ""
    inner = bare.removeprefix("<value>").removesuffix("</value>")
    if len(inner) != len(bare) - len("<value></value>") or "<" in inner or not is_escaped_cleanly(inner):
        return result
    return unescaped(inner)


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _PREDEFINED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return "" if number > _LAST_CHARACTER else _ILLEGAL.sub("", chr(number))


def _scan(text: str) -> tuple[Document, ...]:
    scan = _Scan(undamaged=_DOCTYPE.search(text) is None)
    at = 0
    for markup in _MARKUP.finditer(text):
        if at < markup.start():
            scan.text(text[at : markup.start()])
        scan.markup(markup[1])
        at = markup.end()
    scan.cut()
    return tuple(scan.found)


@dataclass(slots=True)
class _Scan:
    """Where a scan stands: outside of any document, behind a declaration, or in a document."""

    undamaged: bool
    found: list[Document] = field(default_factory=list)
    declared: bool = False
    tree: _Tree | None = None

    def text(self, raw: str) -> None:
        if self.tree:
            self.tree.text(raw)

    def markup(self, body: str) -> None:
        if body.startswith("?xml"):
            self.cut()
            self.declared = True
            return
        tag = _TAG.fullmatch(body)
        if tag and not tag[1] and self._is_root(tag[2]):
            self.declared = False
            self.cut()
            self.tree = _Tree(whole=self.undamaged)
        if self.tree:
            self.tree.tag(tag)
            self._finish_when_closed(self.tree)

    def cut(self) -> None:
        """Whatever is open ends here, before its end."""
        if self.tree:
            self._finish(self.tree.cut(), whole=False)
        elif self.declared:
            self._finish(Element("", None), whole=False)

    def _is_root(self, name: str) -> bool:
        # Inside an SR, Devlist is a field.
        return name in ROOTS and (self.tree is None or name != DEVICES)

    def _finish_when_closed(self, tree: _Tree) -> None:
        if not tree.open:
            self._finish(tree.closed[0], whole=tree.whole)

    def _finish(self, element: Element, *, whole: bool) -> None:
        self.found.append(Document(element.name, element, whole))
        self.tree, self.declared = None, False


@dataclass(slots=True)
class _Open:
    """An element whose end tag hasn't come yet."""

    name: str
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Tree:
    """A document while it is read; `whole` turns False at the first thing that well-formed XML doesn't have."""

    whole: bool
    open: list[_Open] = field(default_factory=list)
    closed: list[Element] = field(default_factory=list)

    def text(self, raw: str) -> None:
        self.open[-1].texts.append(raw)
        if "<" in raw or "]]>" in raw or not is_escaped_cleanly(raw):
            self.whole = False

    def tag(self, tag: re.Match[str] | None) -> None:
        if tag is None:
            self.whole = False
            return
        end, name, rest, empty = tag.groups()
        # The storage manager writes no attributes, and `</a/>` is no tag.
        self.whole = self.whole and not rest and not (end and empty)
        if end:
            self._end(name)
        else:
            self._start(name, is_empty=bool(empty))

    def cut(self) -> Element:
        while self.open:
            self._pop(is_cut=True)
        return self.closed[0]

    def _start(self, name: str, *, is_empty: bool) -> None:
        if len(self.open) >= _MAX_DEPTH:
            self.whole = False
            return
        self.open.append(_Open(name))
        if is_empty:
            self._pop(is_cut=False)

    def _end(self, name: str) -> None:
        if name not in [element.name for element in self.open]:
            self.whole = False
            return
        while self.open[-1].name != name:
            self.whole = False
            self._pop(is_cut=True)
        self._pop(is_cut=False)

    def _pop(self, *, is_cut: bool) -> None:
        done = self.open.pop()
        raw = "".join(done.texts)
        if done.children and raw.strip():
            self.whole = False
        text = None if is_cut or "<" in raw or not is_escaped_cleanly(raw) else unescaped(raw).strip()
        siblings = self.open[-1].children if self.open else self.closed
        siblings.append(Element(done.name, text or None, tuple(done.children)))
