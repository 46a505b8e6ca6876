"""The LUNs that the hosts see through their adapters: Fibre Channel and SAS."""

from __future__ import annotations

from typing import Final

from workers.discovery.arrays import UNREADABLE, offer_luns
from workers.inspection.supported import refuse_unsupported
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.probes.adapters import SR_TYPE, AdapterProber
from workers.xen.records import read_contents

NO_LUNS: Final = "no_adapter_luns"


def discover_luns(step: Step) -> None:
    """Find the LUNs of the adapters of the pool's master. Raises XenError, CannotDoError, SupersededError."""
    step.progress("looking for the LUNs of the Fibre Channel and SAS adapters")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_unsupported(session, step.request.pool, SR_TYPE)
        contents = read_contents(session)
        reading = AdapterProber(session, step.workplace.waiting, step.workplace.master_of(session)).luns()
    if not reading.items:
        raise CannotDoError(NO_LUNS if reading.complete else UNREADABLE)
    offer_luns(step, contents, reading)
