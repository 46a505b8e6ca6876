from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.slack.stage import Stage, opened
from tests.servers import empty_url


@pytest.fixture
def empty_stage(tmp_path: Path) -> Iterator[Stage]:
    """No bot yet."""
    with opened(tmp_path, empty_url()) as stage:
        yield stage


@pytest.fixture
def stage(empty_stage: Stage) -> Stage:
    """With one bot."""
    empty_stage.bot_starts()
    return empty_stage
