"""The expressions of get_all_records_where: `field "type" = "nfs" and not (field "shared" = "true")`.

Source: xapi: ocaml/database/db_filter_lexer.mll and db_filter_parse.mly. Strings have no escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TOKEN = re.compile(r'\s*(?:"([^"]*)"|(true|false|field|and|or|not|=|\(|\)))')


@dataclass(frozen=True, slots=True)
class _Token:
    word: str = ""
    text: str | None = None


def parse(expression: str) -> Callable[[Mapping[str, Any]], bool]:
    """A test of a record; INTERNAL_ERROR where it can't be read."""
    reader = _Reader(_tokens(expression))
    test = reader.any_of()
    if reader.left():
        raise _unreadable(expression)
    return test


def _unreadable(expression: str) -> ApiFailureError:
    return ApiFailureError("INTERNAL_ERROR", f"Db_filter.Expression_error({expression})")


def _tokens(expression: str) -> list[_Token]:
    tokens, at, end = [], 0, len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _unreadable(expression)
        tokens.append(_Token(match[2] or "", match[1]))
        at = match.end()
    return tokens


def _as_text(value: Any) -> str | None:  # noqa: ANN401 - any field's value
    """The form in the database; maps and sets match nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


class _Reader:
    """Recursive descent; `and` binds closer than `or`, `not` closest."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens

    def left(self) -> bool:
        return bool(self._tokens)

    def any_of(self) -> Callable[[Mapping[str, Any]], bool]:
        tests = [self._all_of()]
        while self._take("or"):
            tests.append(self._all_of())
        return lambda record: any(test(record) for test in tests)

    def _all_of(self) -> Callable[[Mapping[str, Any]], bool]:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Callable[[Mapping[str, Any]], bool]:
        if self._take("not"):
            inner = self._one()
            return lambda record: not inner(record)
        if self._take("("):
            inner = self.any_of()
            self._expect(")")
            return inner
        if self._take("true"):
            return lambda _: True
        return (lambda _: False) if self._take("false") else self._comparison()

    def _comparison(self) -> Callable[[Mapping[str, Any]], bool]:
        left = self._value()
        self._expect("=")
        right = self._value()
        return lambda record: left(record) == right(record)

    def _value(self) -> Callable[[Mapping[str, Any]], str | None]:
        if self._take("field"):
            name = self._text().replace("__", "_")
            return lambda record: _as_text(_field(record, name))
        text = self._text()
        return lambda _: text

    def _text(self) -> str:
        token = self._tokens.pop(0) if self._tokens else _Token()
        if token.text is None:
            raise _unreadable(token.word)
        return token.text

    def _take(self, word: str) -> bool:
        if self._tokens and self._tokens[0].word == word:
            self._tokens.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise _unreadable(word)


def _field(record: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any field's value
    if name not in record:
        raise _unreadable(name)
    return record[name]
