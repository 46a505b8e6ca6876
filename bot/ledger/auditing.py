"""Reads the audit stream, and compares it with what is stored beside it: the requests, and where each chain ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from redis import Redis

from bot.audit import Entry, Finding, Unreadable, Verifier
from bot.ledger import codec, keys
from bot.request.lifecycle import Impossible, fold
from bot.request.model import Request

PAGE: Final = 1000

NOT_ITS_RECORDS: Final = "the request is not what its records say"

_ENDS: Final = ((keys.request("*"), "version"), (keys.chain("*"), "number"))
"""Where it stands how far each chain has come: the keys, and the field of its last record's number."""


def entries(redis: Redis, since: str = "-") -> Iterator[Entry]:
    """Give all records in the order of the stream, from an id on. Raises redis' own errors."""
    while True:
        found = _entries(redis.xrange(keys.AUDIT, min=since, count=PAGE))
        yield from found
        if len(found) < PAGE:
            return
        since = _after(found)


def following(redis: Redis, last: str, milliseconds: int) -> list[Entry]:
    """Give what was recorded after an entry, waiting for it so long; at most a page. Raises redis' own errors."""
    answer: Any = redis.xread({keys.AUDIT: last}, count=PAGE, block=milliseconds)
    return _entries(answer[0][1]) if answer else []


@dataclass(slots=True)
class Audit:
    """Looks at everything that was recorded. Raises redis' own errors."""

    redis: Redis
    verifier: Verifier = field(default_factory=Verifier)
    _next: str = "-"

    def findings(self) -> Iterator[Finding]:
        """Give what is wrong, in the order of the stream, and then what is wrong with how the chains end."""
        for entry in entries(self.redis):
            yield from self._take([entry])
        for pattern, number in _ENDS:
            for key in self.redis.scan_iter(match=pattern, count=PAGE):
                yield from self._end(key.decode(), key.decode().removeprefix(pattern[:-1]), number)

    def _take(self, found: Sequence[Entry]) -> Iterator[Finding]:
        for entry in found:
            self._next = _after([entry])
            yield from self.verifier.take(entry.id, entry.raw)

    def _end(self, key: str, chain: str, number: str) -> Iterator[Finding]:
        """Compare the end of a chain at one moment: it may go on while somebody looks."""
        with self.redis.pipeline() as pipe:
            pipe.hmget(key, number, "head", "doc")
            pipe.lrange(keys.trail(chain), 0, -1)
            pipe.xrange(keys.AUDIT, min=self._next)
            row, trail, rows = pipe.execute()
        yield from self._take(_entries(rows))
        wrong = self.verifier.end(chain, int(row[0] or 0), (row[1] or b"").decode())
        if wrong is not None:
            yield wrong
        elif row[2] is not None and not _tells(trail, row[2]):
            yield Finding("", chain, int(row[0]), NOT_ITS_RECORDS)


def _tells(trail: Sequence[bytes], doc: bytes) -> bool:
    """Say whether a request is what follows from its records."""
    try:
        return fold(map(codec.decode_event, trail)) == codec.decode(doc, Request)
    except (Unreadable, Impossible):
        return False


def _entries(rows: Any) -> list[Entry]:  # noqa: ANN401 - Redis answers with what it holds
    return [Entry(entry.decode(), fields.get(b"record", b"")) for entry, fields in rows]


def _after(found: Sequence[Entry]) -> str:
    return f"({found[-1].id}"
