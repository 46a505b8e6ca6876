"""The failures that a text tells of: their codes, and which part of the text belongs to each.

xe prints `Error code: CODE` and `Error parameters: a, b`; xapi logs `CODE: [ a; b ]` or `Server_error(CODE, [ a; b ])`;
Xen Orchestra shows `CODE(a, b)`; languages print the list itself, its first string the code (xapi: cli_operations.ml,
api_errors.ml; xen-orchestra: packages/xen-api).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.storage.documents.scanning import ROOTS
from bot.storage.failures.explanations import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CODE: Final = r"[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,12}(?![A-Za-z0-9_])"
_QUOTE: Final = "[\"'\u201c-\u201f\u2018-\u201b]"
_ANCHOR: Final = re.compile(
    rf"""
      \bError\ code:[ \t]{{0,8}}(?P<xe>{_CODE})
    | (?<![A-Za-z0-9_])(?P<log>{_CODE}):\s{{0,4}}\[
    | (?<![A-Za-z0-9_])(?P<call>{_CODE})\(
    | \bServer_error\s{{0,4}}\(\s{{0,4}}\\{{0,7}}{_QUOTE}?(?P<ocaml>{_CODE})
    | \[\s{{0,64}}u?(?P<level>\\{{0,7}}){_QUOTE}(?P<list>{_CODE})\\{{0,7}}{_QUOTE}
    | {_QUOTE}code\\{{0,7}}{_QUOTE}\s{{0,8}}:\s{{0,8}}\\{{0,7}}{_QUOTE}(?P<object>{_CODE})
    """,
    re.VERBOSE,
)
_BARE: Final = re.compile(rf"(?<![A-Za-z0-9_])(?:{_CODE})")
_ROOT: Final = re.compile(
    rf"(?:<|&lt;)(?P<end>/?)(?:{'|'.join(sorted(ROOTS, reverse=True))})(?P<empty>\s*/(?:>|&gt;))?"
)
_BRACKET: Final = re.compile(r"[\[\]]")
_NEXT_BRACKET: Final = re.compile(r"[^\[\]]{0,32}\[")
_XE_PARAMETERS: Final = re.compile(r"\s{0,8}(?:Error parameters:)?[^\n]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A code, what is said of it, and the part of the text up to the next one."""

    code: str
    said: str
    part: str


@dataclass(frozen=True, slots=True)
class Told:
    """`before` is the text before the first mention."""

    before: str
    mentions: tuple[Mention, ...]


def mentions(text: str) -> Told:
    """Every failure that isn't told inside another one's list, in order; without any, the last bare code.

    Only codes that are known count: capitals where a code belongs may be anything, a password too.
    """
    anchors = list(_outermost(text))
    if not anchors:
        code = _bare(text)
        return Told("", (Mention(code, text, text),)) if code else Told(text, ())
    ends = [*(start for start, _, _, _ in anchors[1:]), len(text)]
    found = [
        Mention(code, text[after:end] if end is not None else text[after:until], text[start:until])
        for (start, after, end, code), until in zip(anchors, ends, strict=True)
    ]
    return Told(text[: anchors[0][0]], tuple(found))


def notation(text: str) -> int:
    """How often a list's strings are escaped, going by the quotes of its code; 0 without such a list."""
    levels = [len(match["level"]) for match in _ANCHOR.finditer(text) if match["list"]]
    return max(levels).bit_length() + 1 if levels else 0


def _outermost(text: str) -> Iterator[tuple[int, int, int | None, str]]:
    """Start, end of the code, end of its list where that is closed, and the code."""
    closing = _closing(text)
    until = 0
    for match in _ANCHOR.finditer(text):
        kind = match.lastgroup or ""
        code = match[kind]
        if match.start() < until or not is_known(code):
            continue
        opened = _opened(text, match)
        end = closing.get(opened) if opened is not None else None
        until = end if end is not None else match.end()
        if kind == "xe" and (parameters := _XE_PARAMETERS.match(text, match.end())):
            until = parameters.end()
        yield match.start(), match.end(), end, code


def _opened(text: str, match: re.Match[str]) -> int | None:
    if match["list"]:
        return match.start()
    if match["log"]:
        return match.end() - 1
    follows = None if match["xe"] or match["call"] else _NEXT_BRACKET.match(text, match.end())
    return follows.end() - 1 if follows else None


def _closing(text: str) -> Mapping[int, int]:
    """Where each bracket that is closed is closed."""
    stack: list[int] = []
    closing: dict[int, int] = {}
    for bracket in _BRACKET.finditer(text):
        if bracket[0] == "[":
            stack.append(bracket.start())
        elif stack:
            closing[stack.pop()] = bracket.start()
    return closing


def _bare(text: str) -> str | None:
    for part in _around_documents(text):
        found = [m[0] for m in _BARE.finditer(part) if is_known(m[0])]
        if found:
            return found[-1]
    return None


def _around_documents(text: str) -> Iterator[str]:
    """What stands before the first document and behind the last: a name inside of one may look like a code."""
    first, last = None, None
    for last in _ROOT.finditer(text):
        first = first or last
    yield text if first is None else text[: first.start()]
    # Behind a document that was cut nothing comes but the rest of it.
    if last is not None and (last["end"] or last["empty"]):
        yield text[last.end() :]
