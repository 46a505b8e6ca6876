"""The arrays on the storage network: portals, targets, LUNs, and what is on a LUN."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal

ISCSI_PORT = 3260
ContentKind = Literal["blank", "sr", "local-ext", "local-largeblock", "vmfs", "ext4", "partition-table"]
"""`sr` is an LVM SR, `local-ext` a local SR with a file system, which xfs names as ext does; `local-largeblock` one on
sectors of 4 KiB. Each driver sees only its own."""


@dataclass(frozen=True, slots=True)
class Content:
    kind: ContentKind = "blank"
    sr_uuid: str = ""
    sr_name: str = ""
    sr_description: str = ""
    pool_metadata: bool = False
    attached_elsewhere: bool = False
    """Whether a pool that isn't simulated has this SR plugged: writing to it or plugging it here corrupts it."""


@dataclass(frozen=True, slots=True)
class Lun:
    lun_id: int
    scsi_id: str
    size: int
    """In bytes; 0 is left out of what the storage manager prints."""
    vendor: str = ""
    serial: str = ""
    content: Content = Content()
    initiators: tuple[str, ...] = ()
    """Who may see it; empty is everybody."""
    block_size: int = 512
    read_only: bool = False
    boots: tuple[str, ...] = ()
    """Names of the hosts whose dom0 is on it: they don't list it."""
    device: Literal["appears", "late", "gone"] = "appears"
    """What a host that is logged in and looks for its device finds."""


@dataclass(frozen=True, slots=True)
class Portal:
    address: str
    """An IP address without brackets."""
    port: int = ISCSI_PORT
    up: bool = True
    unreachable_from: tuple[str, ...] = ()
    """Names or IQNs of the hosts that have no way to it."""
    groups: int = 1
    """In how many portal groups it is: discovery lists it once for each, with nothing to tell them apart."""

    @property
    def name(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def reached_by(self, *names: str) -> bool:
        return self.up and not set(names) & set(self.unreachable_from)


@dataclass(frozen=True, slots=True)
class Target:
    iqn: str
    luns: tuple[Lun, ...] = ()
    chap_user: str = ""
    """Empty: sessions need no CHAP."""
    mutual_user: str = ""
    """As whom it shows itself with mutual CHAP; empty: it can't."""
    initiators: tuple[str, ...] = ()
    """Who may log in; empty is everybody."""
    refused: tuple[str, ...] = ()
    """Initiators that may not, whatever else holds."""
    hidden: bool = False
    """Left out of discovery for those who may not log in."""
    portals: tuple[str, ...] = ()
    """The addresses that offer it; empty is every portal of its array."""

    def admits(self, initiator: str) -> bool:
        if initiator in self.refused:
            return False
        return not self.initiators or initiator in self.initiators

    def offered_at(self, portal: Portal) -> bool:
        return not self.portals or portal.address in self.portals


@dataclass(frozen=True)
class Array:
    """Without slots: what is counted over thousands of LUNs is kept."""

    name: str
    portals: tuple[Portal, ...]
    targets: tuple[Target, ...]
    discovery_chap_user: str = ""
    """Empty: discovery asks for no CHAP."""

    @cached_property
    def lun_count(self) -> int:
        return sum(len(target.luns) for target in self.targets)

    @cached_property
    def written(self) -> tuple[Lun, ...]:
        """The LUNs with something on them when the array was described."""
        return tuple(lun for target in self.targets for lun in target.luns if lun.content.kind != "blank")

    @cached_property
    def users(self) -> frozenset[str]:
        """The CHAP users that it asks for, for discovery, sessions and the other way round."""
        pairs = ((target.chap_user, target.mutual_user) for target in self.targets)
        return frozenset(chain((self.discovery_chap_user,), *pairs)) - {""}


def array_from_json(body: dict[str, Any]) -> Array:
    """The array that `dataclasses.asdict` made this of."""
    return Array(
        name=body["name"],
        portals=tuple(portal_from_json(portal) for portal in body["portals"]),
        targets=tuple(target_from_json(target) for target in body["targets"]),
        discovery_chap_user=body.get("discovery_chap_user", ""),
    )


def portal_from_json(body: dict[str, Any]) -> Portal:
    return Portal(**with_tuples(body, "unreachable_from"))


def target_from_json(body: dict[str, Any]) -> Target:
    fields = {**body, "luns": tuple(lun_from_json(lun) for lun in body.get("luns", ()))}
    return Target(**with_tuples(fields, "initiators", "refused", "portals"))


def lun_from_json(body: dict[str, Any]) -> Lun:
    fields = {**body, "content": Content(**body.get("content", {}))}
    return Lun(**with_tuples(fields, "initiators", "boots"))


def with_tuples(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """The fields, those of the names as tuples, which JSON and TOML don't have."""
    return {**fields, **{name: tuple(fields[name]) for name in names if name in fields}}
