"""What a policy answers, in full: enough to say rule by rule why, what is missing and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PERMIT = "permit"
    PENDING = "pending"  # it may still come: people are missing, or it is quiet
    DENY = "deny"


class Reason(StrEnum):
    """Why; stable codes."""

    APPROVED = "approved"
    AUTOMATIC = "automatic"
    APPROVALS_MISSING = "approvals_missing"
    STEP_UP_MISSING = "step_up_missing"
    NOT_ENOUGH_PEOPLE = "not_enough_people"
    MEMBERS_UNREADABLE = "members_unreadable"
    QUIET_HOURS = "quiet_hours"
    DENIED_BY_RULE = "denied_by_rule"
    NO_RULE_MATCHED = "no_rule_matched"
    NO_RULE_FOR_OVERRIDE = "no_rule_for_override"
    NOT_ALLOWED_TO_ASK = "not_allowed_to_ask"
    REASON_REQUIRED = "reason_required"
    TICKET_REQUIRED = "ticket_required"
    DANGER_NEEDS_PEOPLE = "danger_needs_people"
    NOT_AUTOMATIC_FOR_YOU = "not_automatic_for_you"
    BUDGET_SPENT = "budget_spent"
    ANOTHER_PERSON_NEEDED = "another_person_needed"
    APPROVAL_EXPIRED = "approval_expired"
    EXECUTION_EXPIRED = "execution_expired"
    POLICY_ERROR = "policy_error"


class Differs(StrEnum):
    """What keeps a rule from matching."""

    POOL = "pool"
    CHANNEL = "channel"
    ACTION = "action"
    DANGER = "danger"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Missing:
    """So many people are missing for a part of a rule, and these could fill it now.

    `unreadable` are the groups of it that could not be read; `possible`: those who are known are enough.
    """

    rule: str
    part: str
    count: int
    from_whom: frozenset[str]
    unreadable: frozenset[str] = frozenset()
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says: nothing where it `differs`, else an outcome with its reason.

    `counted` are those whose approval counts for it, `deciders` all who may decide now. `because` is a denial's own
    sentence, or what a ticket has to look like; `without` says why the rule's automatic approval does not apply.
    `charges`: its budget is to be charged.
    """

    rule: str
    differs: tuple[Differs, ...] = ()
    outcome: Outcome | None = None
    reason_code: Reason | None = None
    because: str = ""
    missing: tuple[Missing, ...] = ()
    counted: frozenset[str] = frozenset()
    deciders: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    without: Reason | None = None
    automatic: bool = False
    charges: bool = False

    @property
    def matched(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Terms:
    """What follows from the rules that matched, the strictest of each; durations in seconds, times since the epoch.

    `step_up`: an approval wants a one-time code. `quiet_until`: until then nobody is mentioned.
    """

    approval_waits: float = 0.0
    runs_within: float = 0.0
    step_up: bool = False
    quiet_until: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, why, and what each rule says. `until` is when quiet hours end that hold a run.

    `charges` names the rules whose automatic budget is to be charged in the same commit.
    """

    outcome: Outcome
    reason_code: Reason
    rulings: tuple[Ruling, ...] = ()
    terms: Terms = Terms()
    until: float | None = None

    @property
    def permitted(self) -> bool:
        return self.outcome is Outcome.PERMIT

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that matched."""
        return tuple(ruling.rule for ruling in self.rulings if ruling.matched)

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(missing for ruling in self.rulings for missing in ruling.missing)

    @property
    def people_missing(self) -> int:
        """The fewest people who are still needed; one person may count for several rules, for each of them once."""
        return max((sum(each.count for each in ruling.missing) for ruling in self.rulings), default=0)

    @property
    def counted(self) -> frozenset[str]:
        """Those whose approval counts for some rule."""
        return frozenset().union(*(ruling.counted for ruling in self.rulings))

    @property
    def deciders(self) -> frozenset[str]:
        """All who may decide now, by some rule."""
        return frozenset().union(*(ruling.deciders for ruling in self.rulings))

    @property
    def charges(self) -> tuple[str, ...]:
        return tuple(ruling.rule for ruling in self.rulings if ruling.charges)
