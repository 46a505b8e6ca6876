"""Finds what was changed, taken out, put in or moved in a stream of records, and names the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.audit.records import FIRST, Link, Unreadable, digest_of, is_canonical, read

UNREADABLE: Final = "it can't be read"
CHANGED: Final = "it is not as srbot writes a record"
UNCHAINED: Final = "it is in no chain"
OUT_OF_PLACE: Final = "it does not follow the record before it in its chain"
MISSING_BEFORE: Final = "records of its chain are missing before it"
TWICE: Final = "its place in its chain is taken already"
MISSING_AFTER: Final = "records are missing after the last one of this chain"
TOO_MANY: Final = "its last record is not the one that srbot wrote last"
NOT_BEGUN: Final = "no record of this chain is there"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: the id of the entry in the stream, empty where it is not there; and its chain."""

    entry: str
    chain: str
    number: int
    wrong: str


@dataclass(slots=True)
class Verifier:
    """Takes the records in the order of the stream, and remembers where each chain stands."""

    count: int = 0
    _heads: dict[str, Link] = field(default_factory=dict)

    @property
    def chains(self) -> int:
        """Give how many chains were seen."""
        return len(self._heads)

    def take(self, entry: str, raw: bytes) -> Iterator[Finding]:
        """Look at the next record; gives what is wrong with it, if something is."""
        self.count += 1
        try:
            record, digest = read(raw), digest_of(raw)
        except Unreadable:
            yield Finding(entry, "", 0, UNREADABLE)
            return
        here, wrong = record.link, self._wrong(record.link, raw)
        if wrong is not None:
            yield Finding(entry, here.chain, here.number, wrong)
        if wrong != TWICE:
            self._heads[here.chain] = Link(here.chain, here.number + 1, digest)

    def _wrong(self, here: Link, raw: bytes) -> str | None:
        expected = self._heads.get(here.chain, Link(here.chain, 1, FIRST))
        if not is_canonical(raw):
            return CHANGED
        if not here.chain:
            return UNCHAINED
        if here.number < expected.number:
            return TWICE
        if here.number > expected.number:
            return MISSING_BEFORE
        return None if here == expected else OUT_OF_PLACE

    def end(self, chain: str, number: int, digest: str) -> Finding | None:
        """Compare where a chain stands with what is stored beside it: its last record's number and hash."""
        head = self._heads.get(chain)
        if head is None:
            return Finding("", chain, number, NOT_BEGUN)
        if (head.number, head.previous) == (number + 1, digest):
            return None
        return Finding("", chain, head.number - 1, MISSING_AFTER if head.number <= number else TOO_MANY)
