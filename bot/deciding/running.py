"""What may run, decided again when it runs: by the people who were recorded, under the policy that is in force."""

from __future__ import annotations

from typing import Final

from bot.deciding.calling import reopened
from bot.deciding.standing import Standing, is_for_plan
from bot.policy import Decision, Outcome, Reason
from bot.request import events as e
from bot.request.acting import Events
from bot.request.freezing import Freeze
from bot.request.model import Request, State
from bot.request.plan import Plan, Purpose
from bot.request.refused import Refused

_ABOUT_BEGINNING: Final = frozenset({Reason.QUIET_HOURS, Reason.EXECUTION_EXPIRED})
"""Why an approved plan may not begin; what has begun comes to its end."""

FROZEN: Final = "frozen"
LOOK_AGAIN_SECONDS: Final = 30.0
"""Whoever thaws has what is held looked at at once; this is for the moment in which both happen together."""

_MAY_RUN: Final = frozenset({State.QUEUED, State.RUNNING})


class NotNow(Exception):  # noqa: N818 - an answer, not an accident
    """The plan may not run now; `event` is what becomes of the request instead."""

    def __init__(self, event: e.Event) -> None:
        super().__init__(type(event).__name__)
        self.event = event


def may_run(request: Request, standing: Standing, now: float) -> Plan:
    """Give the plan if it may run now: approved as it stands, by those who may under this policy, and in time.

    Raises Refused, NotNow. The worker asks this itself, whatever the bot has decided. One that takes a run over which
    has changed the pool already is past waiting: it goes on, or it does not.
    """
    plan = _approved_plan(request, now)
    freeze = None if request.work.changing else standing.freeze_of(request.pool)
    if freeze is not None:
        raise NotNow(_frozen(freeze, now))
    decision = standing.lets_start(request, now, request.approved_at or request.changed_at)
    if decision.permitted or (request.work.changing and decision.reason_code in _ABOUT_BEGINNING):
        return plan
    if request.work.changing:
        raise Refused("not_approved")
    if decision.reason_code is Reason.QUIET_HOURS and decision.until is not None:
        raise NotNow(e.Held(at=now, until=decision.until, because=decision.reason_code.value))
    if _may_be_asked_again(request, standing, decision):
        raise NotNow(reopened(request, standing, decision, now))
    raise Refused("expired" if decision.reason_code is Reason.EXECUTION_EXPIRED else "not_approved")


def held_back(request: Request, standing: Standing, now: float) -> Events:
    """Give what becomes of an approved request that may not begin now; nothing where it may, or never may."""
    try:
        may_run(request, standing, now)
    except NotNow as later:
        return (later.event,)
    except Refused:
        return ()
    return ()


def release(request: Request, standing: Standing, now: float) -> Events:
    """Let a request go on once what held it is over; nothing while it is held by a freeze still.

    A worker says what else keeps it from running.
    """
    if request.state is not State.QUEUED or request.held_until is None:
        return ()
    if request.held_because != FROZEN and now < request.held_until:
        return ()
    events = held_back(request, standing, now)
    still = any(isinstance(event, e.Held) and event.because == request.held_because == FROZEN for event in events)
    return () if still else events or (e.Released(at=now),)


def _frozen(freeze: Freeze, now: float) -> e.Held:
    return e.Held(at=now, until=now + LOOK_AGAIN_SECONDS, because=FROZEN, by=freeze.by, why=freeze.reason)


def _approved_plan(request: Request, now: float) -> Plan:
    """Give the plan where all that is recorded is about it, and in time. Raises Refused."""
    plan = request.plan
    if request.state not in _MAY_RUN or plan is None:
        raise Refused("not_approved")
    if request.expires_at is not None and now >= request.expires_at and not request.work.changing:
        raise Refused("expired")
    if plan.blind != plan.accepted:
        raise Refused("hosts_not_accepted", hosts=", ".join(plan.blind))
    if not all(is_for_plan(request, yes) for yes in request.approvals):
        raise Refused("not_approved")
    if plan.purpose is Purpose.FORMAT and request.typed != plan.to_type:
        raise Refused("not_approved")
    return plan


def _may_be_asked_again(request: Request, standing: Standing, decision: Decision) -> bool:
    """Whether it is another policy that wants more people; by the same one somebody has forged what is recorded."""
    same = request.ruled is not None and request.ruled.digest == standing.policy.digest
    return decision.outcome is Outcome.PENDING and not same
