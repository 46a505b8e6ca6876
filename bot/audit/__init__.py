"""The audit trail: records that are chained by their hashes, and what finds a change in them. Pure."""

from __future__ import annotations

from bot.audit.entries import Entry, compared
from bot.audit.records import (
    FIRST,
    UNLINKED,
    Link,
    Record,
    Unreadable,
    digest_of,
    following,
    is_canonical,
    read,
    written,
)
from bot.audit.verifying import Finding, Verifier

__all__ = [
    "FIRST",
    "UNLINKED",
    "Entry",
    "Finding",
    "Link",
    "Record",
    "Unreadable",
    "Verifier",
    "compared",
    "digest_of",
    "following",
    "is_canonical",
    "read",
    "written",
]
