from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.matching import assign

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

PEOPLE = "abcde"
PLACES = st.lists(st.frozensets(st.sampled_from(PEOPLE)), max_size=5)


def most(places: list[frozenset[str]]) -> int:
    """Count by trying all orders of people how many places can be filled."""
    orders = permutations([*PEOPLE, *"-----"], len(places))
    return max(sum(who in place for who, place in zip(order, places, strict=True)) for order in orders)


@given(PLACES)
def test_as_many_people_are_placed_as_can_be(places: list[frozenset[str]]) -> None:
    assert len(assign(places, {})) == most(places)


@given(PLACES)
def test_nobody_fills_two_places_and_no_place_has_two_people(places: list[frozenset[str]]) -> None:
    held = assign(places, {})
    assert len(set(held.values())) == len(held)
    assert all(person in places[place] for person, place in held.items())


@given(PLACES, PLACES)
def test_who_was_placed_keeps_a_place_when_others_may_come(
    first: list[frozenset[str]], more: list[frozenset[str]]
) -> None:
    before = assign(first, {})
    wider = [place | (more[index] if index < len(more) else frozenset()) for index, place in enumerate(first)]
    after = assign(wider, before)
    assert before.keys() <= after.keys()
    assert len(after) == most(wider)


def test_one_person_in_two_groups_does_not_fill_the_places_of_both() -> None:
    assert len(assign([frozenset("a"), frozenset("a")], {})) == 1


def test_a_person_moves_so_that_another_fits() -> None:
    assert assign([frozenset("ab"), frozenset("a")], {"a": 0}) == {"a": 1, "b": 0}
