"""Typed looks into a TOML table. What is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot import tables

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(slots=True)
class Table(tables.Table):
    """One table of the settings."""

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.data

    def text(self, key: str, *, required: bool = True) -> str | None:
        """Give a string that is not empty; None if it is missing or wrong, which is noted."""
        if not self.has(key):
            if required:
                self.wrong(key, "is missing")
            return None
        value = self.data[key]
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value
        self.wrong(key, "must be a text of one line, not empty")
        return None

    def matching(self, key: str, pattern: re.Pattern[str], what: str, *, required: bool = True) -> str | None:
        value = self.text(key, required=required)
        if value is None or pattern.fullmatch(value):
            return value
        self.wrong(key, f"must be {what}")
        return None

    def parsed(self, key: str, read: Callable[[str], T | None], what: str, *, required: bool = True) -> T | None:
        value = self.text(key, required=required)
        result = None if value is None else read(value)
        if value is not None and result is None:
            self.wrong(key, f"must be {what}")
        return result

    def number(self, key: str, default: float, most: float) -> float:
        """Give a number above zero and up to `most`."""
        value = self.data[key] if self.has(key) else default
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= most:
            return float(value)
        self.wrong(key, f"must be a number above 0, at most {most:g}")
        return default

    def each(self, key: str, read: Callable[[str], T | None], what: str, *, required: bool = False) -> tuple[T, ...]:
        """Read a list of texts; each that `read` gives None for is noted with its index."""
        value = self.data[key] if self.has(key) else []
        if not isinstance(value, list) or (required and not value):
            self.wrong(key, f"must be a list of {what}s" + (", not empty" if required else ""))
            return ()
        results = []
        for index, item in enumerate(value):
            result = read(item) if isinstance(item, str) else None
            if result is None:
                self.wrong(f"{key}[{index}]", f"is no {what}")
            elif result in results:
                self.wrong(f"{key}[{index}]", "stands there twice")
            else:
                results.append(result)
        return tuple(results)
