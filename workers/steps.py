"""One step of a request, as a worker does it: taken up, reported on, and ended by one commit.

A job may run twice, or after its request has moved on: then it leaves without a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.deciding import held_back, may_run
from bot.ledger.store import LunTaken, NewFinding
from bot.request import events as e
from bot.request.acting import expire
from bot.request.found import Trouble
from bot.request.model import Request, State
from bot.request.plan import Plan
from bot.request.refused import Refused
from workers.troubles import CannotDoError
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
        """Say what is done now; `changing` where the pool was changed already. Raises SupersededError."""
        event = e.Progressed(at=self.now, step=self.number, doing=doing, changing=changing)
        self._go_on(lambda _: (event,))

    def start_changing(self, doing: str) -> None:
        """Say that the pool is changed from now on, if the plan may run at that very moment.

        Comes before the first call that changes the pool. Raises SupersededError, CannotDoError.
        """

        def decide(request: Request) -> Sequence[e.Event]:
            self.may_run(request)
            return (e.Progressed(at=self.now, step=self.number, doing=doing, changing=True),)

        self._go_on(decide)

    def may_run(self, request: Request) -> Plan:
        """Give the plan of this step's request, if it may run now; raises CannotDoError, NotNow."""
        try:
            return may_run(request, self.workplace.standing(), self.now)
        except Refused as refusal:
            raise CannotDoError(refusal.reason_code, **refusal.facts) from None

    def commit(self, events: Sequence[e.Event], found: NewFinding | None = None) -> None:
        """Commit what follows, if the request still is at this step; where its time is over, it ends as expired.

        Raises SupersededError.
        """
        self.request = _commit(self.workplace, self.request.id, self.number, lambda _: events, found)

    def _go_on(self, decide: Decide) -> None:
        self.request = _commit(self.workplace, self.request.id, self.number, decide)
        if self.request.ended:
            raise SupersededError


def take_up(workplace: Workplace, request_id: str, number: int, states: AbstractSet[State]) -> Step:
    """Begin a step; a request whose time is over ends instead. Raises SupersededError.

    A job that comes for the second time while its first run is alive is not noticed here.
    """
    seen: list[Request] = []

    def begin(request: Request) -> Sequence[e.Event]:
        if request.state not in states:
            raise SupersededError
        seen.append(request)
        held = _held(workplace, request)
        if held is not None:
            return held
        return (e.StepStarted(at=workplace.clock(), step=number, worker=workplace.worker),)

    try:
        request = _commit(workplace, request_id, number, begin)
    except LunTaken as taken:
        failed = _lun_taken(workplace, request_id, number, taken.by)
        _commit(workplace, request_id, number, lambda _: (failed,))
        raise SupersededError from None
    if request.ended or request.state not in {*states} - {State.QUEUED}:
        raise SupersededError
    return Step(workplace, request, number, seen[-1].work.changing)


def _held(workplace: Workplace, request: Request) -> Sequence[e.Event] | None:
    """Give what becomes of a request that may not begin to run now; nothing is done while it is held already."""
    if request.state is State.REPAIRING and workplace.standing().freeze_of(request.pool) is not None:
        trouble = Trouble("frozen", reference=f"{request.id}-{request.work.step}")
        return (e.StepFailed(at=workplace.clock(), step=request.work.step, trouble=trouble),)
    if request.state is not State.QUEUED:
        return None
    if request.held_until is not None and workplace.clock() < request.held_until:
        raise SupersededError
    return held_back(request, workplace.standing(), workplace.clock()) or None


def _lun_taken(workplace: Workplace, request_id: str, number: int, by: str) -> e.StepFailed:
    trouble = Trouble("lun_taken", facts=(("request", by),), reference=f"{request_id}-{number}")
    return e.StepFailed(at=workplace.clock(), step=number, trouble=trouble)


def _commit(
    workplace: Workplace, request_id: str, number: int, decide: Decide, found: NewFinding | None = None
) -> Request:
    def guarded(request: Request) -> Sequence[e.Event]:
        if request.work.step != number or not request.working:
            raise SupersededError
        return expire(request, workplace.clock()) or decide(request)

    return workplace.ledger.commit(request_id, guarded, found)
