from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.network.samba import Samba, running_samba
from tests.integration.network.tgt import Tgt, furnish, running_tgt


@pytest.fixture(scope="session")
def tgt() -> Iterator[Tgt]:
    with running_tgt() as running:
        furnish(running)
        yield running


@pytest.fixture(scope="session")
def samba() -> Iterator[Samba]:
    with running_samba() as running:
        yield running
