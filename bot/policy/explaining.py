"""A decision in words, rule by rule: for those who ask why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from bot.policy.decision import Decision, Missing, Outcome, Reason, Ruling

Naming = Callable[[str], str]
"""Says a person's id as it is shown: a mention, a name, or as it is."""

MOST_NAMED: Final = 10

SENTENCES: Final = {
    Reason.APPROVED: "Those who have to decide have approved it.",
    Reason.AUTOMATIC: "It is approved automatically.",
    Reason.APPROVALS_MISSING: "Approvals are missing.",
    Reason.STEP_UP_MISSING: "Enough people have approved it, but not all of them with a one-time code.",
    Reason.NOT_ENOUGH_PEOPLE: "There are not enough people now who may decide.",
    Reason.MEMBERS_UNREADABLE: "The members of a group could not be read, so nobody counts for it.",
    Reason.QUIET_HOURS: "It is quiet hours.",
    Reason.DENIED_BY_RULE: "A rule says that nobody may do this.",
    Reason.NO_RULE_MATCHED: "No rule is about this, so nobody may do it.",
    Reason.NO_RULE_FOR_OVERRIDE: "No rule that matches says who may override, so nobody may.",
    Reason.NOT_ALLOWED_TO_ASK: "Who asked may not ask for this.",
    Reason.REASON_REQUIRED: "It needs a reason.",
    Reason.TICKET_REQUIRED: "Its reason has to name a ticket.",
    Reason.DANGER_NEEDS_PEOPLE: "It erases, removes or overrides, which is never approved automatically.",
    Reason.NOT_AUTOMATIC_FOR_YOU: "It is not automatic for who asked.",
    Reason.BUDGET_SPENT: "Today's automatic approvals are used up.",
    Reason.ANOTHER_PERSON_NEEDED: "What erases data or removes an SR needs another person.",
    Reason.APPROVAL_EXPIRED: "It was not approved in time.",
    Reason.EXECUTION_EXPIRED: "It was approved, but not run in time.",
    Reason.POLICY_ERROR: "The policy could not be evaluated, so the answer is no.",
}
_WORDS: Final = {Outcome.PERMIT: "yes", Outcome.PENDING: "not yet", Outcome.DENY: "no"}


def explain(decision: Decision, name: Naming = str, data: Naming = str) -> tuple[str, ...]:
    """Give a line for the whole, one for each rule that matches, what it misses, and one for each that does not.

    `data` says what the policy's own texts and names are written as, where something in them could be markup.
    """
    matching = [line for ruling in decision.rulings if ruling.matched for line in _matching(ruling, name, data)]
    others = [_other(ruling) for ruling in decision.rulings if not ruling.matched]
    return (f"{_WORDS[decision.outcome]}: {SENTENCES[decision.reason_code]}", *matching, *others)


def _matching(ruling: Ruling, name: Naming, data: Naming) -> Iterable[str]:
    reason = SENTENCES[ruling.reason_code] if ruling.reason_code else ""
    because = f" {data(ruling.because)}" if ruling.because else ""
    yield f"{ruling.rule} matches: {reason}{because}"
    if ruling.without:
        yield f"{ruling.rule} is not automatic here: {SENTENCES[ruling.without]}"
    if ruling.counted:
        yield f"{ruling.rule} counts: {_names(ruling.counted, name)}."
    for missing in ruling.missing:
        yield f"{ruling.rule} misses {_missing(missing, name)}"


def _missing(missing: Missing, name: Naming) -> str:
    able = f"Now it could be: {_names(missing.from_whom, name)}." if missing.from_whom else "Now it could be nobody."
    unread = f" Not readable: {', '.join(sorted(missing.unreadable))}." if missing.unreadable else ""
    return f"{missing.count} ({missing.part}). {able}{unread}"


def _other(ruling: Ruling) -> str:
    return f"{ruling.rule} is about another {', '.join(ruling.differs)}."


def _names(people: frozenset[str], name: Naming) -> str:
    """Name the first of them, and count the rest."""
    listed = [name(person) for person in sorted(people)]
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
