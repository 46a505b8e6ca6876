"""Faults by script, and counts of calls: which call is delayed, cut, refused, and who called what how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["delay", "hang", "cut_before", "cut_after", "late", "junk", "noise", "error", "http"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(slots=True)
class Fault:
    """One scripted fault.

    delay: `seconds` before the call is carried out. hang: never answered (or only after `seconds`). cut_before: the
    connection ends and nothing was done. cut_after: done, then the connection ends within the answer. late: let in,
    then the connection ends, and it is done only after the caller has logged out. junk: done, the
    answer is no XML. noise: `details[0]` stands before the storage manager's XML. error: fails with `details`.
    http: an HTTP status instead, its number in `details[0]`.
    """

    method: str
    kind: Kind
    seconds: float = 0.0
    details: tuple[str, ...] = ()
    times: int = 1
    """How often it strikes; 0 is until it is cleared."""
    after: int = 0
    """How many calls pass before it strikes."""
    struck: int = 0

    def strikes(self, method: str) -> bool:
        if self.method not in {"*", method}:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times and self.struck >= self.times:
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class Faults:
    scripted: list[Fault] = field(default_factory=list)

    def strike(self, method: str, *kinds: str) -> Fault | None:
        """The first fault of one of these kinds that this call meets; it is used up by that."""
        candidates = (fault for fault in self.scripted if fault.kind in kinds)
        return next((fault for fault in candidates if fault.strikes(method)), None)


@dataclass(slots=True)
class Calls:
    by_method: Counter[str] = field(default_factory=Counter)
    by_originator: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, method: str, originator: str) -> None:
        self.by_method[method] += 1
        self.by_originator.setdefault(originator, Counter())[method] += 1

    def reset(self) -> None:
        self.by_method.clear()
        self.by_originator.clear()
