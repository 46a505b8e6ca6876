"""Typed looks into the tables of a TOML text. What is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot import tables
from bot.policy.language.values import OWN_NAME, own_name

T = TypeVar("T")

_HEADER: Final = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_WHERE: Final = re.compile(r"\(at [^()]*\)\Z")


class PolicyError(Exception):
    """Everything that is wrong with a text, each with its place."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class Mistakes:
    """Collects what is wrong while the rest is still read; a place is found again in the text by its header."""

    text: str
    found: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        line = self._line(place)
        self.found.append(f"line {line}, {place}: {sentence}" if line else f"{place}: {sentence}")

    def raise_if_any(self) -> None:
        if self.found:
            raise PolicyError(tuple(self.found))

    def _line(self, place: str) -> int | None:
        """Give the line of the key, else of the table, else None; the first is meant where a text repeats it."""
        lines = self.text.splitlines()
        headers = {
            _plain(found[1]): n for n, line in reversed([*enumerate(lines)]) if (found := _HEADER.fullmatch(line))
        }
        names = re.sub(r"\[\d+\]", "", place).split(".")
        table = next((end for end in range(len(names), 0, -1) if ".".join(names[:end]) in headers), 0)
        start = headers.get(".".join(names[:table]), -1) + 1
        for number, line in enumerate(lines[start:], start + 1):
            if _HEADER.fullmatch(line):
                break
            if names[table:] and _key(line) == names[table]:
                return number
        return start or None


def _plain(header: str) -> str:
    return re.sub(r"[\s\"']", "", header)


def _key(line: str) -> str:
    return _plain(line.partition("=")[0]).partition(".")[0]


@dataclass(slots=True)
class Table(tables.Table):
    """One table of a policy."""

    def read(self, key: str, reading: Callable[[object], T | None], what: str, *, required: bool = False) -> T | None:
        """Give a value as `reading` understands it; None if it is missing or wrong, which is noted."""
        value = self.value(key)
        if value is None:
            if required:
                self.wrong(key, "is missing")
            return None
        result = reading(value)
        if result is None:
            self.wrong(key, f"must be {what}")
        return result

    def each(
        self,
        key: str,
        reading: Callable[[object], T | None],
        what: str,
        *,
        required: bool = False,
        repeated: bool = False,
    ) -> tuple[T, ...]:
        """Read a list, not empty; each that `reading` gives None for, or that is `repeated`, is noted."""
        value = self.value(key)
        if value is None:
            if required:
                self.wrong(key, "is missing")
            return ()
        if not isinstance(value, list) or not value:
            self.wrong(key, f"must be a list, not empty, of {what}")
            return ()
        return tuple(self._items(key, value, reading, what, repeated=repeated))

    def _items(
        self, key: str, items: list[object], reading: Callable[[object], T | None], what: str, *, repeated: bool
    ) -> Iterator[T]:
        for index, item in enumerate(items):
            result = reading(item)
            if result is None:
                self.wrong(f"{key}[{index}]", f"must be {what}")
            elif item in items[:index] and not repeated:
                self.wrong(f"{key}[{index}]", "stands there twice")
            else:
                yield result

    def tables(self, key: str) -> list[Table]:
        """Give a list of tables, empty if it is missing or none."""
        rows = self.each(key, lambda row: row if isinstance(row, dict) else None, "a table", repeated=True)
        return [Table(f"{self.at(key)}[{index}]", row, self.mistakes) for index, row in enumerate(rows)]

    def check_name(self, name: str) -> None:
        """Note a name that people could not type, or take for something else."""
        if not own_name(name):
            self.mistakes.add(self.place, f"must be named by {OWN_NAME}")


def parsed(text: str) -> tuple[Table, Mistakes]:
    """Read TOML; raises PolicyError where it is none."""
    mistakes = Mistakes(text)
    try:
        return Table("", tomllib.loads(text), mistakes), mistakes
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _WHERE.search(str(error))
        raise PolicyError((f"this is not TOML {where[0] if where else ''}".rstrip(),)) from None
