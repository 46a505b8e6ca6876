"""Cases: what a policy is expected to answer, written beside it in a file of their own.

[members]                      # who the Slack groups hold in these cases
storage-admins = ["U0ANNA", "U0BEN"]

[cases.a-destroy-in-prod-is-refused]
pool = "prod"
channel = "C0STORAGE"
action = "destroy"
requester = "U0CARL"
at = 2026-11-23T10:00:00+01:00
approved_by = ["U0ANNA"]
expect = "deny"
because = "denied_by_rule"
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.policy.decision import Outcome, Reason
from bot.policy.language import values
from bot.policy.language.tables import Table, parsed
from bot.policy.model import Policy
from bot.policy.people import Members, slack_groups
from bot.policy.subject import POSSIBLE, Action, Approval, Danger, Spent, Subject

SOMEBODY_ELSE = "USOMEBODYELSE"
"""Who has used up what a case says was passed automatically before."""


@dataclass(frozen=True, slots=True)
class Case:
    """A hypothetical, and the answer that is expected; None where it doesn't matter."""

    name: str
    subject: Subject
    members: Members
    approvals: tuple[Approval, ...]
    now: float
    spent: tuple[Spent, ...]
    expect: Outcome
    because: Reason | None = None
    missing: tuple[str, ...] | None = None


def parse_cases(text: str, policy: Policy) -> tuple[Case, ...]:
    """Read cases about a policy; raises PolicyError with every mistake at once."""
    root, mistakes = parsed(text)
    members = _members(root.table("members"), policy)
    cases = root.table("cases")
    if not cases.data:
        root.wrong("cases", "is missing")
    found = [case for name, table in cases.named() if (case := _case(name, table, members, policy))]
    root.close()
    mistakes.raise_if_any()
    return tuple(found)


def _members(table: Table, policy: Policy) -> Members:
    """Read the members of Slack's groups by the names that the policy gives these; one left out can't be read."""
    found: dict[str, frozenset[str] | None] = {}
    for name, group in slack_groups(policy).items():
        if name in table.data:
            found[group] = frozenset(table.each(name, values.person, values.PERSON))
    table.close()
    return Members(found)


def _case(name: str, table: Table, members: Members, policy: Policy) -> Case | None:
    table.check_name(name)
    subject = _subject(table)
    later = table.read("later", values.duration, values.DURATION) or 0.0
    passed = table.read("automatic_before", values.whole, values.WHOLE) or 0
    approvals = _approvals(table)
    expect = table.read("expect", values.one_of({it.value: it for it in Outcome}), _any(Outcome), required=True)
    because = table.read("because", values.one_of({it.value: it for it in Reason}), _any(Reason))
    missing = table.each("missing", values.text, "a part of a rule, as it is written there", repeated=True)
    table.close()
    if subject is None or expect is None:
        return None
    spent = tuple(Spent(rule.name, SOMEBODY_ELSE, subject.asked_at) for rule in policy.rules for _ in range(passed))
    given = tuple(Approval(person, subject.asked_at, stepped_up=code) for person, code in approvals)
    wanted = missing if "missing" in table.data else None
    return Case(name, subject, members, given, subject.asked_at + later, spent, expect, because, wanted)


def _approvals(table: Table) -> list[tuple[str, bool]]:
    plain = table.each("approved_by", values.person, values.PERSON)
    with_code = table.each("approved_with_code_by", values.person, values.PERSON)
    return [(person, False) for person in plain] + [(person, True) for person in with_code]


def _subject(table: Table) -> Subject | None:
    pool = table.read("pool", values.pool, "the name of a pool", required=True)
    channel = table.read("channel", values.channel, "the id of a channel, C…", required=True)
    action = table.read("action", values.one_of({it.value: it for it in Action}), _any(Action), required=True)
    requester = table.read("requester", values.person, values.PERSON, required=True)
    at = table.read("at", values.moment, "a date and time with its offset", required=True)
    size = table.read("size", values.size, values.SIZE)
    reason = table.read("reason", values.text, "a text of one line") or ""
    dangers = table.each("dangers", values.one_of({it.value: it for it in Danger}), _any(Danger))
    harmless = table.read("harmless", values.flag, "true or false")
    if harmless and dangers:
        table.wrong("dangers", "can't be those of what is harmless")
    if pool is None or channel is None or action is None or requester is None or at is None:
        return None
    possible = frozenset[Danger]() if harmless else POSSIBLE.get(action, frozenset())
    return Subject(pool, channel, action, requester, at, size, frozenset(dangers) or possible, reason)


def _any(kinds: type[Outcome | Reason | Action | Danger]) -> str:
    return f"one of: {', '.join(kinds)}"
