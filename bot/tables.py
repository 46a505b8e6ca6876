"""A look into the tables of a TOML text: what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, Self


class Notes(Protocol):
    """Collects what is wrong."""

    def add(self, place: str, sentence: str) -> None:
        """Note a mistake at a dotted place."""
        ...


@dataclass(slots=True)
class Table:
    """One table of the text; `place` is its dotted name. Keys that nobody asked for are mistakes at `close`."""

    place: str
    data: dict[str, object]
    mistakes: Notes
    asked: set[str] = field(default_factory=set)

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str, sentence: str) -> None:
        self.mistakes.add(self.at(key), sentence)

    def value(self, key: str) -> object:
        """Give what stands there; None where nothing does, which TOML itself can't say."""
        self.asked.add(key)
        return self.data.get(key)

    def table(self, key: str, *, required: bool = False) -> Self:
        """Give a table inside this one, empty if it is missing or none."""
        data = self.value(key)
        if required and not data:
            self.wrong(key, "is missing")
        elif data is not None and not isinstance(data, dict):
            self.wrong(key, "must be a table")
        return type(self)(self.at(key), data if isinstance(data, dict) else {}, self.mistakes)

    def named(self) -> list[tuple[str, Self]]:
        """Give all of its tables, by name."""
        return [(name, self.table(name)) for name in self.data]

    def close(self) -> None:
        for key in self.data:
            if key not in self.asked:
                self.wrong(key, "is unknown")
