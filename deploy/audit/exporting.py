"""What stands in the audit trail, for whoever reads it elsewhere."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.audit import Entry, Unreadable, digest_of
from bot.ledger.auditing import entries
from bot.settings import Settings
from deploy.ledger import opened, required

COLUMNS: Final = ("entry", "at", "what", "who", "request", "plan_digest", "chain", "number", "previous", "hash")

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula (owasp.org: CSV injection)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: from when on (seconds since the epoch), of which request, by which person; None: any."""

    since: float | None = None
    request: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is told: `record` is all of it; None where it can't be read."""

    entry: str
    raw: bytes
    record: Mapping[str, Any] | None

    @property
    def data(self) -> Mapping[str, Any]:
        """Give what happened."""
        found = (self.record or {}).get("data")
        return found if isinstance(found, dict) else {}

    @property
    def happened(self) -> Mapping[str, Any]:
        """Give the event, or the note."""
        found = self.data.get("event", self.data.get("note", self.data))
        return found if isinstance(found, dict) else {}

    @property
    def who(self) -> str:
        """Give who did it: a Slack id, or an account at a host; empty for what srbot did by itself."""
        return str(self.happened.get("actor") or self.happened.get("by") or "")

    @property
    def hash(self) -> str:
        """Give the hash, empty where there is none."""
        try:
            return digest_of(self.raw)
        except Unreadable:
            return ""

    def is_wanted(self, wanted: Wanted) -> bool:
        """Say whether it is among what was asked for; what can't be read always is."""
        if self.record is None:
            return True
        late = wanted.since is None or float(self.happened.get("at", 0.0)) >= wanted.since
        ours = wanted.request is None or self.data.get("request") == wanted.request
        return late and ours and (wanted.person is None or self.who == wanted.person)


def exported(_settings: Settings, form: str, wanted: Wanted) -> Iterator[str]:
    """Give the lines of a file, the oldest record first."""
    with opened(required(os.environ)) as redis:
        rows = (row for row in map(_row, entries(redis)) if row.is_wanted(wanted))
        yield from _FORMS[form](rows)


def _row(entry: Entry) -> Row:
    try:
        record = json.loads(entry.raw)
    except ValueError:
        record = None
    return Row(entry.id, entry.raw, record if isinstance(record, dict) else None)


def _as_json(rows: Iterator[Row]) -> Iterator[str]:
    for row in rows:
        shown = row.record if row.record is not None else row.raw.decode(errors="backslashreplace")
        yield json.dumps({"entry": row.entry, "hash": row.hash, "record": shown}, ensure_ascii=False)


def _as_table(rows: Iterator[Row]) -> Iterator[str]:
    yield ",".join(COLUMNS)
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([_safe(cell) for cell in _cells(row)])
        yield line.getvalue()


def _cells(row: Row) -> Iterator[str]:
    record, data, at = row.record or {}, row.data, row.happened.get("at")
    moment = datetime.fromtimestamp(float(at), UTC).isoformat() if isinstance(at, int | float) else ""
    yield from (row.entry, moment, str(data.get("type", "")), row.who, str(data.get("request", "")))
    yield str(data.get("plan_digest", ""))
    yield from (str(record.get(name, "")) for name in ("chain", "number", "previous"))
    yield row.hash


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


_FORMS: Final[Mapping[str, Callable[[Iterator[Row]], Iterator[str]]]] = {"jsonl": _as_json, "csv": _as_table}
