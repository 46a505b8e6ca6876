"""Whether a host lists a device, as far as XenAPI tells: it lists disks behind Fibre Channel and SAS adapters alone.

A disk behind another adapter is listed by no host, and may be there all the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping

from bot.request.devices import scsi_ids
from bot.request.plan import Plan
from workers.inspection.sites import DEVICE, host_of
from workers.troubles import CannotDoError
from workers.xen.errors import RefusedError, StillRunsError
from workers.xen.probes.adapters import AdapterProber
from workers.xen.records import Host, Hosts
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting


def lists_device(session: PoolSession, waiting: Waiting, planned: tuple[Plan, Hosts]) -> bool:
    """Say whether the plan's host lists its device. Raises CannotDoError where others do and it doesn't, XenError."""
    plan, hosts = planned
    device, here = dict(plan.config)[DEVICE], host_of(plan, hosts)
    own = _shown(session, waiting, [here])
    missing = scsi_ids(device) - own.get(here, frozenset())
    if missing and here in own:  # a host that doesn't tell may have what others list
        others = [host for host in hosts.all if host.enabled and host != here]
        having = [host.name for host, shown in _shown(session, waiting, others).items() if missing & shown]
        if having:
            raise CannotDoError("device_elsewhere", path=device, host=here.name, hosts=", ".join(having))
    return not missing


def _shown(session: PoolSession, waiting: Waiting, hosts: Iterable[Host]) -> Mapping[Host, frozenset[str]]:
    """Give the SCSIids behind the adapters of each host that tells all of them; asked at the same time."""
    told: dict[Host, frozenset[str]] = {}
    with contextlib.ExitStack() as stack:
        begun: list[tuple[Host, AdapterProber, str]] = []
        for host in hosts:
            prober = AdapterProber(session, waiting, host.ref)
            with contextlib.suppress(RefusedError):
                begun.append((host, prober, stack.enter_context(prober.probing({}))))
        for host, prober, task in begun:
            with contextlib.suppress(RefusedError, StillRunsError):
                reading = prober.listed(task)
                ids = frozenset(lun.scsi_id for lun in reading.items if lun.scsi_id)
                told.update({host: ids} if reading.complete else {})
    return told
