"""The LUN is written over where a plan says so that the right people approved: there alone, and at most once."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator

import pytest

from tests.faults.lun_bench import Bench, a_bench
from tests.faults.lun_cases import Case, listed, sample
from tests.faults.lun_oracle import (
    ends_agree,
    ends_of,
    in_doubt,
    overwrites,
    ran,
    reaches_its_moment,
)
from tests.integration.workers.world import SCSI_ID

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

SAMPLES, EACH = 4, 25
"""They may be taken at the same time."""

LISTED = listed()

Benches = Callable[[str], Bench]


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    """One bench for each flavour, started when it is asked for."""
    started: dict[str, Bench] = {}
    with contextlib.ExitStack() as stack:

        def bench(flavour: str) -> Bench:
            if flavour not in started:
                folder = tmp_path_factory.mktemp("benches") / "bench"
                started[flavour] = stack.enter_context(a_bench(folder, flavour))
            return started[flavour]

        yield bench


def check(benches: Benches, case: Case) -> None:
    ended = benches(case.flavour).walk(case)
    told = f"{case}: {ended}, must be one of {sorted(ends_of(case), key=str)}"
    assert ends_agree(case, ended.ends), told
    assert ended.happened or not reaches_its_moment(case), told
    assert ended.overwritten == ([SCSI_ID] if overwrites(case) else []), told
    if ran(case):
        assert ended.made == ended.plugged == {ended.on_lun}, told
    elif not in_doubt(case):
        assert (ended.ours, ended.made) == (0, set()), told
    assert in_doubt(case) or not any(ended.left), told


@pytest.mark.parametrize("case", LISTED, ids=str)
def test_each_value_each_moment_and_each_pair_that_matters_ends_as_promised(benches: Benches, case: Case) -> None:
    check(benches, case)


@pytest.mark.parametrize("number", range(SAMPLES))
def test_a_sample_of_everything_else_ends_as_promised(benches: Benches, number: int) -> None:
    seed = random.randrange(2**32)  # noqa: S311 - which walks are taken is no secret
    print(f"sample {number}: seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    for case in sample(seed, EACH, LISTED):
        check(benches, case)
