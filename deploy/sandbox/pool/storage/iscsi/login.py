"""Discovery and login as open-iscsi does them for a host: portals, CHAP, the array's access lists.

Which portals a host went to is noted in its condition. Source: sm: iscsilib.py, BaseISCSI.py attach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.documents import TargetRow
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.iscsi.access import WILDCARD, Access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.passwords import Hidden
    from deploy.sandbox.pool.storage.arrays import Array, Lun, Portal, Target


@dataclass(frozen=True, slots=True)
class Offer:
    """One row of a discovery: a target at a portal."""

    portal: Portal
    target: Target

    @property
    def row(self) -> TargetRow:
        address = f"[{self.portal.address}]" if ":" in self.portal.address else self.portal.address
        return TargetRow(address, self.portal.port, self.target.iqn)


def answering(model: Model, access: Access) -> Array | None:
    """The array behind the address, if one of its portals answers this host on the port."""
    for array in model.arrays.values():
        for portal in array.portals:
            if _is_typed(portal, access) and _contact(model, access, portal):
                return array
    return None


def discover(model: Model, access: Access) -> list[Offer]:
    """One offer per target and portal, in the array's order; 68 when the array refuses or doesn't answer.

    70 when sessions are open that the host began under another name.
    """
    array = answering(model, access)
    _take_name(model, access)
    if array is None or not _chap_holds(model, array.discovery_chap_user, access.chap):
        raise StorageError(errors.LOGIN)
    seen = [target for target in array.targets if not target.hidden or target.admits(access.initiator)]
    portals = [portal for portal in array.portals for _ in range(portal.groups)]
    return [Offer(portal, target) for portal in portals for target in seen if target.offered_at(portal)]


def log_in(model: Model, access: Access, offered: list[Offer]) -> list[Offer]:
    """The sessions that came up, one for each portal and target.

    Portals that can't be reached are passed over. 68 when the one target refuses, 67 when no session came up at all,
    202 when none of several targets let us in.
    """
    sessions = [offer for offer in _worth_trying(access, offered) if _comes_up(model, access, offer)]
    if not sessions and access.several:
        raise StorageError(errors.GENERAL, "list index out of range")
    if not sessions:
        raise StorageError(errors.DEVICE_NOT_APPEARED, "during login")
    return sessions


def wanted(access: Access, offered: Iterable[Offer]) -> list[Offer]:
    """Those of the targets that are asked for."""
    if access.target_iqn == WILDCARD:
        return list(offered)
    iqns = set(access.target_iqn.split(","))
    return [offer for offer in offered if offer.target.iqn in iqns]


def visible(sessions: list[Offer], initiator: str) -> Iterator[Lun]:
    """Each LUN once, as the driver keys them by SCSIid, in the order of a directory's listing."""
    targets = {offer.target.iqn: offer.target for offer in sessions}.values()
    luns = [lun for target in targets for lun in target.luns if not lun.initiators or initiator in lun.initiators]
    by_id = {lun.scsi_id: lun for lun in sorted(luns, key=lambda lun: f"LUN{lun.lun_id}")}
    yield from by_id.values()


def multi_session(access: Access, offered: list[Offer]) -> str:
    """What the driver adds to device_config for several targets: `ip,port,iqn|` for each session."""
    rows = [offer.row for offer in wanted(access, offered)]
    return "".join(f"{row.address},{row.port},{row.iqn}|" for row in rows)


def _worth_trying(access: Access, offered: list[Offer]) -> list[Offer]:
    """Only the portal that was typed, unless all of them are wanted; a portal of several groups once."""
    everywhere = access.several or access.multihomed
    here = [one for one in wanted(access, offered) if everywhere or one.portal.address == access.addresses[0]]
    return list({(one.portal.name, one.target.iqn): one for one in here}.values())


def _comes_up(model: Model, access: Access, offer: Offer) -> bool:
    if not _contact(model, access, offer.portal):
        return False
    target = offer.target
    lets_in = target.admits(access.initiator) and _chap_holds(model, target.chap_user, access.chap)
    if lets_in and _shows_itself(model, access, target):
        model.conditions[access.host].logins[offer.portal.name, target.iqn] += 1
        return True
    if not access.several:
        raise StorageError(errors.LOGIN)
    return False


def _contact(model: Model, access: Access, portal: Portal) -> bool:
    """Whether the host comes through to the portal, which is noted."""
    reached = portal.reached_by(access.host_name, access.initiator)
    if reached:
        model.conditions[access.host].contacts[portal.name] += 1
    return reached


def _is_typed(portal: Portal, access: Access) -> bool:
    return portal.port == access.port and portal.address in access.addresses


def _take_name(model: Model, access: Access) -> None:
    """The daemon goes by the host's IQN; it can't change its name while sessions are open."""
    condition = model.conditions[access.host]
    if condition.daemon_iqn not in {"", access.initiator} and _has_sessions(model, access.host):
        raise StorageError(errors.INITIATOR)
    condition.daemon_iqn = access.initiator


def _has_sessions(model: Model, host: str) -> bool:
    pbds = model.pbds_of(host=host).values()
    return any(pbd["currently_attached"] and "targetIQN" in pbd["device_config"] for pbd in pbds)


def _shows_itself(model: Model, access: Access, target: Target) -> bool:
    """Whether the target shows itself as the host wants it to (open-iscsi: node.session.auth.username_in)."""
    if access.incoming is None:
        return True
    return bool(target.mutual_user) and _chap_holds(model, target.mutual_user, access.incoming)


def _chap_holds(model: Model, user: str, given: tuple[str, str] | None) -> bool:
    """An array that asks for no CHAP doesn't mind being offered it."""
    if not user:
        return True
    expected: Hidden = model.files.of_chap(user)
    return given is not None and given[0] == user and expected.matches(given[1])
