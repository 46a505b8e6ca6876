from __future__ import annotations

import pytest

from bot.request.model import SrEntry
from bot.storage import xe_host, xe_sr_list

LOCAL = SrEntry("1", "Local storage", "", "xen1", "lvm", "user")
SHARED = SrEntry("2", "Example", "first\nuuid ( RO)                : 3", "<shared>", "lvmoiscsi", "user")


@pytest.mark.parametrize(
    ("hosts", "shown"),
    [([], "<not in database>"), (["xen1"], "xen1"), (["xen1", "xen2"], "<shared>"), (["xen1", "xen1"], "<shared>")],
)
def test_the_host_column_goes_by_the_number_of_pbds(hosts: list[str], shown: str) -> None:
    assert xe_host(hosts) == shown


def test_no_srs_are_no_text() -> None:
    assert xe_sr_list([]) == ""


def test_two_empty_lines_stand_between_records() -> None:
    first, second = xe_sr_list([LOCAL, SHARED]).split("\n\n\n")

    assert first.splitlines()[0] == "uuid ( RO)                : 1"
    assert second.splitlines()[0] == "uuid ( RO)                : 2"


def test_a_description_cant_add_lines() -> None:
    lines = xe_sr_list([SHARED]).splitlines()

    assert len(lines) == 6
    assert lines[2] == "    name-description ( RW): first uuid ( RO)                : 3"
