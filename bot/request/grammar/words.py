"""A line cut into words: `bare`, `key=value`, `key="a value"`.

A quote opens at the start of a word or right after its first `=`, and closes before a blank or the end; so an
apostrophe inside a value is a letter. A doubled quote inside quotes is one quote. A backslash means itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.request.grammar.slack_text import straight

MAX_KEY: Final = 64
_KEY: Final = re.compile(r"[A-Za-z][\w.-]{0,63}")
_NEXT_OPTION: Final = re.compile(r" (?=[A-Za-z][\w-]{0,63}=)")
_OPTION_BEFORE: Final = re.compile(r" [A-Za-z][\w-]{0,63}=\Z")
_FLAG: Final = re.compile(r"-+[^-]")
_QUOTES: Final = frozenset("\"'")


@dataclass(frozen=True, slots=True)
class Word:
    """`key` is in small letters and straight dashes, None for a bare word; `value` is without its quotes."""

    value: str
    key: str | None = None
    quoted: bool = False

    @property
    def is_flag(self) -> bool:
        return self.key is None and not self.quoted and bool(_FLAG.match(straight(self.value)))


@dataclass(frozen=True, slots=True)
class Line:
    """`open_quote`: one was never closed, and the words are a guess of where it should have been."""

    words: tuple[Word, ...]
    open_quote: bool = False


def cut(text: str) -> Line:
    """Cut a line whose quotes and blanks are normalised. Linear in its length."""
    words: list[Word] = []
    open_quote, quotes, at = False, True, _skip_blanks(text, 0)
    while at < len(text):
        span = _word(text, at, quotes=quotes)
        words.append(span.word)
        open_quote = open_quote or not span.closed
        # Searched to the end once: doing so again for every later quote would take quadratic time.
        quotes = quotes and not span.exhausted
        at = _skip_blanks(text, span.end)
    return Line(_joined(words), open_quote)


@dataclass(frozen=True, slots=True)
class _Span:
    word: Word
    end: int
    closed: bool = True
    exhausted: bool = False


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _word(text: str, at: int, *, quotes: bool) -> _Span:
    end = text.find(" ", at)
    end = len(text) if end < 0 else end
    equals = text.find("=", at, end)
    for start in (at, equals + 1 if equals >= 0 else at):
        if quotes and start < end and text[start] in _QUOTES:
            return _quoted(text, at, start)
    return _Span(_named(text[at:end], quoted=False), end)


def _quoted(text: str, at: int, start: int) -> _Span:
    quote, parts, head, seen = text[start], [text[at:start]], text[at:start], start + 1
    while (found := text.find(quote, seen)) >= 0:
        parts.append(text[seen:found])
        following = text[found + 1 : found + 2]
        if following in {"", " "}:
            return _Span(_named("".join(parts), quoted=True), found + 1)
        if following != quote and _OPTION_BEFORE.search(text[max(start, found - MAX_KEY - 2) : found]):
            return _recovered(text, head, start)
        parts.append(quote)
        seen = found + (2 if following == quote else 1)
    return replace(_recovered(text, head, start), exhausted=True)


def _recovered(text: str, head: str, start: int) -> _Span:
    """Guess that the forgotten quote stood before the next option, or at the end."""
    option = _NEXT_OPTION.search(text, start)
    end = option.start() if option else len(text)
    return _Span(_named(head + text[start + 1 : end], quoted=True), end, closed=False)


def _named(text: str, *, quoted: bool) -> Word:
    name, equals, value = text.partition("=")
    key = straight(name)
    if equals and _KEY.fullmatch(key):
        return Word(value, key.lower(), quoted)
    return Word(text, quoted=quoted)


def _joined(words: list[Word]) -> tuple[Word, ...]:
    """Read `pool = xenct`, `pool= xenct` and `pool =xenct` as one option."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if before is None or word.key is not None or (together := _together(before, word)) is None:
            joined.append(word)
        else:
            joined[-1] = together
    return tuple(joined)


def _together(before: Word, word: Word) -> Word | None:
    if before.quoted:
        return None
    if before.key is not None and not before.value:
        return replace(before, value=word.value, quoted=word.quoted)
    if before.key is None and not word.quoted and word.value.startswith("="):
        option = _named(before.value + word.value, quoted=False)
        return option if option.key else None
    return None
