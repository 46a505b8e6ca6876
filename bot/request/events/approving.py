"""What people decide about a plan, and what keeps one that they approved."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Event):
    plan_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Event):
    plan_number: int
    plan_digest: str
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Event):
    """Enough people approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Event):
    because: str = ""
