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
def own_stage(empty_stage: Stage) -> Stage:
    """With a bot, for a test that breaks things."""
    empty_stage.bot_starts()
    return empty_stage


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(tmp_path_factory.mktemp("stage"), empty_url()) as stage:
        stage.bot_starts()
        yield stage


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    """With a bot, after other tests of the same file: a connection to Slack takes seconds to close."""
    shared_stage.begins_anew()
    return shared_stage
