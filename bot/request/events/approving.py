"""What people decide about a plan, and what keeps one from running that they approved."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.approving import NOBODY, Awaited, Call, Reading, Ruled
from bot.request.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Event):
    """`waits` is how many seconds the approval may take, 0 where the request's own times say it.

    `call` are those who are called now, `call_at` is when somebody is called next, if nobody has decided by then.
    `step_up`: an approval wants a one-time code.
    """

    plan_number: int
    awaited: tuple[Awaited, ...] = ()
    ruled: Ruled | None = None
    waits: float = 0.0
    call: Call = NOBODY
    call_at: float | None = None
    step_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Event):
    """`awaited` are those who are missing now."""

    plan_number: int
    plan_digest: str
    typed: str = ""
    stepped_up: bool = False
    awaited: tuple[Awaited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Event):
    """Enough people approved, or the policy lets it pass: then `charges` names the rules whose budget it takes from.

    `readings` are the groups that it was decided by, `within` how many seconds it may still be run.
    """

    ruled: Ruled | None = None
    readings: tuple[Reading, ...] = ()
    charges: tuple[str, ...] = ()
    within: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalReopened(Event):
    """What was approved is not enough by the policy that is in force now: it is asked for again."""

    awaited: tuple[Awaited, ...] = ()
    ruled: Ruled | None = None
    waits: float = 0.0
    call: Call = NOBODY
    call_at: float | None = None
    step_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Event):
    """Nobody has decided yet: some are called, again or for the first time. `escalated`: who was not called before."""

    call: Call
    call_at: float | None = None
    escalated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Event):
    """It is approved, but may not run before `until`; `because` is a reason code.

    Where somebody has frozen the pool, `by` is who, `why` what they said, and `until` when it is looked at again.
    """

    until: float
    because: str
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Event):
    """What held it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Event):
    """Somebody who decides about it is looking at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """Somebody who decides about it asks who asked for it; the answer is given in the thread."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWithdrawn(Event):
    """Somebody takes their approval back; `awaited` are those who are missing now."""

    plan_number: int
    awaited: tuple[Awaited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Event):
    because: str = ""
