"""What one person may do about a decision: the buttons, the help and the refusals go by the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.policy.decision import Decision, Outcome, Reason
from bot.policy.subject import Subject


class Reply(StrEnum):
    """Why one person may, or may not, decide; stable codes."""

    ALLOWED = "allowed"
    REQUESTER_NEVER_COUNTS = "requester_never_counts"
    ALREADY_APPROVED = "already_approved"
    NOT_NEEDED = "not_needed"
    NOT_AN_APPROVER = "not_an_approver"
    MEMBERS_UNREADABLE = "members_unreadable"
    NOTHING_MISSING = "nothing_missing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusal` is why nobody may, where the decision is a no. `step_up`: it wants a one-time code."""

    reply: Reply
    refusal: Reason | None = None
    step_up: bool = False

    @property
    def allowed(self) -> bool:
        return self.reply is Reply.ALLOWED


def may_approve(decision: Decision, subject: Subject, person: str) -> Verdict:
    """Say whether a person's approval would bring the plan nearer to its run."""
    if person == subject.requester:
        return Verdict(Reply.REQUESTER_NEVER_COUNTS)
    if decision.outcome is Outcome.DENY:
        return Verdict(Reply.REFUSED, decision.reason_code)
    if decision.permitted:
        return Verdict(Reply.NOTHING_MISSING)
    if any(person in missing.from_whom for missing in decision.missing):
        return Verdict(Reply.ALLOWED, step_up=decision.terms.step_up)
    return Verdict(_why_not(decision, person))


def may_reject(decision: Decision, subject: Subject, person: str) -> Verdict:
    """Say whether a person may end the request by a no: all who may decide, whether they did or not."""
    if person == subject.requester:
        return Verdict(Reply.REQUESTER_NEVER_COUNTS)
    if person in decision.deciders | decision.counted:
        return Verdict(Reply.ALLOWED)
    return Verdict(_unknown_or_no(decision))


def _why_not(decision: Decision, person: str) -> Reply:
    if person in decision.counted:
        return Reply.ALREADY_APPROVED
    return Reply.NOT_NEEDED if person in decision.deciders else _unknown_or_no(decision)


def _unknown_or_no(decision: Decision) -> Reply:
    unreadable = any(ruling.unreadable for ruling in decision.rulings)
    return Reply.MEMBERS_UNREADABLE if unreadable else Reply.NOT_AN_APPROVER
