"""The folder of the second copy: a file for each day (UTC), to which lines are added and from which none is taken."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from bot.audit import Entry
from bot.copying.lines import line_of, read_line

_FILES: Final = "audit-*.jsonl"
_LOCK: Final = ".lock"
_PRIVATE: Final = 0o700
_FILE: Final = 0o600


@dataclass(frozen=True, slots=True)
class CopyFolder:
    """`path` need not exist yet. Every method raises OSError."""

    path: Path

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Be the only one who writes here; False where somebody else does."""
        self.path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        with (self.path / _LOCK).open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def entries(self) -> Iterator[Entry]:
        """Give all that was copied, in its order; lines that were torn by a crash are left out."""
        for file in self._files():
            yield from _entries(file)

    def last(self) -> str:
        """Give the id of the last entry that was copied; "0" before the first."""
        for file in reversed(self._files()):
            found = "0"
            for entry in _entries(file):
                found = entry.id
            if found != "0":
                return found
        return "0"

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries; once this returns they are on the disk."""
        for day, found in groupby(entries, _day):
            file = self.path / f"audit-{day}.jsonl"
            begun = file.exists()
            _append(file, b"".join(line_of(entry) + b"\n" for entry in found))
            if not begun:
                _synced(self.path)

    def _files(self) -> list[Path]:
        return sorted(self.path.glob(_FILES))


def _day(entry: Entry) -> str:
    """Give the day of an entry; Redis begins its id with the milliseconds since the epoch."""
    return datetime.fromtimestamp(int(entry.id.partition("-")[0]) / 1000, UTC).strftime("%Y-%m-%d")


def _entries(file: Path) -> Iterator[Entry]:
    with file.open("rb") as lines:
        yield from (entry for line in lines if (entry := read_line(line.removesuffix(b"\n"))) is not None)


def _append(file: Path, lines: bytes) -> None:
    """Add lines; behind one that a crash has torn they begin on a line of their own."""
    number = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, _FILE)
    with os.fdopen(number, "ab+") as opened:
        if opened.tell() and os.pread(number, 1, opened.tell() - 1) != b"\n":
            opened.write(b"\n")
        opened.write(lines)
        opened.flush()
        os.fsync(number)


def _synced(folder: Path) -> None:
    """Have the name of a new file on the disk as well."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
