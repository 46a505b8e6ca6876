"""Whether the audit trail is whole, as lines to print."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from redis import Redis

from bot.audit import Finding, compared
from bot.copying import CopyFolder
from bot.ledger.auditing import Audit, entries
from bot.settings import Settings
from deploy.audit.refused import TrailBrokenError
from deploy.ledger import opened, required

_MOST: Final = 50
"""As many findings are told; a hole is followed by what no longer fits."""


def verified(settings: Settings) -> Iterator[str]:
    """Say that every record stands where it was written; raises TrailBrokenError, which names the places."""
    with opened(required(os.environ)) as redis:
        audit = Audit(redis)
        found = [*audit.findings(), *_differences(settings, redis)]
    seen = audit.verifier
    counted = f"{seen.count} records in {seen.chains} chains"
    if found:
        more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
        raise TrailBrokenError("\n".join([f"{counted}:", *map(_told, found[:_MOST]), *more]))
    yield f"{counted}: each is as it was written, and none is missing."
    if settings.audit_folder is None:
        yield "There is no second copy: audit.folder is not configured."
    else:
        yield f"The second copy in {settings.audit_folder} is the same."


def _differences(settings: Settings, redis: Redis) -> Iterator[Finding]:
    """Compare with the second copy; the copy is read first, so that it is never ahead."""
    if settings.audit_folder is None:
        return
    try:
        copy = list(CopyFolder(settings.audit_folder).entries())
    except OSError as error:
        message = f"{settings.audit_folder}: the second copy can't be read: {error.strerror}"
        raise TrailBrokenError(message) from None
    yield from compared(entries(redis), copy)


def _told(finding: Finding) -> str:
    """Name the place as far as it has one."""
    entry = f"entry {finding.entry}" if finding.entry else "at the end"
    chain = f", record {finding.number} of {finding.chain}" if finding.chain else ""
    return f"{entry}{chain}: {finding.wrong}"
