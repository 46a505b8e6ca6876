"""Faults by script: which call is delayed, cut, refused, or strikes the whole pool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "delay",
    "hang",
    "cut_before",
    "cut_after",
    "cut_within",
    "late",
    "junk",
    "noise",
    "error",
    "http",
    "restart",
    "master",
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(slots=True)
class Fault:
    """One scripted fault.

    delay: `seconds` before the call is carried out. hang: never answered (or only after `seconds`). With `done` these
    two hold up the answer of what was carried out.
    cut_before: the connection ends and nothing was done. cut_after: done, then the connection ends before the answer.
    cut_within: done, then it ends in the middle of the answer. late: let in, then the connection ends, and it is done
    only after the caller has logged out.
    junk: done, the answer is no XML. noise: `details[0]` stands before the storage manager's XML. error: fails with
    `details`. http: an HTTP status instead, its number in `details[0]`.
    restart: `seconds` after the call came xapi starts anew, `details[0]` says whether tasks are failed (as without it)
    or lost. master: as a restart, and the host that `details[0]` names is master then. With `done` these two come when
    the call is carried out, but not yet answered.

    Those of X strike the task of Async.X where they can: delay, hang, error, restart and master.
    """

    method: str
    kind: Kind
    seconds: float = 0.0
    details: tuple[str, ...] = ()
    times: int = 1
    """How often it strikes; 0 is until it is cleared."""
    after: int = 0
    """How many calls pass before it strikes."""
    done: bool = False
    """Whether it comes after the effect, not before it."""
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
