"""Entries of the stream, and whether two copies of it are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.audit.records import Unreadable, read
from bot.audit.verifying import Finding

ONLY_COPIED: Final = "it stands in the second copy alone"
NOT_COPIED: Final = "it is missing in the second copy"
COPIED_OTHERWISE: Final = "the second copy has it otherwise"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it stands in the stream: its id there, and its bytes."""

    id: str
    raw: bytes

    @property
    def moment(self) -> tuple[int, int]:
        """Give what the stream is ordered by: milliseconds since the epoch, and a number within them."""
        milliseconds, _, number = self.id.partition("-")
        return int(milliseconds), int(number or 0)


def compared(stream: Iterable[Entry], copy: Iterable[Entry]) -> Iterator[Finding]:
    """Compare the stream with its second copy, both in their order.

    What is older than the copy's first entry was recorded before there was one, and what is newer than its last one
    may be on its way.
    """
    here, there = iter(stream), iter(copy)
    one, other, begun = next(here, None), next(there, None), False
    while other is not None:
        if one is not None and one.moment < other.moment:
            yield from [_finding(one, NOT_COPIED)] if begun else []
            one = next(here, None)
            continue
        if one is None or one.moment > other.moment:
            yield _finding(other, ONLY_COPIED)
        else:
            yield from [] if one.raw == other.raw else [_finding(one, COPIED_OTHERWISE)]
            one = next(here, None)
        other, begun = next(there, None), True


def _finding(entry: Entry, wrong: str) -> Finding:
    try:
        here = read(entry.raw).link
    except Unreadable:
        return Finding(entry.id, "", 0, wrong)
    return Finding(entry.id, here.chain, here.number, wrong)
