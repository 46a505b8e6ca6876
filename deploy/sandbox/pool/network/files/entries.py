"""What lies in a folder of a file server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ENTRIES = 10000
"""More than that is no folder that anybody would look at."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    folder: bool
    size: int
    """In bytes; 0 where the server doesn't tell."""


def srs_among(entries: Iterable[Entry]) -> list[str]:
    """The folders of SRs, which are named by UUIDs. Source: sm: nfs.py scan_srlist, SMBSR.py probe."""
    return [entry.name for entry in entries if entry.folder and _UUID.fullmatch(entry.name)]
