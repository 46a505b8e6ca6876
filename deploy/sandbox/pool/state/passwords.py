"""Passwords of users and of arrays: generated into files that only their owner can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class Hidden:
    """A password; it has no representation, so that none is printed by accident."""

    value: str

    def __repr__(self) -> str:
        return "Hidden(...)"

    def matches(self, other: str) -> bool:
        return secrets.compare_digest(self.value.encode(), other.encode())


@dataclass(frozen=True, slots=True)
class PasswordFiles:
    folder: Path
    root_file: Path | None = None
    chap_folder: Path | None = None
    """Where the arrays' passwords are, if not in the folder."""

    def of_user(self, user: str) -> Hidden:
        if user == "root" and self.root_file is not None:
            return Hidden(self.root_file.read_text("utf-8").strip())
        return _read_or_make(self.folder / f"{user}-password")

    def of_chap(self, user: str) -> Hidden:
        return _read_or_make(self.chap_file(user))

    def of_share(self, user: str) -> Hidden:
        return _read_or_make((self.chap_folder or self.folder) / f"share-{user}")

    def set_chap(self, user: str, password: str) -> None:
        _write(self.chap_file(user), password)

    def chap_file(self, user: str) -> Path:
        return (self.chap_folder or self.folder) / f"chap-{user}"


def _read_or_make(path: Path) -> Hidden:
    if not path.exists():
        _write(path, secrets.token_urlsafe(12))
    return Hidden(path.read_text("utf-8").strip())


def _write(path: Path, password: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(password + "\n", "utf-8")
