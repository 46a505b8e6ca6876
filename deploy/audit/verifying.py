"""Whether the audit trail is whole, as lines to print."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from bot.audit import Finding
from bot.ledger.auditing import Audit
from bot.settings import Settings
from deploy.audit.refused import TrailBrokenError
from deploy.ledger import opened, required

_MOST: Final = 50
"""As many findings are told; a hole is followed by what no longer fits."""


def verified(_settings: Settings) -> Iterator[str]:
    """Say that every record stands where it was written; raises TrailBrokenError, which names the places."""
    with opened(required(os.environ)) as redis:
        audit = Audit(redis)
        found = list(audit.findings())
    seen = audit.verifier
    counted = f"{seen.count} records in {seen.chains} chains"
    if found:
        more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
        raise TrailBrokenError("\n".join([f"{counted}:", *map(_told, found[:_MOST]), *more]))
    yield f"{counted}: each is as it was written, and none is missing."


def _told(finding: Finding) -> str:
    """Name the place as far as it has one."""
    entry = f"entry {finding.entry}" if finding.entry else "at the end"
    chain = f", record {finding.number} of {finding.chain}" if finding.chain else ""
    return f"{entry}{chain}: {finding.wrong}"
