"""Decide: a denial overrides, every rule that matches has to be met, no rule means no, and so does any error.

Rules stand for themselves: one person may count for several rules, but fills one place of each. So a rule that is
added never makes anything easier.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.policy.decision import Decision, Outcome, Reason, Ruling, Terms
from bot.policy.model import Policy, Rule, Stop
from bot.policy.parts import Facts
from bot.policy.people import Members, names_in, slack_groups
from bot.policy.ruling import rule_against, rule_on, steps_up
from bot.policy.subject import DESTRUCTIVE, Approval, Danger, Spent, Subject
from bot.policy.targets import differences
from bot.policy.times import quiet_until


def evaluate(  # noqa: PLR0913, PLR0917 - the policy, what is asked, and all that is known about it
    policy: Policy,
    subject: Subject,
    members: Members,
    approvals: Collection[Approval],
    now: float,
    spent: Collection[Spent] = (),
) -> Decision:
    """Decide whether a plan may go on as things stand.

    `approvals` are those of this plan; `spent` is what rules have let pass automatically within the last two days, and
    what they have let pass of this request.
    """
    try:
        return _evaluate(policy, subject, members, tuple(approvals), now, tuple(spent))
    except Exception:  # noqa: BLE001 - whatever goes wrong while deciding, the answer is no
        return Decision(Outcome.DENY, Reason.POLICY_ERROR)


def may_start(  # noqa: PLR0913, PLR0917 - what is decided about, and when it was approved
    policy: Policy,
    subject: Subject,
    members: Members,
    approvals: Collection[Approval],
    now: float,
    approved_at: float,
    spent: Collection[Spent] = (),
) -> Decision:
    """Decide whether an approved plan may begin to run now: it is still approved, in time, and it is not quiet."""
    decision = evaluate(policy, subject, members, approvals, now, spent)
    if not decision.permitted:
        return decision
    if now >= approved_at + decision.terms.runs_within:
        return replace(decision, outcome=Outcome.DENY, reason_code=Reason.EXECUTION_EXPIRED)
    until = _quiet(matching_rules(policy, subject), Stop.RUNS, now)
    if until is None:
        return decision
    return replace(decision, outcome=Outcome.PENDING, reason_code=Reason.QUIET_HOURS, until=until)


def matching_rules(policy: Policy, subject: Subject) -> tuple[Rule, ...]:
    """Give the rules that are about a subject."""
    return tuple(rule for rule in policy.rules if not differences(rule.when, subject))


def groups_needed(policy: Policy, subject: Subject) -> frozenset[str]:
    """Give the ids of the Slack user groups that have to be read to decide about a subject."""
    names = frozenset().union(*(names_in(rule) for rule in matching_rules(policy, subject)))
    return frozenset(group for name, group in slack_groups(policy).items() if name in names)


def _evaluate(  # noqa: PLR0913, PLR0917 - as of `evaluate`
    policy: Policy,
    subject: Subject,
    members: Members,
    approvals: tuple[Approval, ...],
    now: float,
    spent: tuple[Spent, ...],
) -> Decision:
    matching = matching_rules(policy, subject)
    terms = _terms(matching, subject, now)
    in_time = tuple(yes for yes in approvals if yes.at < subject.asked_at + terms.approval_waits)
    facts = Facts(policy, subject, members, in_time, spent, now)
    rulings = tuple(
        rule_on(rule, facts) if rule in matching else Ruling(rule.name, differences(rule.when, subject))
        for rule in policy.rules
    )
    denials = tuple(rule_against(denial, subject) for denial in policy.denials)
    outcome, reason = _combined(denials, rulings, matching, facts, terms)
    return Decision(outcome, reason, denials + rulings, terms)


def _combined(
    denials: tuple[Ruling, ...], rulings: tuple[Ruling, ...], matching: tuple[Rule, ...], facts: Facts, terms: Terms
) -> tuple[Outcome, Reason]:
    refused = _first(denials, Outcome.DENY) or _uncovered(matching, facts.subject) or _first(rulings, Outcome.DENY)
    if refused is not None:
        return Outcome.DENY, refused
    waiting = _first(rulings, Outcome.PENDING)
    if waiting is None:
        return _permitted(rulings, facts.subject)
    if facts.now >= facts.subject.asked_at + terms.approval_waits:
        return Outcome.DENY, Reason.APPROVAL_EXPIRED
    return Outcome.PENDING, waiting


def _uncovered(matching: tuple[Rule, ...], subject: Subject) -> Reason | None:
    """Give what no rule is for. To override takes a rule that names it: it is never allowed by the way."""
    if not matching:
        return Reason.NO_RULE_MATCHED
    named = any(Danger.OVERRIDES in rule.when.dangers for rule in matching)
    return Reason.NO_RULE_FOR_OVERRIDE if Danger.OVERRIDES in subject.dangers and not named else None


def _permitted(rulings: tuple[Ruling, ...], subject: Subject) -> tuple[Outcome, Reason]:
    """Say yes, but to nothing that erases or removes without another person, whatever the rules came to."""
    counted = frozenset().union(*(ruling.counted for ruling in rulings)) - {subject.requester}
    if subject.dangers & DESTRUCTIVE and not counted:
        return Outcome.DENY, Reason.ANOTHER_PERSON_NEEDED
    return Outcome.PERMIT, Reason.APPROVED if counted else Reason.AUTOMATIC


def _first(rulings: tuple[Ruling, ...], outcome: Outcome) -> Reason | None:
    return next((ruling.reason_code for ruling in rulings if ruling.outcome is outcome), None)


def _terms(matching: tuple[Rule, ...], subject: Subject, now: float) -> Terms:
    """Give the strictest of the terms."""
    if not matching:
        return Terms()
    return Terms(
        approval_waits=min(rule.approval_waits for rule in matching),
        runs_within=min(rule.runs_within for rule in matching),
        step_up=any(steps_up(rule, subject.size) for rule in matching),
        quiet_until=_quiet(matching, Stop.MENTIONS, now),
    )


def _quiet(matching: tuple[Rule, ...], stop: Stop, now: float) -> float | None:
    """Give when the last of the quiet hours ends that hold something back now."""
    ends = (quiet_until(rule.quiet, now) for rule in matching if rule.quiet and stop in rule.quiet.stops)
    return max((end for end in ends if end is not None), default=None)
