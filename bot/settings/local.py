"""Which folders and devices of the hosts an SR may be on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_plain_path(path: str) -> bool:
    """Say whether a path begins at the root and leads straight down from there."""
    root, *parts = path.split("/")
    return not root and bool(parts) and all(part not in {"", ".", ".."} for part in parts)


def path_allowed(allowed: Iterable[str], path: str) -> bool:
    """Say whether a path is one of those allowed, or lies in one; every part of a list of devices has to."""
    return all(_within(allowed, part.rstrip("/")) for part in path.split(","))


def _within(allowed: Iterable[str], path: str) -> bool:
    return is_plain_path(path) and any(path == one or path.startswith(f"{one}/") for one in allowed)
