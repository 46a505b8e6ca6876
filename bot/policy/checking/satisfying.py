"""Whether the people who are there can meet a policy: one that they can't is refused before it is in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from bot.policy.matching import assign
from bot.policy.model import Part, Policy, Rule
from bot.policy.people import Members, People, possible_people


def unsatisfiable(policy: Policy, members: Members) -> tuple[str, ...]:
    """Name each rule that can't be met by everybody who may ask by it, themselves left out; nothing where all can.

    A group that could not be read is a mistake too. Of a schedule, all who take turns are possible.
    """
    return tuple(mistake for rule in policy.rules for mistake in _of_rule(policy, members, rule))


def unknown_places(policy: Policy, pools: Collection[str], channels: Collection[str]) -> tuple[str, ...]:
    """Name the pools and channels in the policy that are not configured: what is spelled wrong matches nothing."""
    mistakes = []
    for section, named in (("rules", policy.rules), ("deny", policy.denials)):
        for each in named:
            strange = [("pools", each.when.pools - set(pools)), ("channels", each.when.channels - set(channels))]
            mistakes += [
                f"{section}.{each.name}.when.{key}: {', '.join(sorted(found))}: not configured"
                for key, found in strange
                if found
            ]
    return tuple(mistakes)


def _of_rule(policy: Policy, members: Members, rule: Rule) -> Iterator[str]:
    parts = [possible_people(policy, members, part.names) for part in rule.decide]
    unreadable = sorted(frozenset().union(*(part.unreadable for part in parts)))
    if unreadable:
        yield f"rules.{rule.name}.decide: the members of {', '.join(unreadable)} could not be read"
        return
    for requester in _requesters(policy, members, rule, parts):
        places = [
            place for part, able in zip(rule.decide, parts, strict=True) for place in _places(part, able, requester)
        ]
        found = len(assign(places, {}))
        if found < len(places):
            asking = f" when {requester} asks" if requester else ""
            yield f"rules.{rule.name}.decide: takes {len(places)} people{asking}, and no more than {found} can be found"
            return


def _requesters(policy: Policy, members: Members, rule: Rule, parts: list[People]) -> list[str]:
    """Give those who decide and may ask; the empty name stands for somebody else."""
    asking = possible_people(policy, members, rule.ask)
    deciding = frozenset().union(*(part.known for part in parts))
    return ["", *sorted(person for person in deciding if asking.has(person) is not False)]


def _places(part: Part, able: People, requester: str) -> list[AbstractSet[str]]:
    others = able.known - {requester}
    if part.count is not None:
        return [others] * part.count
    return [frozenset({person}) for person in sorted(others)] or [frozenset()]
