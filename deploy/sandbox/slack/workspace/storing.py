from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.sandbox.slack.answers import Json

_LAYOUT = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS records (
        kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Store:
    """JSON records by kind and key in one SQLite file; each write is committed when it returns."""

    database: sqlite3.Connection

    @classmethod
    def open(cls, folder: Path) -> Store:
        database = sqlite3.connect(folder / "workspace.sqlite3", isolation_level=None)
        database.executescript(_LAYOUT)
        return cls(database)

    def put(self, kind: str, key: str, body: Json) -> None:
        self.database.execute("REPLACE INTO records VALUES (?, ?, ?)", (kind, key, json.dumps(body)))

    def drop(self, kind: str, key: str) -> None:
        self.database.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> Iterator[Json]:
        rows = self.database.execute("SELECT body FROM records WHERE kind = ? ORDER BY key", (kind,))
        for (body,) in rows:
            yield json.loads(body)

    def close(self) -> None:
        self.database.close()
