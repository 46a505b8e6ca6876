"""People and places to fill: one person fills one place, whatever groups they are in (bipartite matching).

Places are filled one after the other by augmenting paths (Kuhn); whoever was placed stays placed, if elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet


def assign(places: Sequence[AbstractSet[str]], placed: Mapping[str, int]) -> dict[str, int]:
    """Give as many people a place as can have one: person to index. `places` say who may fill each.

    Those of `placed`, a matching within `places`, keep a place, though perhaps another one.
    """
    held = dict(placed)
    for place in range(len(places)):
        if place not in held.values():
            _fill(place, places, held, set())
    return held


def _fill(place: int, places: Sequence[AbstractSet[str]], held: dict[str, int], seen: set[str]) -> bool:
    for person in sorted(places[place] - seen):
        seen.add(person)
        if person not in held or _fill(held[person], places, held, seen):
            held[person] = place
            return True
    return False
