from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTED: Final = "counted"
"""The mark of a module whose processes count the lines they run; in every process that would double the time of all."""
COUNTING: Final = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")


@pytest.fixture(scope="module", autouse=True)
def _uncounted(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let processes that are started count no lines, but for the modules that are to show which ones are run."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker(COUNTED) is None:
            for name in COUNTING:
                patch.delenv(name, raising=False)
        yield
