"""When who is mentioned about a request that waits: once, again after growing pauses, then the next group too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate

from bot.policy.evaluating import matching_rules
from bot.policy.model import Policy, Rule, Stop
from bot.policy.subject import Subject
from bot.policy.times import quiet_until


class Why(IntEnum):
    ASKED = 0
    ESCALATED = 1
    REMINDED = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """At that time these names are mentioned: of the people behind them, those who are missing then."""

    at: float
    why: Why
    names: frozenset[str]


def mentions(policy: Policy, subject: Subject) -> tuple[Mention, ...]:
    """Give all mentions until the approval ends, in order. One that falls into quiet hours comes when they end."""
    rules = matching_rules(policy, subject)
    ends = subject.asked_at + min((rule.approval_waits for rule in rules), default=0.0)
    found: dict[float, Mention] = {}
    for each in sorted((each for rule in rules for each in _of_rule(rule, subject.asked_at)), key=lambda it: it.why):
        before = found.get(each.at)
        if each.at < ends:
            found[each.at] = Mention(each.at, before.why, before.names | each.names) if before else each
    return tuple(found[at] for at in sorted(found))


def _of_rule(rule: Rule, asked_at: float) -> Iterator[Mention]:
    later = {name for each in rule.escalate for name in each.to}
    named = {name for part in rule.decide for name in part.names}
    first = frozenset(named - later or named)
    yield _put_off(rule, Mention(asked_at, Why.ASKED, first))
    for each in rule.escalate:
        yield _put_off(rule, Mention(asked_at + each.after, Why.ESCALATED, frozenset(each.to)))
    for after in accumulate(rule.pauses):
        joined = (each.to for each in rule.escalate if each.after <= after)
        yield _put_off(rule, Mention(asked_at + after, Why.REMINDED, first.union(*joined)))


def _put_off(rule: Rule, mention: Mention) -> Mention:
    quiet = rule.quiet if rule.quiet and Stop.MENTIONS in rule.quiet.stops else None
    return Mention(quiet_until(quiet, mention.at) or mention.at, mention.why, mention.names)
