from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage import human_size


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (None, "unknown size"),
        (-1, "unknown size"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024 * 1024 - 52, "1023.9 KiB"),
        (1024 * 1024 - 51, "1.0 MiB"),
        (107379425280, "100.0 GiB"),
        (2199023255552, "2.0 TiB"),
        (10995116277761, "10.0 TiB"),
        (2**80, "1048576.0 EiB"),
    ],
)
def test_a_size_is_shown_in_the_unit_that_people_read(size: int | None, shown: str) -> None:
    assert human_size(size) == shown


@given(st.integers(min_value=1024, max_value=2**70))
def test_a_shown_size_is_off_by_half_a_tenth_at_most(size: int) -> None:
    number, unit = human_size(size).split()
    step = 1024 ** ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].index(unit)

    assert abs(int(number.replace(".", "")) * step - size * 10) * 2 <= step
