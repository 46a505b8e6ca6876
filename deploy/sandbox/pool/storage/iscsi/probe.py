"""The three probes of lvmoiscsi: which targets, which LUNs, which SR is on a LUN.

The first two always fail, with what they found in the error. Source: sm: LVHDoISCSISR.py, BaseISCSI.py, lvutil.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.disks import volumes
from deploy.sandbox.pool.storage.documents import Layout, LunRow
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.iscsi.access import WILDCARD, Access, read_access
from deploy.sandbox.pool.storage.iscsi.login import Offer, answering, discover, log_in, visible, wanted
from deploy.sandbox.pool.storage.multipath import device_path, map_exists

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.arrays import Lun


@dataclass(frozen=True, slots=True)
class Reached:
    """A LUN and the sessions through which it is seen."""

    lun: Lun
    sessions: list[Offer]


async def probe(model: Model, host: str, config: dict[str, str], sm_config: dict[str, str]) -> str:
    """The SRlist of the LUN that SCSIid names; every step before that is a StorageError."""
    access = read_access(model, host, config)
    if access.target_iqn:
        await model.delays.spend(model.delays.login)
    lun = (await reach(model, access)).lun
    if map_exists(model, host, lun.scsi_id):
        raise StorageError(errors.IN_USE)
    metadata = sm_config.get("metadata") == "true"
    path = device_path(model, host, lun.scsi_id)
    return documents.srs(layout(model), volumes.found(model, lun, path, metadata=metadata))


async def reach(model: Model, access: Access) -> Reached:
    """The LUN that is asked for, seen by this initiator.

    107 with nothing printed where no session shows it, 67 where its device doesn't appear in time, 19 where it is gone.
    """
    if not access.target_iqn:
        await _list_targets(model, access)
    up = sessions(model, access)
    luns = list(visible(up, access.initiator))
    if not access.scsi_id:
        rows = [LunRow(lun.lun_id, lun.scsi_id, lun.size, lun.vendor, lun.serial) for lun in _listed(access, luns)]
        raise StorageError(errors.SCSI_ID_MISSING, printed=documents.luns(layout(model), rows))
    found = next((lun for lun in luns if lun.scsi_id.strip() == access.scsi_id.strip()), None)
    if found is None:
        raise StorageError(errors.SCSI_ID_MISSING)
    if found.device != "appears":
        raise StorageError(errors.DEVICE_NOT_APPEARED if found.device == "late" else errors.NO_DEVICE)
    return Reached(found, up)


def sessions(model: Model, access: Access) -> list[Offer]:
    """Logged in to the targets that are asked for; 83 with the true list when they aren't offered.

    Of several targets at an address where nothing answers there is none to begin with.
    """
    if access.several and answering(model, access) is None:
        raise StorageError(errors.GENERAL, "list index out of range")
    offered = discover(model, access)
    if access.target_iqn != WILDCARD and not wanted(access, offered):
        printed = _printed(model, access, offered)
        raise StorageError(errors.DISCOVERY, "check target settings", printed)
    return log_in(model, access, offered)


def layout(model: Model) -> Layout:
    return Layout(model.flavour.padded_xml)


async def _list_targets(model: Model, access: Access) -> None:
    if answering(model, access) is None:
        await model.delays.spend(model.delays.unreachable)
        raise StorageError(errors.TARGET_UNREACHABLE)
    await model.delays.spend(model.delays.discovery)
    rows = discover(model, access)
    raise StorageError(errors.TARGET_IQN_MISSING, printed=_printed(model, access, rows))


def _listed(access: Access, luns: list[Lun]) -> list[Lun]:
    """Without the disk that dom0 is on."""
    return [lun for lun in luns if access.host_name not in lun.boots]


def _printed(model: Model, access: Access, offered: list[Offer]) -> str:
    return documents.targets(layout(model), [offer.row for offer in offered], access.typed)
