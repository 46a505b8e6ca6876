"""The devices of a host, as far as XenAPI tells: what its adapters show, and what its PBDs name already.

A disk behind no such adapter is in neither: its requester types its path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.ledger.store import NewFinding, new_id
from bot.request import events as e
from bot.request.devices import BY_ID, is_by_id
from bot.request.found import Finding, Lun, Place, Usage
from bot.request.model import Kind
from bot.settings import path_allowed
from bot.storage import Reading, human_size
from workers.inspection.local import type_of
from workers.inspection.sited import Ground, read_ground
from workers.inspection.sites import DEVICE, host_named
from workers.inspection.supported import refuse_undriven
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.errors import RefusedError
from workers.xen.probes.adapters import SR_TYPE, AdapterProber
from workers.xen.records import Contents, Host
from workers.xen.session import PoolSession

_NOTHING: Final[Reading[Lun]] = Reading((), complete=True)


def discover_devices(step: Step) -> None:
    """Find the devices of the host that was picked. Raises XenError, CannotDoError, SupersededError."""
    request, settings = step.request, step.workplace.settings
    step.progress("looking for the devices of the host")
    with step.workplace.log_in(request.pool) as session:
        types = refuse_undriven(session, request.pool, type_of(request))
        ground = read_ground(step, session, on_device=True)
        host = host_named(ground.hosts, request.host)
        asked = SR_TYPE in types and request.kind is Kind.LOCAL
        shown = _shown(step, session, host) if asked else _NOTHING
    rows = (*_free(ground, shown), *_named(ground.contents, host, request.pool))
    offered = tuple(row for row in rows if path_allowed(settings.local_paths, row.value))
    if not offered:
        raise CannotDoError("no_devices", host=host.name)
    finding = Finding(new_id(), len(offered), len(rows) - len(offered), shown.complete)
    step.commit([e.PlacesFound(at=step.now, step=step.number, finding=finding)], NewFinding(finding, offered))


def _shown(step: Step, session: PoolSession, host: Host) -> Reading[Lun]:
    """A host whose adapters can't be asked may have disks all the same."""
    try:
        return AdapterProber(session, step.workplace.waiting, host.ref).luns()
    except RefusedError:
        return Reading((), complete=False)


def _free(ground: Ground, shown: Reading[Lun]) -> Iterator[Place]:
    for lun in shown.items:
        if lun.scsi_id:
            path = f"{BY_ID}scsi-{lun.scsi_id}"
            yield Place(path, path, _detail(lun), next(iter(ground.used.by(lun.scsi_id)), None))


def _detail(lun: Lun) -> str:
    told = [human_size(lun.size), lun.vendor or "", f"serial {lun.serial}" if lun.serial else ""]
    return ", ".join(filter(None, told))


def _named(contents: Contents, host: Host, pool: str) -> Iterator[Place]:
    """Give the devices that PBDs of the host name: adapters don't show those."""
    srs = {sr.ref: sr for sr in contents.srs}
    for pbd in contents.pbds:
        sr = srs.get(pbd.sr)
        for path in pbd.device_config.get(DEVICE, "").split(","):
            if pbd.host == host.ref and sr is not None and is_by_id(path):
                yield Place(path, path, used_by=Usage(pool, sr.uuid, sr.name, pbd.attached))
