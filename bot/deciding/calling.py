"""Whom to call to a decision, and when: once, again after growing pauses, then those of the next group too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.deciding.standing import Standing, subject
from bot.policy import Decision, Mention, Why, mentions
from bot.policy.people import people
from bot.request import events as e
from bot.request.acting import Events
from bot.request.approving import Call
from bot.request.model import Request, State


def first_call(request: Request, standing: Standing, decision: Decision, now: float) -> tuple[Call, float | None]:
    """Give who is called as the approval is asked for, and when somebody is called next. In quiet hours nobody is."""
    asked = replace(request, approval_asked_at=now)
    due, later = _split(mentions(standing.policy, subject(asked)), now)
    return _call(standing, decision, due, now), _next(later)


def call_again(request: Request, standing: Standing, now: float) -> Events:
    """Call those who are missing, where it is time; nothing where nobody could be called, or it was decided."""
    if request.state is not State.AWAITING_APPROVAL or request.call_at is None or now < request.call_at:
        return ()
    found = [each for each in mentions(standing.policy, subject(request)) if each.at >= request.call_at]
    due, later = _split(found, now)
    call = _call(standing, standing.decides(request, now), due, now)
    if not call:
        return ()
    escalated = any(each.why is Why.ESCALATED for each in due)
    return (e.Called(at=now, call=call, call_at=_next(later), escalated=escalated),)


def next_call(request: Request, standing: Standing, now: float) -> float | None:
    """Give when somebody could be called next."""
    return _next(_split(mentions(standing.policy, subject(request)), now)[1])


def _split(found: Iterable[Mention], now: float) -> tuple[list[Mention], list[Mention]]:
    listed = list(found)
    return [each for each in listed if each.at <= now], [each for each in listed if each.at > now]


def _next(later: list[Mention]) -> float | None:
    return later[0].at if later else None


def _call(standing: Standing, decision: Decision, due: list[Mention], now: float) -> Call:
    """Give those who are missing now, of the people behind the names that it is time for."""
    names = frozenset().union(*(each.names for each in due))
    meant = people(standing.policy, standing.members, names, now)
    missing = frozenset().union(*(each.from_whom for each in decision.missing))
    groups = {standing.policy.groups[name].slack for name in meant.unreadable}
    return Call(tuple(sorted(meant.known & missing)), tuple(sorted(groups)))


def reopened(request: Request, standing: Standing, decision: Decision, now: float) -> e.ApprovalReopened:
    """Have what was approved, and is not enough, asked for again."""
    call, call_at = first_call(request, standing, decision, now)
    return e.ApprovalReopened(
        at=now,
        awaited=standing.awaited(decision),
        ruled=standing.ruled(decision),
        waits=decision.terms.approval_waits,
        step_up=decision.terms.step_up,
        call=call,
        call_at=call_at,
    )
