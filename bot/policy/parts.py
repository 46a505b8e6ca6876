"""Who fills the parts of a rule, and who is missing. The requester never fills one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.policy.decision import Missing
from bot.policy.matching import assign
from bot.policy.model import Part, Policy, Rule
from bot.policy.people import Members, People, people
from bot.policy.subject import Approval, Spent, Subject


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when it is decided. `approvals` are in time; `now` is in seconds since the epoch."""

    policy: Policy
    subject: Subject
    members: Members
    approvals: tuple[Approval, ...]
    spent: tuple[Spent, ...]
    now: float

    def people(self, names: Iterable[str], at: float | None = None) -> People:
        """Give who is meant by any of the names, now or at another time."""
        return people(self.policy, self.members, names, self.now if at is None else at)


@dataclass(frozen=True, slots=True)
class Filled:
    """`counted` have a place; `missing` is empty where all parts are filled."""

    missing: tuple[Missing, ...]
    counted: frozenset[str]
    deciders: frozenset[str]
    unreadable: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of a part: who of those who approved may fill it, and who may by approving now."""

    part: int
    given: frozenset[str]
    able: frozenset[str]

    def open_to(self, placed: AbstractSet[str]) -> frozenset[str]:
        """Give who may fill it when these have a place already: of them only who may by what they gave."""
        return self.given | (self.able - placed)


def fill(rule: Rule, facts: Facts, approvals: Collection[Approval]) -> Filled:
    """Place those who approved in the parts of a rule.

    Somebody on call counts by the time at which they approved: a hand-over takes nothing back.
    """
    others = [yes for yes in approvals if yes.person != facts.subject.requester]
    places: list[_Place] = []
    able = [facts.people(part.names) for part in rule.decide]
    for index, part in enumerate(rule.decide):
        approved = {yes.person for yes in others if facts.people(part.names, yes.at).has(yes.person)}
        known = able[index].known - {facts.subject.requester}
        places += _places(index, part, frozenset(approved), known, readable=not able[index].unreadable)
    missing, counted = _match(rule, able, places)
    deciders = frozenset().union(*(those.known for those in able)) - {facts.subject.requester}
    return Filled(missing, counted, deciders, frozenset().union(*(those.unreadable for those in able)))


def _places(index: int, part: Part, approved: frozenset[str], able: frozenset[str], *, readable: bool) -> list[_Place]:
    if part.count is not None:
        return [_Place(index, approved, able)] * part.count
    everyone = [_Place(index, approved & {who}, frozenset({who})) for who in sorted(able)]
    nobody = _Place(index, frozenset(), frozenset())
    return everyone if everyone and readable else [*everyone, nobody]


def _match(rule: Rule, able: Sequence[People], places: list[_Place]) -> tuple[tuple[Missing, ...], frozenset[str]]:
    """Place those who approved, then others beside them, which tells what the others would have to fill."""
    first = assign([place.given for place in places], {})
    full = assign([place.open_to(first.keys()) for place in places], first)
    by_place = {index: who for who, index in full.items()}
    empty: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        if by_place.get(index) not in first:
            empty.setdefault(place.part, []).append(index)
    missing = (
        Missing(
            rule=rule.name,
            part=str(rule.decide[part]),
            count=len(indices),
            from_whom=frozenset().union(*(places[index].able for index in indices)) - first.keys(),
            unreadable=able[part].unreadable,
            possible=_all_filled(indices, by_place),
        )
        for part, indices in empty.items()
    )
    return tuple(missing), frozenset(first)


def _all_filled(indices: list[int], by_place: Mapping[int, str]) -> bool:
    return all(index in by_place for index in indices)
