"""What outlives the process: documents by kind and id in one SQLite file, each write durable by itself."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA = "CREATE TABLE IF NOT EXISTS document (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id))"


class Store:
    """Belongs to the thread that made it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(_SCHEMA)

    def put(self, kind: str, key: str, body: object) -> None:
        text = json.dumps(body, separators=(",", ":"))
        self._connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (kind, key, text))

    def drop(self, kind: str, key: str) -> None:
        self._connection.execute("DELETE FROM document WHERE kind = ? AND id = ?", (kind, key))

    def load(self, kind: str) -> dict[str, Any]:
        """Every document of a kind, in the order of their first writing."""
        rows = self._connection.execute("SELECT id, body FROM document WHERE kind = ? ORDER BY rowid", (kind,))
        return {key: json.loads(body) for key, body in rows}

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written within is there as a whole, or not at all."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
