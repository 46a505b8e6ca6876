"""What one rule says about a subject: an outcome with its reason, or in what it differs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.policy.decision import Outcome, Reason, Ruling
from bot.policy.model import Denial, Rule, Stop
from bot.policy.parts import Facts, Filled, fill
from bot.policy.subject import Subject
from bot.policy.targets import differences
from bot.policy.times import local_day, quiet_until

LONGEST_REASON: Final = 300
LONGEST_WORD: Final = 64
"""What is longer is not looked at for a ticket, so that no pattern can take long."""

_PUNCTUATION: Final = ".,;:!?()[]<>\"'`*_"


def rule_on(rule: Rule, facts: Facts) -> Ruling:
    """Say what a rule that matches demands; `facts.policy` gives the names their meaning."""
    refused = unfit(rule, facts)
    if refused is not None:
        return refused
    without = _not_automatic(rule, facts)
    if rule.automatic and without is None:
        charges = not _charged(rule, facts)
        return Ruling(rule.name, outcome=Outcome.PERMIT, reason_code=Reason.AUTOMATIC, automatic=True, charges=charges)
    if not rule.decide:
        reason = without or Reason.ANOTHER_PERSON_NEEDED
        return Ruling(rule.name, outcome=Outcome.DENY, reason_code=reason, without=without)
    return replace(_by_people(rule, facts), without=without)


def unfit(rule: Rule, facts: Facts) -> Ruling | None:
    """Say no where who asked may not, or gave no reason or ticket that the rule wants; None where nothing is wrong."""
    refused = _may_not_ask(rule, facts) or _unreasoned(rule, facts)
    if refused is None:
        return None
    because = rule.ticket_is if refused is Reason.TICKET_REQUIRED else ""
    return Ruling(rule.name, outcome=Outcome.DENY, reason_code=refused, because=because)


def rule_against(denial: Denial, subject: Subject) -> Ruling:
    """Say whether a denial matches."""
    differs = differences(denial.when, subject, denying=True)
    if differs:
        return Ruling(denial.name, differs)
    return Ruling(denial.name, outcome=Outcome.DENY, reason_code=Reason.DENIED_BY_RULE, because=denial.because)


def steps_up(rule: Rule, size: int | None) -> bool:
    """Whether an approval wants a one-time code; a size that is not known is above every threshold."""
    return rule.step_up_over is not None and (size is None or size > rule.step_up_over)


def has_ticket(pattern: str, reason: str) -> bool:
    """Say whether a word of the reason matches all of the pattern, punctuation around it aside."""
    words = (word.strip(_PUNCTUATION) for word in reason[:LONGEST_REASON].split())
    return any(len(word) <= LONGEST_WORD and re.fullmatch(pattern, word) for word in words)


def _may_not_ask(rule: Rule, facts: Facts) -> Reason | None:
    has = facts.people(rule.ask).has(facts.subject.requester)
    if has is None:
        return Reason.MEMBERS_UNREADABLE
    return None if has else Reason.NOT_ALLOWED_TO_ASK


def _unreasoned(rule: Rule, facts: Facts) -> Reason | None:
    if rule.ticket and not has_ticket(rule.ticket, facts.subject.reason):
        return Reason.TICKET_REQUIRED
    return Reason.REASON_REQUIRED if rule.reason_required and not facts.subject.reason.strip() else None


def _not_automatic(rule: Rule, facts: Facts) -> Reason | None:
    """Give why a rule's automatic approval does not apply; None where it does, or where there is none."""
    automatic, subject = rule.automatic, facts.subject
    if automatic is None:
        return None
    if subject.dangers:
        return Reason.DANGER_NEEDS_PEOPLE
    if not facts.people(automatic.people).has(subject.requester):
        return Reason.NOT_AUTOMATIC_FOR_YOU
    if _charged(rule, facts):
        return None
    if rule.quiet and Stop.AUTOMATIC in rule.quiet.stops and quiet_until(rule.quiet, facts.now) is not None:
        return Reason.QUIET_HOURS
    today = local_day(automatic.zone, facts.now)
    spent = [it.person for it in facts.spent if it.rule == rule.name and local_day(automatic.zone, it.at) == today]
    within = len(spent) < automatic.per_day and spent.count(subject.requester) < automatic.per_person
    return None if within else Reason.BUDGET_SPENT


def _charged(rule: Rule, facts: Facts) -> bool:
    """Whether this very request was let pass by the rule before: it is not charged twice."""
    return bool(facts.subject.id) and any((it.rule, it.request) == (rule.name, facts.subject.id) for it in facts.spent)


def _by_people(rule: Rule, facts: Facts) -> Ruling:
    needs_code = steps_up(rule, facts.subject.size)
    counting = [yes for yes in facts.approvals if yes.stepped_up or not needs_code]
    filled = fill(rule, facts, counting)
    if not filled.missing:
        return _ruling(rule, filled, Outcome.PERMIT, Reason.APPROVED)
    if needs_code and not fill(rule, facts, facts.approvals).missing:
        return _ruling(rule, filled, Outcome.PENDING, Reason.STEP_UP_MISSING)
    return _ruling(rule, filled, Outcome.PENDING, _why_pending(filled))


def _why_pending(filled: Filled) -> Reason:
    if all(missing.possible for missing in filled.missing):
        return Reason.APPROVALS_MISSING
    return Reason.MEMBERS_UNREADABLE if filled.unreadable else Reason.NOT_ENOUGH_PEOPLE


def _ruling(rule: Rule, filled: Filled, outcome: Outcome, reason: Reason) -> Ruling:
    return Ruling(
        rule.name,
        outcome=outcome,
        reason_code=reason,
        missing=filled.missing,
        counted=filled.counted,
        deciders=filled.deciders,
        unreadable=filled.unreadable,
    )
