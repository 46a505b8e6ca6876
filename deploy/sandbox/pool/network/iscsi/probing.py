"""The three probes of lvmoiscsi against real targets: the same documents and errors as those of the simulated arrays.

The third finds the LUN but not what is on it: inquiry reads no block. That it answers 200 then is a guess; no driver
of the storage manager is unable to read. Source: sm: LVHDoISCSISR.py, BaseISCSI.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.dialling import Endpoint, addresses_of, dial, in_time
from deploy.sandbox.pool.network.iscsi.chap import Credentials
from deploy.sandbox.pool.network.iscsi.discovery import Offered, send_targets
from deploy.sandbox.pool.network.iscsi.inquiring import FoundLun, found_luns
from deploy.sandbox.pool.network.iscsi.login import Purpose
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.settings import is_taken
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, UnreachableError
from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.documents import Layout, LunRow, TargetRow
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.iscsi.access import WILDCARD, Access, read_access
from deploy.sandbox.pool.storage.secrets import password_in

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.network.settings import Network

UNKNOWN_CONTENT = "the content of the LUN is unknown: this pool only inquires, and reads no block"
_NO_SESSION, _NO_LOGIN = "list index out of range", "during login"
_MOST_SESSIONS = 64


@dataclass(frozen=True, slots=True)
class _Look:
    """A probe under way."""

    model: Model
    network: Network
    access: Access
    credentials: Credentials

    @property
    def layout(self) -> Layout:
        return Layout(self.model.flavour.padded_xml)

    def purpose(self, target: str = "") -> Purpose:
        return Purpose(self.network.initiator, self.credentials, target)


async def probe(network: Network, model: Model, host: str, config: dict[str, str]) -> str:
    """Always a StorageError: with the targets, with the LUNs, or saying that the content is unknown."""
    names = [name.strip() for name in config.get("target", "").split(",")]
    found = await addresses_of(names, network.times.connect)
    access = read_access(model, host, config, lambda name: found.get(name.lower()))
    hosts = model.objects.tables["host"]
    if is_taken(network.initiator, [model.initiator(one) for one in hosts]):
        raise StorageError(errors.INITIATOR)
    look = _Look(model, network, access, Credentials(access.chap, _incoming(model, config)))
    if not access.target_iqn:
        raise await _targets(look)
    luns = await _luns(look)
    if not access.scsi_id:
        rows = [LunRow(lun.number, lun.scsi_id, lun.size, lun.vendor, lun.serial) for lun in luns]
        raise StorageError(errors.SCSI_ID_MISSING, printed=documents.luns(look.layout, rows))
    if access.scsi_id.strip() not in {lun.scsi_id for lun in luns}:
        raise StorageError(errors.SCSI_ID_MISSING)
    raise StorageError(errors.IO, UNKNOWN_CONTENT)


def _incoming(model: Model, config: dict[str, str]) -> tuple[str, str] | None:
    user, password = config.get("incoming_chapuser", ""), password_in(model, config, "incoming_chappassword")
    return (user, password) if user and password else None


async def _targets(look: _Look) -> StorageError:
    """96 with what is offered; 141 where nobody listens."""
    try:
        wire = await dial(_typed(look)[0], look.network.times.connect)
    except UnreachableError:
        raise StorageError(errors.TARGET_UNREACHABLE) from None
    await wire.close()
    offered = await _offered(look)
    return StorageError(errors.TARGET_IQN_MISSING, printed=_printed(look, offered))


async def _offered(look: _Look) -> list[Offered]:
    """What the first of the typed addresses that lets us in offers; 68 where none does, 202 where several are typed."""
    for at in _typed(look):
        try:
            return await send_targets(at, look.purpose(), look.network.times)
        except NetworkError:
            continue
    if look.access.several and look.access.target_iqn:
        raise StorageError(errors.GENERAL, _NO_SESSION)
    raise StorageError(errors.LOGIN)


async def _luns(look: _Look) -> list[FoundLun]:
    """Each LUN once, as the driver keys them by SCSIid, in the order of a directory's listing."""
    offered = await _offered(look)
    access = look.access
    if access.target_iqn != WILDCARD and not _wanted(access, offered):
        raise StorageError(errors.DISCOVERY, "check target settings", _printed(look, offered))
    ordered = sorted(await _through(look, _worth_trying(access, offered)), key=lambda lun: f"LUN{lun.number}")
    return list({lun.scsi_id or f"LUN{lun.number}": lun for lun in ordered}.values())


async def _through(look: _Look, portals: list[Offered]) -> list[FoundLun]:
    """What is seen through any of the portals; those that can't be reached or don't make sense are passed over.

    68 where the one target refuses; where no session came to anything 67 with what went wrong last, 202 for several.
    """
    luns: list[FoundLun] = []
    reached, last = False, _NO_LOGIN
    for one in portals:
        try:
            luns += await _seen_at(look, one)
            reached = True
        except UnreachableError:
            continue
        except DeniedError as error:
            if not look.access.several:
                raise StorageError(errors.LOGIN) from error
        except NetworkError as error:
            last = str(error)
    if not reached and look.access.several:
        raise StorageError(errors.GENERAL, _NO_SESSION)
    if not reached:
        raise StorageError(errors.DEVICE_NOT_APPEARED, last)
    return luns


async def _seen_at(look: _Look, one: Offered) -> list[FoundLun]:
    at, times = one.portal.endpoint, look.network.times
    async with in_time(times.inquiry, f"the inquiry at {at}"), opened(at, look.purpose(one.iqn), times) as session:
        return await found_luns(session)


def _typed(look: _Look) -> list[Endpoint]:
    return [Endpoint(address, look.access.port) for address in look.access.addresses]


def _wanted(access: Access, offered: list[Offered]) -> list[Offered]:
    if access.target_iqn == WILDCARD:
        return offered
    iqns = set(access.target_iqn.split(","))
    return [one for one in offered if one.iqn in iqns]


def _worth_trying(access: Access, offered: list[Offered]) -> list[Offered]:
    """Only the portal that was typed, unless all of them are wanted; a portal of several groups once."""
    everywhere = access.several or access.multihomed
    here = [one for one in _wanted(access, offered) if everywhere or one.portal.endpoint.host in access.addresses]
    return list({(one.portal.endpoint, one.iqn): one for one in here}.values())[:_MOST_SESSIONS]


def _printed(look: _Look, offered: list[Offered]) -> str:
    rows = [_row(one) for one in offered]
    return documents.targets(look.layout, rows, look.access.typed)


def _row(one: Offered) -> TargetRow:
    host, port = one.portal.endpoint.host, one.portal.endpoint.port
    return TargetRow(f"[{host}]" if ":" in host else host, port, one.iqn)
