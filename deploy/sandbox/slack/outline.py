"""The part of YAML that a Slack manifest needs, read strictly.

Mappings and lists by indentation, comments, plain and quoted scalars. Anything else (flow style, anchors,
folded text, tabs) raises OutlineError: a scope that is silently skipped would be worse than no start at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Scalar = str | int | bool
Node = Scalar | list["Node"] | dict[str, "Node"]

_ENTRY = re.compile(r"([A-Za-z_][\w-]*):(?:\s+(.*))?")
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^']*)'")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_NOT_PLAIN = "[]{}&*!|>%@`\"',?"


class OutlineError(ValueError):
    """The manifest is laid out in a way that this reader doesn't know."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"line {number}: can't read {text!r}")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    indent: int
    text: str

    def error(self) -> OutlineError:
        return OutlineError(self.number, self.text)

    def item(self) -> Line:
        """Return what stands after the dash of a list item, as a line of its own."""
        return Line(self.number, self.indent + 2, self.text[2:].strip())


def read(text: str) -> dict[str, Node]:
    lines = [line for number, raw in enumerate(text.splitlines(), 1) if (line := _line(number, raw))]
    if not lines:
        return {}
    node, rest = _block(lines)
    if rest or not isinstance(node, dict):
        raise (rest or lines)[0].error()
    return node


def _line(number: int, raw: str) -> Line | None:
    bare = raw.rstrip()
    if not _QUOTED.search(bare):
        bare = _COMMENT.sub("", bare).rstrip()
    if not bare or bare.lstrip().startswith("#"):
        return None
    if "\t" in bare:
        raise OutlineError(number, bare)
    return Line(number, len(bare) - len(bare.lstrip()), bare.strip())


def _block(lines: list[Line]) -> tuple[Node, list[Line]]:
    return _list(lines) if lines[0].text.startswith("- ") else _mapping(lines)


def _list(lines: list[Line]) -> tuple[Node, list[Line]]:
    indent, items = lines[0].indent, list[Node]()
    while lines and lines[0].indent == indent and lines[0].text.startswith("- "):
        first = lines[0].item()
        if _ENTRY.fullmatch(first.text):
            node, lines = _mapping([first, *lines[1:]])
        else:
            node, lines = _scalar(first), lines[1:]
        items.append(node)
    return items, lines


def _mapping(lines: list[Line]) -> tuple[Node, list[Line]]:
    indent, entries = lines[0].indent, dict[str, Node]()
    while lines and lines[0].indent == indent and not lines[0].text.startswith("- "):
        key, node, lines = _entry(lines)
        if key in entries:
            raise OutlineError(lines[0].number if lines else 0, key)
        entries[key] = node
    if lines and lines[0].indent > indent:
        raise lines[0].error()
    return entries, lines


def _entry(lines: list[Line]) -> tuple[str, Node, list[Line]]:
    head, rest = lines[0], lines[1:]
    match = _ENTRY.fullmatch(head.text)
    if not match:
        raise head.error()
    key, value = match.groups()
    if value:
        return key, _scalar(Line(head.number, head.indent, value)), rest
    if not rest or rest[0].indent <= head.indent:
        raise head.error()
    node, rest = _block(rest)
    return key, node, rest


def _scalar(line: Line) -> Scalar:
    if quoted := _QUOTED.fullmatch(line.text):
        return quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
    if line.text in {"true", "false"}:
        return line.text == "true"
    if line.text.isdecimal():
        return int(line.text)
    if line.text[0] in _NOT_PLAIN or ": " in line.text:
        raise line.error()
    return line.text
