"""The audit trail: records that are chained by their hashes, and what finds a change in them. Pure."""

from __future__ import annotations

from bot.audit.records import FIRST, UNLINKED, Link, Record, Unreadable, digest_of, following, read, written
from bot.audit.verifying import Finding, Verifier

__all__ = [
    "FIRST",
    "UNLINKED",
    "Finding",
    "Link",
    "Record",
    "Unreadable",
    "Verifier",
    "digest_of",
    "following",
    "read",
    "written",
]
