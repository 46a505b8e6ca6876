"""The policy in force, and all that is known when it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from bot.policy import (
    Approval,
    Decision,
    Members,
    Missing,
    Policy,
    Spent,
    evaluate,
    groups_needed,
    may_start,
    subject_of,
)
from bot.policy.subject import Danger, Subject
from bot.request import events as e
from bot.request.approving import Approval as Given
from bot.request.approving import Awaited, Reading, Ruled
from bot.request.freezing import EVERY_POOL, Freeze
from bot.request.model import Request
from bot.request.plan import digest

MOST_LISTED: Final = 20
"""How many of those who could approve are kept with a request by their ids."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`number` is the policy's in the ledger; 0 is what the configuration says. `members` are read, or recorded."""

    policy: Policy
    number: int = 0
    members: Members = field(default_factory=Members)
    spent: tuple[Spent, ...] = ()
    frozen: tuple[Freeze, ...] = ()

    def freeze_of(self, pool: str) -> Freeze | None:
        """Give what stops a pool, its own freeze before that of all."""
        found = {freeze.pool: freeze for freeze in self.frozen}
        return found.get(pool) or found.get(EVERY_POOL)

    def decides(self, request: Request, now: float) -> Decision:
        """Decide about the plan of a request as it stands, with the approvals of that plan."""
        return evaluate(self.policy, subject(request), self.members, counting(request), now, self.spent)

    def lets_start(self, request: Request, now: float, approved_at: float) -> Decision:
        """Decide whether an approved plan may begin to run now, by what was recorded when it was approved."""
        recorded = Members({reading.group: frozenset(reading.people) for reading in request.readings})
        charged = [Spent(rule, request.requester, approved_at, request.id) for rule in request.charges]
        return may_start(
            self.policy, subject(request), recorded, counting(request), now, approved_at, (*self.spent, *charged)
        )

    def ruled(self, decision: Decision) -> Ruled:
        """Say by which policy and rules it was decided."""
        return Ruled(self.number, self.policy.digest, decision.rules)

    def awaited(self, decision: Decision) -> tuple[Awaited, ...]:
        """Say who is missing, and who they could be. What the configuration says has no parts that people know."""
        overriding = {rule.name for rule in self.policy.rules if Danger.OVERRIDES in rule.when.dangers}
        awaited = (_awaited(missing, overriding=missing.rule in overriding) for missing in decision.missing)
        return tuple(each if self.number else replace(each, part="") for each in awaited)

    def queued(self, request: Request, decision: Decision, now: float) -> e.Queued:
        """Let what is approved go to a worker, with all that it was decided by."""
        return e.Queued(
            at=now,
            ruled=self.ruled(decision),
            readings=tuple(self._readings(groups_needed(self.policy, subject(request)))),
            charges=decision.charges,
            within=decision.terms.runs_within,
        )

    def _readings(self, groups: Iterable[str]) -> Iterable[Reading]:
        for group in sorted(groups):
            people = self.members.of_group.get(group)
            if people is not None:
                yield Reading(group, tuple(sorted(people)))


def subject(request: Request) -> Subject:
    """Give what the policy decides about, from when its approval was asked for."""
    return subject_of(request, request.approval_asked_at)


def counting(request: Request) -> tuple[Approval, ...]:
    """Give the approvals of the plan as it stands, by people who typed what it wants typed."""
    return tuple(Approval(yes.actor, yes.at, yes.stepped_up) for yes in request.approvals if is_for_plan(request, yes))


def is_for_plan(request: Request, yes: Given) -> bool:
    """Say whether somebody said yes to exactly this plan."""
    if request.plan is None or yes.plan_digest != digest(request.plan):
        return False
    return not request.plan.to_type or yes.typed == request.plan.to_type


def _awaited(missing: Missing, *, overriding: bool) -> Awaited:
    people = sorted(missing.from_whom)
    return Awaited(
        rule=missing.rule,
        part=missing.part,
        count=missing.count,
        people=tuple(people[:MOST_LISTED]),
        more=max(len(people) - MOST_LISTED, 0),
        overriding=overriding,
        unreadable=bool(missing.unreadable),
    )
