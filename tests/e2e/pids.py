"""The processes that a process has started, theirs included. Linux only: read from /proc."""

from __future__ import annotations

import os
import select
from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> dict[int, str]:
    """Give the command line of each by its pid."""
    parents = {int(entry.name): _parent(entry) for entry in PROC.iterdir() if entry.name.isdigit()}
    found: dict[int, str] = {}
    grown = {pid}
    while grown:
        grown = {child for child, parent in parents.items() if parent in grown} - found.keys()
        found |= {child: command_line(child) for child in grown}
    return found


def command_line(pid: int) -> str:
    return _read(PROC / str(pid) / "cmdline").replace("\0", " ").strip()


def environment_of(pid: int) -> dict[str, str]:
    lines = _read(PROC / str(pid) / "environ").split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def gone(pid: int, seconds: float = 20.0) -> bool:
    """Wait until the process has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


def _parent(entry: Path) -> int:
    # The second field, the name, is in parentheses and may hold anything (man 5 proc).
    fields = _read(entry / "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
