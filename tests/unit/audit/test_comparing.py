"""What two copies of one trail have not in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit import Entry, Finding, compared
from bot.audit.entries import COPIED_OTHERWISE, NOT_COPIED, ONLY_COPIED
from bot.copying.lines import line_of, read_line
from tests.unit.audit.test_verifying import ROWS

ALL = [Entry(f"17000000000{number:02}-{number % 2}", row) for number, row in enumerate(ROWS)]
OTHER = Entry(ALL[3].id, ROWS[2])


@pytest.mark.parametrize(
    ("stream", "copy", "found"),
    [
        (ALL, ALL, []),
        (ALL, [], []),
        (ALL, ALL[:4], []),
        (ALL, ALL[2:], []),
        (ALL, [*ALL[:2], *ALL[3:]], [Finding(ALL[2].id, "b", 1, NOT_COPIED)]),
        ([*ALL[:2], *ALL[3:]], ALL, [Finding(ALL[2].id, "b", 1, ONLY_COPIED)]),
        (ALL[:-1], ALL, [Finding(ALL[-1].id, "a", 4, ONLY_COPIED)]),
        ([], ALL[:1], [Finding(ALL[0].id, "a", 1, ONLY_COPIED)]),
        ([*ALL[:3], OTHER, *ALL[4:]], ALL, [Finding(OTHER.id, "b", 1, COPIED_OTHERWISE)]),
        ([Entry("1700000000000-0", b"junk")], ALL[:1], [Finding("1700000000000-0", "", 0, COPIED_OTHERWISE)]),
    ],
)
def test_each_record_that_one_of_them_lacks_or_has_otherwise_is_named(
    stream: list[Entry], copy: list[Entry], found: list[Finding]
) -> None:
    assert list(compared(stream, copy)) == found


@given(st.sampled_from(ROWS) | st.binary(max_size=60))
def test_a_line_gives_back_what_was_written_whatever_that_is(raw: bytes) -> None:
    line = line_of(Entry("1700000000000-0", raw))
    assert b"\n" not in line
    assert read_line(line) == Entry("1700000000000-0", raw)


@given(st.sampled_from(ROWS), st.integers(0, 300))
def test_a_line_that_was_torn_is_no_record(raw: bytes, length: int) -> None:
    line = line_of(Entry("1700000000000-0", raw))
    assert read_line(line[: min(length, len(line) - 1)]) is None


@pytest.mark.parametrize(
    "line", [b"", b"1", b"{}", b'{"entry":1}', b'{"entry":"1-0","unreadable":"x"}', b'{"entry": "1-0","record":{}}']
)
def test_a_line_that_srbot_does_not_write_is_no_record(line: bytes) -> None:
    assert read_line(line) is None
