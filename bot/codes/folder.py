"""The secrets of those who have one-time codes: a file for each person, readable by srbot's own account alone."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.codes.totp import new_secret
from bot.settings.sealed import Secret
from bot.settings.sealing import read_secret_file

_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class AlreadyEnrolled(Exception):  # noqa: N818 - it names what happened
    """This person has codes: whoever replaces them without a word takes them from that person's app."""


@dataclass(frozen=True, slots=True)
class SecretsFolder:
    """`path` need not exist yet. The files are looked at each time, so that what is revoked ends at once."""

    path: Path

    def secret_of(self, person: str) -> Secret | None:
        """Give somebody's secret; None for who has none. Raises SecretError where it can't be read."""
        file = self._file(person)
        return read_secret_file(file) if file is not None and file.exists() else None

    def enrol(self, person: str, *, again: bool = False) -> Secret:
        """Make a secret, and keep it. Raises AlreadyEnrolled, ValueError for what is no person's id, OSError."""
        file = self._file(person)
        if file is None:
            raise ValueError(person)
        if file.exists() and not again:
            raise AlreadyEnrolled(person)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = new_secret()
        _replaced(file, secret)
        return secret

    def revoke(self, person: str) -> bool:
        """Forget somebody's secret; gives whether there was one. Raises OSError."""
        file = self._file(person)
        if file is None or not file.exists():
            return False
        file.unlink()
        return True

    def people(self) -> list[str]:
        """Give the ids of all who have codes. Raises OSError where the folder can't be read."""
        names = (entry.name for entry in self.path.iterdir()) if self.path.exists() else ()
        return sorted(name for name in names if _PERSON.fullmatch(name))

    def loose_permissions(self) -> Iterator[str]:
        """Say which of it others than its owner can reach. Raises OSError."""
        if self.path.exists() and self.path.stat().st_mode & _OTHERS:
            yield f"{self.path} can be looked into by others: chmod 700"
        for person in self.people():
            if (self.path / person).stat().st_mode & _OTHERS:
                yield f"{self.path / person} can be read or written by others: chmod 600"

    def _file(self, person: str) -> Path | None:
        """Only what is an id names a file: nothing that is typed leads out of the folder."""
        return self.path / person if _PERSON.fullmatch(person) else None


def _replaced(file: Path, secret: Secret) -> None:
    """Write whole or not at all; mkstemp makes files that only their owner can read."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(number, "w", encoding="ascii") as out:
            out.write(secret.reveal() + "\n")
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
