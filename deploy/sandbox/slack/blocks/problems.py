"""Small checks that speak as Slack's schema validator does: a message and a JSON pointer for each problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    text: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.text} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


def string(most: int, *, least: int = 1, pattern: str | None = None) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem("input must match regex pattern", at)

    return check


def choice(*values: object) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in values:
            yield Problem("must be a valid enum value", at)

    return check


def boolean(value: object, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must be a boolean", at)


def integer(low: int, high: int) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem("must provide an integer", at)
        elif value > high:
            yield Problem(f"must be less than {high + 1}", at)
        elif value < low:
            yield Problem(f"must be greater than {low - 1}", at)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if len(value) > most:
            yield Problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield Problem(f"must provide at least {least} items", at)
        for index, item in enumerate(value):
            yield from each(item, f"{at}/{index}")

    return check


def shape(required: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None) -> Check:
    """Check an object's properties; `type` is judged by whoever picked this shape for it."""
    needed = dict(required or {})
    known = {**(optional or {}), **needed}

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        for name in needed.keys() - value.keys():
            yield Problem(f"missing required field: {name}", at)
        for name, item in value.items():
            if name in known:
                yield from known[name](item, f"{at}/{name}")
            elif name != "type":
                yield Problem(f"invalid additional property: {name}", at)

    return check


def kinds(table: Mapping[str, Check]) -> Check:
    """Check an object by the shape that its `type` names."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
        elif "type" not in value:
            yield Problem("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in table:
            yield Problem(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from table[value["type"]](value, at)

    return check


def both(*checks: Check) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        for each in checks:
            yield from each(value, at)

    return check


def rule(judge: Callable[[dict[str, object], str], Iterator[Problem]]) -> Check:
    """Make a check of a rule about a whole object; what is no object has been told already."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict):
            yield from judge(value, at)

    return check
