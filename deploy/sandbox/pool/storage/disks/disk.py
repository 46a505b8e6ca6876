"""Disks that a host has of its own or through Fibre Channel and SAS, and the adapters that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from deploy.sandbox.pool.storage.arrays import Content, with_tuples

_BLANK = Content()


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk with the same SCSIid on several hosts is one disk."""

    scsi_id: str
    size: int
    """In bytes."""
    bus: Literal["hba", "local"] = "local"
    hosts: tuple[str, ...] = ()
    """Names of the hosts that see it; empty is everybody."""
    names: tuple[str, ...] = ("sdb",)
    """Its device names in dom0, one for each path."""
    vendor: str = ""
    serial: str = ""
    adapter: int = 0
    channel: int = 0
    id: int = 0
    lun: int = 0
    hba: str = ""
    """The adapter's driver."""
    content: Content = _BLANK
    block_size: int = 512
    read_only: bool = False
    boots: tuple[str, ...] = ()
    """Names of the hosts whose dom0 is on it."""

    @property
    def path(self) -> str:
        return f"/dev/disk/by-id/scsi-{self.scsi_id}"

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path in dom0 that leads to it."""
        return (self.path, f"/dev/mapper/{self.scsi_id}", *(f"/dev/{name}" for name in self.names))

    def seen_by(self, host_name: str) -> bool:
        return not self.hosts or host_name in self.hosts


@dataclass(frozen=True, slots=True)
class Port:
    """What sysfs tells of a Fibre Channel port."""

    node_name: str
    port_name: str
    port_state: str = "Online"
    speed: str = "16 Gbit"
    supported_speeds: str = "4 Gbit, 8 Gbit, 16 Gbit"


@dataclass(frozen=True, slots=True)
class Adapter:
    name: str
    """As sysfs names it: host4."""
    driver: str
    manufacturer: str
    hosts: tuple[str, ...] = ()
    """Names of the hosts that have it; empty is everybody."""
    port: Port | None = None

    def is_in(self, host_name: str) -> bool:
        return not self.hosts or host_name in self.hosts


def disk_from_json(body: dict[str, Any]) -> Disk:
    """The disk that `dataclasses.asdict` made this of."""
    fields = {**body, "content": Content(**body.get("content", {}))}
    return Disk(**with_tuples(fields, "hosts", "names", "boots"))


def adapter_from_json(body: dict[str, Any]) -> Adapter:
    port = body.get("port")
    return Adapter(**with_tuples({**body, "port": Port(**port) if port else None}, "hosts"))
