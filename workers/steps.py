"""One step of a request, as a worker does it: taken up, reported on, and ended by one commit.

A job may run twice, or after its request has moved on: then it leaves without a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.ledger.store import NewFinding
from bot.request import events as e
from bot.request.acting import expire
from bot.request.model import Request, State
from workers.workplace import Workplace

Decide = Callable[[Request], Sequence[e.Event]]


class SupersededError(Exception):
    """The request is no longer at this step: somebody cancelled it, it expired, or the job came twice."""


@dataclass(slots=True)
class Step:
    """A step that was taken up. `request` is the request as this worker last saw it."""

    workplace: Workplace
    request: Request
    number: int
    changed_before: bool
    """An earlier attempt at this step may have changed the pool already."""

    @property
    def reference(self) -> str:
        """What stands in the log and on the card."""
        return f"{self.request.id}-{self.number}"

    @property
    def now(self) -> float:
        return self.workplace.clock()

    def progress(self, doing: str, *, changing: bool = False) -> None:
        """Say what is done now; `changing` before the first call that changes the pool. Raises SupersededError."""
        event = e.Progressed(at=self.now, step=self.number, doing=doing, changing=changing)
        self.commit([event])

    def commit(self, events: Sequence[e.Event], found: NewFinding | None = None) -> None:
        """Commit what follows, if the request still is at this step; raises SupersededError."""
        self.request = _commit(self.workplace, self.request.id, self.number, lambda _: events, found)


def take_up(workplace: Workplace, request_id: str, number: int, states: AbstractSet[State]) -> Step:
    """Begin a step; a request whose time is over ends instead. Raises SupersededError.

    A job that comes for the second time while its first run is alive is not noticed here.
    """
    seen: list[Request] = []

    def begin(request: Request) -> Sequence[e.Event]:
        if request.state not in states:
            raise SupersededError
        seen.append(request)
        now = workplace.clock()
        return expire(request, now) or (e.StepStarted(at=now, step=number, worker=workplace.worker),)

    request = _commit(workplace, request_id, number, begin)
    if request.ended:
        raise SupersededError
    return Step(workplace, request, number, seen[-1].work.changing)


def _commit(
    workplace: Workplace, request_id: str, number: int, decide: Decide, found: NewFinding | None = None
) -> Request:
    def guarded(request: Request) -> Sequence[e.Event]:
        if request.work.step != number or not request.working:
            raise SupersededError
        return decide(request)

    return workplace.ledger.commit(request_id, guarded, found)
