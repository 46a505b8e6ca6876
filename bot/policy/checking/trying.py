"""A policy tried out: on cases with the answer that is expected, and on what was asked before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.policy.checking.cases import Case
from bot.policy.decision import Decision, Outcome
from bot.policy.evaluating import evaluate
from bot.policy.model import Policy
from bot.policy.people import Members
from bot.policy.subject import Approval, Spent, Subject


@dataclass(frozen=True, slots=True)
class Tried:
    """How a case went: `mistakes` say in what the answer is not what was expected."""

    case: Case
    decision: Decision
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A request as it stood when it was decided: with these approvals, at this time, and what came of it then."""

    subject: Subject
    approvals: tuple[Approval, ...]
    at: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a policy would have answered."""

    past: Past
    decision: Decision

    @property
    def differs(self) -> bool:
        return self.decision.outcome is not self.past.outcome


def try_cases(policy: Policy, cases: Iterable[Case]) -> tuple[Tried, ...]:
    """Evaluate each case."""
    return tuple(_tried(policy, case) for case in cases)


def simulate(policy: Policy, members: Members, pasts: Iterable[Past]) -> tuple[Simulated, ...]:
    """Answer past requests in the order of time, budgets being used up on the way.

    `members` are those of today: who was in a group at that time is not known any more.
    """
    spent: list[Spent] = []
    found = []
    for past in sorted(pasts, key=lambda past: past.at):
        decision = evaluate(policy, past.subject, members, past.approvals, past.at, spent)
        if decision.permitted:
            spent += [Spent(rule, past.subject.requester, past.at, past.subject.id) for rule in decision.charges]
        found.append(Simulated(past, decision))
    return tuple(found)


def _tried(policy: Policy, case: Case) -> Tried:
    decision = evaluate(policy, case.subject, case.members, case.approvals, case.now, case.spent)
    return Tried(case, decision, tuple(_mistakes(case, decision)))


def _mistakes(case: Case, decision: Decision) -> Iterator[str]:
    if decision.outcome is not case.expect:
        yield f"expected {case.expect}, got {decision.outcome} ({decision.reason_code})"
    if case.because and decision.reason_code is not case.because:
        yield f"expected because of {case.because}, got {decision.reason_code}"
    missing = sorted(f"{each.count} of {each.part.partition(' of ')[2]}" for each in decision.missing)
    if case.missing is not None and sorted(case.missing) != missing:
        yield f"expected missing {_listed(sorted(case.missing))}, got {_listed(missing)}"


def _listed(parts: list[str]) -> str:
    return "; ".join(parts) or "nothing"
