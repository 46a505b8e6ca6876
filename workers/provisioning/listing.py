"""The files of an ISO library: scanned now and from now on, and listed."""

from __future__ import annotations

from typing import Any, Final

import structlog

from workers.provisioning.attempt import Attempt
from workers.xen.errors import RefusedError, XenError
from workers.xen.session import PoolSession
from workers.xen.tasks import run_task

LOG = structlog.get_logger(__name__)

AUTO_SCAN: Final = "auto-scan"
"""The key of other_config that has an SR scanned every now and then, as ISO libraries want it (XenCenter)."""


def listed_files(attempt: Attempt[Any], reference: str) -> tuple[str, ...]:
    """Have a library scanned now and from now on, and give the names of its files. Trouble stops nobody."""
    session = attempt.session
    try:
        _scan_always(session, reference)
        run_task(session, attempt.step.workplace.waiting, "SR.scan", reference)
        vdis: dict[str, Any] = session.call("VDI.get_all_records_where", f'field "SR" = "{reference}"')
    except XenError as error:
        LOG.warning("not_scanned", sr=reference, error=str(error), reference=attempt.step.reference)
        return ()
    return tuple(sorted(vdi["name_label"] for vdi in vdis.values()))


def _scan_always(session: PoolSession, reference: str) -> None:
    try:
        session.call("SR.add_to_other_config", reference, AUTO_SCAN, "true")
    except RefusedError as error:
        if error.code != "MAP_DUPLICATE_KEY":
            raise
