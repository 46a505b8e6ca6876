"""Who is meant by a name of a policy, at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.policy.model import ANYONE, Policy, Right, Rule
from bot.policy.times import on_call


@dataclass(frozen=True, slots=True)
class Members:
    """The people of Slack's user groups, by the group's id. One that is not in here, or None, could not be read."""

    of_group: Mapping[str, frozenset[str] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class People:
    """Those who are known to be meant, and the names that could not be read; `anyone`: everybody is."""

    known: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    anyone: bool = False

    def has(self, person: str) -> bool | None:
        """None where that can't be told."""
        if self.anyone or person in self.known:
            return True
        return None if self.unreadable else False


def people(policy: Policy, members: Members, names: Iterable[str], at: float) -> People:
    """Give who is meant by any of the names."""
    known: set[str] = set()
    unreadable: set[str] = set()
    names = tuple(names)
    for name in names:
        found = _named(policy, members, name, at)
        if found is None:
            unreadable.add(name)
        else:
            known |= found
    return People(frozenset(known), frozenset(unreadable), ANYONE in names)


def _named(policy: Policy, members: Members, name: str, at: float) -> frozenset[str] | None:
    if name == ANYONE:
        return frozenset()
    if name in policy.schedules:
        person = on_call(policy.schedules[name], at)
        return frozenset() if person is None else frozenset({person})
    group = policy.groups.get(name)
    if group is None:
        return frozenset({name})
    return members.of_group.get(group.slack) if group.slack else group.people


def possible_people(policy: Policy, members: Members, names: Iterable[str]) -> People:
    """Give who may ever be meant by any of the names: of a schedule, all who take turns."""
    names = tuple(names)
    turns = [policy.schedules[name].everybody for name in names if name in policy.schedules]
    others = people(policy, members, (name for name in names if name not in policy.schedules), 0.0)
    return People(others.known.union(*turns), others.unreadable, others.anyone)


def has_right(policy: Policy, members: Members, right: Right, person: str, now: float) -> bool:
    """Say whether somebody may freeze, thaw or see; whatever can't be told is a no. Where nothing is said, all see."""
    default = (ANYONE,) if right is Right.SEE else ()
    return people(policy, members, policy.rights.get(right, default), now).has(person) is True


def names_in(rule: Rule) -> frozenset[str]:
    """Give all names that a rule goes by."""
    automatic = rule.automatic.people if rule.automatic else ()
    return frozenset(rule.ask) | frozenset(automatic) | {name for part in rule.decide for name in part.names}


def slack_groups(policy: Policy) -> Mapping[str, str]:
    """Give the Slack user groups that have to be read for the policy: name to id."""
    return {name: group.slack for name, group in policy.groups.items() if group.slack}
