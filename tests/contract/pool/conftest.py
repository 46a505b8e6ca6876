from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.wire_client import Client, log_in


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[RunningPool]:
    with running_pool(tmp_path / "pool") as running:
        yield running


@pytest.fixture
def old_pool(tmp_path: Path) -> Iterator[RunningPool]:
    with running_pool(tmp_path / "old", flavour="6.5") as running:
        yield running


@pytest.fixture
def client(pool: RunningPool) -> Client:
    return log_in(pool)


@pytest.fixture
def old_client(old_pool: RunningPool) -> Client:
    return log_in(old_pool)
