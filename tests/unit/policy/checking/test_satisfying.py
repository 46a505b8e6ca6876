from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Members, Policy, parse, unknown_places, unsatisfiable
from bot.policy.model import Group, Part, Rule, When
from tests.unit.policy.policies import MEMBERS, POLICY, UNREADABLE

GROUPS = '[groups.two]\npeople = ["U1", "U2"]\n[groups.other]\npeople = ["U2", "U3"]\n'


def test_a_policy_that_its_people_can_meet_is_taken() -> None:
    assert unsatisfiable(POLICY, MEMBERS) == ()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('decide = ["1 of two"]', ""),
        ('decide = ["2 of two"]', "takes 2 people when U1 asks, and no more than 1 can be found"),
        ('decide = ["2 of two"]\nask = ["U9"]', ""),
        ('decide = ["3 of two"]\nask = ["U9"]', "takes 3 people, and no more than 2 can be found"),
        ('decide = ["1 of U1"]', "takes 1 people when U1 asks, and no more than 0 can be found"),
        ('decide = ["1 of U1"]\nask = ["U2"]', ""),
        ('decide = ["1 of two", "1 of other"]', ""),
        ('decide = ["1 of U2", "1 of other"]\nask = ["U9"]', ""),
        ('decide = ["1 of U2", "2 of U2"]\nask = ["U9"]', "takes 3 people, and no more than 1 can be found"),
        ('decide = ["all of two"]', ""),
        ('decide = ["all of two", "1 of U2"]\nask = ["U9"]', "takes 3 people, and no more than 2 can be found"),
        ('decide = ["all of two", "1 of other"]', "takes 3 people when U3 asks, and no more than 2 can be found"),
        ('decide = ["all of two", "1 of other"]\nask = ["U1"]', ""),
    ],
)
def test_a_rule_that_people_can_t_meet_is_named(rule: str, told: str) -> None:
    found = unsatisfiable(parse(f"{GROUPS}[rules.some]\n{rule}"), Members())
    assert found == ((f"rules.some.decide: {told}",) if told else ())


def test_nobody_of_an_empty_group_is_not_enough() -> None:
    policy = parse('[groups.g]\nslack = "S1"\n[rules.some]\ndecide = ["all of g"]')
    assert unsatisfiable(policy, Members({"S1": frozenset()})) != ()


def test_those_who_take_turns_are_possible() -> None:
    rota = '[schedules.s]\nzone = "UTC"\npeople = [{}]\nfirst = 2026-01-05\n[rules.some]\ndecide = ["1 of s"]'
    assert unsatisfiable(parse(rota.format('"U1", "U2"')), Members()) == ()
    assert unsatisfiable(parse(rota.format('"U1"')), Members()) != ()


def test_a_group_that_could_not_be_read_is_named() -> None:
    assert unsatisfiable(POLICY, UNREADABLE)[0] == (
        "rules.shares.decide: the members of storage-admins could not be read"
    )


def test_who_may_ask_is_anybody_where_that_can_t_be_read() -> None:
    policy = parse('[groups.g]\nslack = "S1"\n[rules.some]\nask = ["g"]\ndecide = ["1 of U1"]')
    assert unsatisfiable(policy, Members()) != ()
    assert unsatisfiable(policy, Members({"S1": frozenset({"U2"})})) == ()


CROWD = "ABCD"
SOME = st.frozensets(st.sampled_from(CROWD))
PARTS = st.lists(
    st.builds(Part, st.integers(1, 3), st.sampled_from([("red",), ("blue",), ("red", "blue")])), max_size=2
)


@given(SOME, SOME, PARTS)
def test_it_is_satisfiable_if_some_people_are_whoever_asks(
    red: frozenset[str], blue: frozenset[str], parts: list[Part]
) -> None:
    groups = {"red": Group("red", red), "blue": Group("blue", blue)}
    policy = Policy("", (Rule("some", When(), decide=tuple(parts)),), groups=groups)
    places = [
        frozenset().union(*(groups[name].people for name in part.names))
        for part in parts
        for _ in range(part.count or 0)
    ]
    can = all(_can_fill(places, CROWD.replace(requester, "")) for requester in CROWD)
    assert (not unsatisfiable(policy, Members())) is can


def _can_fill(places: list[frozenset[str]], people: str) -> bool:
    orders = permutations(people, len(places))
    return any(all(who in place for who, place in zip(order, places, strict=True)) for order in orders)


def test_places_that_are_not_configured_are_named() -> None:
    text = '[rules.some]\nwhen = { pools = ["prd", "lab"], channels = ["C1"] }\ndecide = ["1 of U1"]\n'
    policy = parse(text + '[deny.d]\nwhen.pools = ["prod"]\nbecause = "x"')
    assert unknown_places(policy, {"prod", "lab"}, {"C2"}) == (
        "rules.some.when.pools: prd: not configured",
        "rules.some.when.channels: C1: not configured",
    )
    assert unknown_places(policy, {"prd", "lab"}, {"C1"}) == ("deny.d.when.pools: prod: not configured",)
