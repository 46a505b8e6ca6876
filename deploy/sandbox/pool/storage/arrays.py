"""The arrays on the storage network: portals, targets, LUNs, and what is on a LUN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

ISCSI_PORT = 3260
ContentKind = Literal["blank", "sr", "vmfs", "ext4", "partition-table"]


@dataclass(frozen=True, slots=True)
class Content:
    kind: ContentKind = "blank"
    sr_uuid: str = ""
    sr_name: str = ""
    sr_description: str = ""
    pool_metadata: bool = False


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


@dataclass(frozen=True, slots=True)
class Portal:
    address: str
    """An IP address without brackets."""
    port: int = ISCSI_PORT
    up: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    iqn: str
    luns: tuple[Lun, ...] = ()
    chap_user: str = ""
    """Empty: sessions need no CHAP."""
    initiators: tuple[str, ...] = ()
    """Who may log in; empty is everybody."""
    refused: tuple[str, ...] = ()
    """Initiators that may not, whatever else holds."""
    hidden: bool = False
    """Left out of discovery for those who may not log in."""

    def admits(self, initiator: str) -> bool:
        if initiator in self.refused:
            return False
        return not self.initiators or initiator in self.initiators


@dataclass(frozen=True, slots=True)
class Array:
    name: str
    portals: tuple[Portal, ...]
    targets: tuple[Target, ...]
    discovery_chap_user: str = ""
    """Empty: discovery asks for no CHAP."""


def array_from_json(body: dict[str, Any]) -> Array:
    """The array that `dataclasses.asdict` made this of."""
    return Array(
        name=body["name"],
        portals=tuple(Portal(**portal) for portal in body["portals"]),
        targets=tuple(target_from_json(target) for target in body["targets"]),
        discovery_chap_user=body.get("discovery_chap_user", ""),
    )


def target_from_json(body: dict[str, Any]) -> Target:
    fields = {**body, "luns": tuple(lun_from_json(lun) for lun in body.get("luns", ()))}
    return Target(**_with_tuples(fields, "initiators", "refused"))


def lun_from_json(body: dict[str, Any]) -> Lun:
    fields = {**body, "content": Content(**body.get("content", {}))}
    return Lun(**_with_tuples(fields, "initiators"))


def _with_tuples(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**fields, **{name: tuple(fields[name]) for name in names if name in fields}}
