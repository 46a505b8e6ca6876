"""Whatever is done to one record, its place is named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit import FIRST, UNLINKED, Finding, Link, Unreadable, Verifier, digest_of, following, read, written
from bot.audit.verifying import (
    CHANGED,
    MISSING_AFTER,
    MISSING_BEFORE,
    NOT_BEGUN,
    OUT_OF_PLACE,
    TOO_MANY,
    TWICE,
    UNCHAINED,
    UNREADABLE,
)

Trail = list[bytes]
Ends = dict[str, tuple[int, str]]


def trail(order: str) -> Trail:
    """Record something in each of these chains, one after the other."""
    heads: dict[str, Link] = {}
    rows = []
    for count, chain in enumerate(order):
        rows.append(written({"what": f"step {count}", "at": count + 0.5}, heads.get(chain, Link(chain, 1, FIRST))))
        heads[chain] = following(rows[-1])
    return rows


def ends(rows: Trail) -> Ends:
    """Say where each chain stands after these records, as it is stored beside them."""
    return {read(row).chain: (read(row).number, digest_of(row)) for row in rows}


def findings(rows: Trail, stored: Ends) -> list[Finding]:
    verifier = Verifier()
    found = [wrong for place, row in enumerate(rows) for wrong in verifier.take(str(place), row)]
    return found + [wrong for chain, end in stored.items() if (wrong := verifier.end(chain, *end)) is not None]


ROWS = trail("aababba")


def test_a_trail_as_it_was_written_has_no_findings() -> None:
    verifier = Verifier()
    assert [list(verifier.take("", row)) for row in ROWS] == [[]] * len(ROWS)
    assert (verifier.count, verifier.chains) == (7, 2)
    assert findings(ROWS, ends(ROWS)) == []


def edited(row: bytes) -> bytes:
    return row.replace(b"step", b"stop")


def without(place: int) -> Callable[[Trail], Trail]:
    return lambda rows: rows[:place] + rows[place + 1 :]


def swapped(rows: Trail) -> Trail:
    return [rows[1], rows[0], *rows[2:]]


def inserted(rows: Trail) -> Trail:
    """Put in one that fits what stands before it."""
    return [*rows[:4], written({"what": "forged"}, following(rows[3])), *rows[4:]]


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda rows: [*rows[:3], edited(rows[3]), *rows[4:]], Finding("6", "a", 4, OUT_OF_PLACE)),
        (lambda rows: [*rows[:6], edited(rows[6])], Finding("", "a", 4, TOO_MANY)),
        (without(0), Finding("0", "a", 2, MISSING_BEFORE)),
        (without(2), Finding("3", "b", 2, MISSING_BEFORE)),
        (lambda rows: rows[:-1], Finding("", "a", 3, MISSING_AFTER)),
        (lambda rows: [row for row in rows if read(row).chain == "b"], Finding("", "a", 4, NOT_BEGUN)),
        (lambda rows: rows[:1], Finding("", "a", 1, MISSING_AFTER)),
        (swapped, Finding("0", "a", 2, MISSING_BEFORE)),
        (lambda rows: [*rows[:2], rows[0], *rows[2:]], Finding("2", "a", 1, TWICE)),
        (inserted, Finding("7", "a", 4, TWICE)),
        (lambda rows: [*rows, written({"what": "forged"}, following(rows[-1]))], Finding("", "a", 5, TOO_MANY)),
        (lambda rows: [b"junk", *rows], Finding("0", "", 0, UNREADABLE)),
        (lambda rows: [rows[0][:-1], *rows[1:]], Finding("0", "", 0, UNREADABLE)),
        (lambda rows: [b'{"schema":1,"data":{}}', *rows], Finding("0", "", 0, UNREADABLE)),
        (lambda rows: [rows[0].replace(b'"schema":1', b'"schema":2'), *rows[1:]], Finding("0", "", 0, UNREADABLE)),
        (lambda rows: [written({}, UNLINKED), *rows], Finding("0", "", 0, UNCHAINED)),
        (lambda rows: [rows[0].replace(b"step", b"\xff"), *rows[1:]], Finding("0", "a", 1, CHANGED)),
        (lambda rows: [rows[0].replace(b":", b": ", 1), *rows[1:]], Finding("0", "a", 1, CHANGED)),
    ],
)
def test_what_was_done_to_a_record_is_found_and_its_place_named(
    tamper: Callable[[Trail], Trail], first: Finding
) -> None:
    assert findings(tamper(ROWS), ends(ROWS))[0] == first


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.data())
def test_no_single_change_goes_unseen(order: list[str], data: st.DataObject) -> None:
    rows = trail("".join(order))
    place = data.draw(st.integers(0, len(rows) - 1))
    tampered = data.draw(
        st.sampled_from(
            [
                [*rows[:place], edited(rows[place]), *rows[place + 1 :]],
                without(place)(rows),
                [*rows[: place + 1], rows[place], *rows[place + 1 :]],
                [*rows[:place], written({"what": "forged"}, read(rows[place]).link), *rows[place + 1 :]],
                [*rows, written({"what": "forged"}, following(rows[place]))],
                rows[:place],
            ]
        )
    )
    assert findings(rows, ends(rows)) == []
    assert findings(tampered, ends(rows))


def test_whoever_reads_a_record_can_write_the_same_bytes_again() -> None:
    for row in ROWS:
        plain = json.dumps(json.loads(row), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert plain.encode() == row


@given(st.binary(max_size=200))
def test_nothing_that_is_read_as_a_record_raises_anything_else(raw: bytes) -> None:
    list(Verifier().take("0", raw))
    with pytest.raises(Unreadable):
        read(raw + b"}")
