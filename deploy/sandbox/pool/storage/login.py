"""Discovery and login as open-iscsi does them for a host: names, portals, CHAP, the array's access lists.

Source: sm: drivers/iscsilib.py, drivers/BaseISCSI.py.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.arrays import ISCSI_PORT, Array, Lun, Portal, Target
from deploy.sandbox.pool.storage.documents import TargetRow
from deploy.sandbox.pool.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.passwords import Hidden

_MAX_PORT = 65535
WILDCARD = "*"


@dataclass(frozen=True, slots=True)
class Access:
    """What a host asks the storage network with."""

    initiator: str
    typed: str
    addresses: tuple[str, ...]
    port: int
    target_iqn: str
    scsi_id: str
    chap: tuple[str, str] | None
    """User and password, used only when both were given."""

    @property
    def several(self) -> bool:
        return self.target_iqn == WILDCARD or "," in self.target_iqn

    def __repr__(self) -> str:
        return f"Access({self.typed!r}, {self.target_iqn!r}, {self.scsi_id!r})"


def read_access(model: Model, host: str, config: dict[str, str]) -> Access:
    """The device_config as the driver reads it: 95, 97, 140, 142 or 20 where it can't."""
    typed = config.get("target", "")
    if not typed:
        raise StorageError(errors.TARGET_MISSING)
    initiator = model.initiator(host)
    if not initiator:
        raise StorageError(errors.HOST_IQN_MISSING)
    addresses = _resolved(model, typed)
    return Access(
        initiator=initiator,
        typed=typed,
        addresses=addresses,
        port=_port(config.get("port", "") or str(ISCSI_PORT)),
        target_iqn=config.get("targetIQN", ""),
        scsi_id=config.get("SCSIid", ""),
        chap=_chap(model, config),
    )


def answering(model: Model, access: Access) -> Array | None:
    """The array behind the address, if one of its portals answers on the port."""
    return next((array for array in model.arrays.values() if _answers(array, access)), None)


def discover(model: Model, access: Access) -> list[TargetRow]:
    """One row per target and portal, in the array's order; 68 when the array refuses or doesn't answer."""
    array = answering(model, access)
    if array is None or not _chap_holds(model, array.discovery_chap_user, access.chap):
        raise StorageError(errors.LOGIN)
    seen = [target for target in array.targets if not target.hidden or target.admits(access.initiator)]
    return [_row(portal, target) for portal in array.portals for target in seen]


def log_in(model: Model, access: Access, offered: list[TargetRow]) -> list[Target]:
    """Sessions to the targets asked for; 68 when one target refuses, 202 when none of several lets us in."""
    array = answering(model, access)
    wanted = _wanted(access, offered)
    targets = [target for target in array.targets if target.iqn in wanted] if array else []
    admitted = [target for target in targets if _admitted(model, target, access)]
    if not admitted and access.several:
        raise StorageError(errors.GENERAL, "list index out of range")
    if not admitted:
        raise StorageError(errors.LOGIN)
    return admitted


def offers(access: Access, offered: list[TargetRow]) -> bool:
    return bool(_wanted(access, offered))


def visible(targets: list[Target], initiator: str) -> Iterator[Lun]:
    """Each LUN once, as the driver keys them by SCSIid, in the order of a directory's listing."""
    luns = [lun for target in targets for lun in target.luns if not lun.initiators or initiator in lun.initiators]
    by_id = {lun.scsi_id: lun for lun in sorted(luns, key=lambda lun: f"LUN{lun.lun_id}")}
    yield from by_id.values()


def multi_session(access: Access, offered: list[TargetRow]) -> str:
    """What the driver adds to device_config for several targets: `ip,port,iqn|` for each session."""
    wanted = _wanted(access, offered)
    rows = [row for row in offered if row.iqn in wanted]
    return "".join(f"{row.address},{row.port},{row.iqn}|" for row in rows)


def _wanted(access: Access, offered: list[TargetRow]) -> set[str]:
    iqns = {row.iqn for row in offered}
    return iqns if access.target_iqn == WILDCARD else iqns & set(access.target_iqn.split(","))


def _admitted(model: Model, target: Target, access: Access) -> bool:
    return target.admits(access.initiator) and _chap_holds(model, target.chap_user, access.chap)


def _chap_holds(model: Model, user: str, given: tuple[str, str] | None) -> bool:
    """An array that asks for no CHAP doesn't mind being offered it."""
    if not user:
        return True
    expected: Hidden = model.files.of_chap(user)
    return given is not None and given[0] == user and expected.matches(given[1])


def _answers(array: Array, access: Access) -> bool:
    return any(
        portal.up and portal.port == access.port and portal.address in access.addresses for portal in array.portals
    )


def _row(portal: Portal, target: Target) -> TargetRow:
    address = f"[{portal.address}]" if ":" in portal.address else portal.address
    return TargetRow(address, portal.port, target.iqn)


def _resolved(model: Model, typed: str) -> tuple[str, ...]:
    """The addresses of a comma list; only the first name has to resolve. Brackets are no address to getaddrinfo."""
    first, *others = (_address(model, name.strip()) for name in typed.split(","))
    if first is None:
        raise StorageError(errors.DNS)
    return (first, *(address for address in others if address))


def _address(model: Model, name: str) -> str | None:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return model.names.get(name.lower())


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MAX_PORT:
        raise StorageError(errors.PORT)
    return int(text)


def _chap(model: Model, config: dict[str, str]) -> tuple[str, str] | None:
    user, password = config.get("chapuser", ""), config.get("chappassword", "")
    uuid = config.get("chappassword_secret", "")
    if uuid:
        ref = model.objects.find("secret", uuid)
        if ref is None:
            raise StorageError(errors.INVALID_SECRET)
        password = model.objects.get("secret", ref)["value"]
    return (user, password) if user and password else None
