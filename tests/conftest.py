from __future__ import annotations

import os
from itertools import groupby
from operator import attrgetter
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is not a slow parser: how long an example takes says nothing here.
settings.register_profile("thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=1000)
settings.register_profile("srbot", settings.get_profile("thorough"), max_examples=30)
settings.load_profile("srbot")  # another one: --hypothesis-profile=thorough

WAITING: Final = "tests/e2e/"
LANES: Final = 2
"""Processes that begin with the tests that mostly wait, for the pace of Slack; the others reckon meanwhile."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the tests to xdist's processes, which begin with equal shares of the list and then take from each other."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes > LANES:
        items[:] = dealt(items, processes)


def dealt(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Give the same tests, those that wait at the start of the first shares; those of one module stay together."""
    waiting = [item for item in items if item.nodeid.startswith(WAITING)]
    rest = [item for item in items if not item.nodeid.startswith(WAITING)]
    modules = [list(group) for _, group in groupby(waiting, key=attrgetter("path"))]
    shares = [len(items) * (n + 1) // processes - len(items) * n // processes for n in range(processes)]
    order: list[pytest.Item] = []
    for n, share in enumerate(shares):
        first = [item for module in modules[n::LANES] for item in module] if n < LANES else []
        taken = max(share - len(first), 0)
        order += first + rest[:taken]
        del rest[:taken]
    return order + rest
