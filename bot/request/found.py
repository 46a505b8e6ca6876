"""What is found on arrays and pools: frozen data. Sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Portal:
    """One iSCSI portal; an IPv6 address stands without brackets."""

    address: str
    port: int


EVERY_TARGET: Final = "*"
"""Stands in place of an IQN for all the targets that a portal offers (SM: BaseISCSI.py)."""


@dataclass(frozen=True, slots=True)
class Target:
    """One iSCSI target, once, however many portals offer it. `hidden` counts those that are not allowed.

    `all_of` are the targets that it stands for, where its IQN is `*`; its portals are those of all of them.
    """

    iqn: str
    portals: tuple[Portal, ...]
    hidden: int = 0
    all_of: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Lun:
    """A LUN as the storage manager describes it; what it leaves out is None.

    `paths` counts the ways that lead to it, where a host's adapters tell.
    """

    lun_id: int | None
    vendor: str | None
    serial: str | None
    size: int | None
    scsi_id: str | None
    paths: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The SR that a LUN already serves. `attached`: by some host, as far as its pool knows."""

    pool: str
    sr_uuid: str
    sr_name: str
    attached: bool = True


@dataclass(frozen=True, slots=True)
class OfferedLun:
    """A row of the LUN picker."""

    lun: Lun
    used_by: Usage | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Points at a stored discovery; the rows themselves stay outside the request."""

    id: str
    count: int
    hidden: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a step could not be done.

    `reason` is a stable code with a sentence of ours behind it, `code` what XenServer called it, `facts` the
    values that the sentence names, `reference` stands in the log too, `raw` is what XenServer wrote, masked and cut.
    """

    reason: str
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    raw: str = ""

    def fact(self, name: str) -> str:
        """Give the value of one fact, or an empty text."""
        return dict(self.facts).get(name, "")


@dataclass(frozen=True, slots=True)
class HeldSr:
    """The SR that a LUN holds; its name where the storage manager could read it."""

    uuid: str
    name: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class HostSight:
    """What one host of the pool sees of the LUN; one that could not be asked sees nothing. `why` says what kept it.

    `host` is its name, and `uuid` tells it from another one of that name.
    """

    host: str
    iqn: str
    multipathing: bool
    sees: bool
    why: Trouble | None = None
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a picker of places: an export of a server, a host of the pool, a device of a host.

    `value` tells it from the others (the path of an export or device, the UUID of a host); `text` is what people call
    it, `detail` what else is known about it.
    """

    value: str
    text: str
    detail: str = ""
    used_by: Usage | None = None


class Protocol(StrEnum):
    """How files are shared."""

    NFS = "nfs"
    SMB = "smb"


@dataclass(frozen=True, slots=True)
class Share:
    """An export of an NFS server or a share of an SMB one; `server` as an address or name, IPv6 without brackets.

    An NFS server whose exports are asked for has no path yet. `version` is the one of NFS or SMB to speak; empty
    leaves that to the storage manager.
    """

    protocol: Protocol
    server: str
    path: str
    version: str = ""

    def __str__(self) -> str:
        server = f"[{self.server}]" if ":" in self.server else self.server
        if not self.path:
            return server
        return f"//{server}/{self.path}" if self.protocol is Protocol.SMB else f"{server}:{self.path}"


@dataclass(frozen=True, slots=True)
class Disk:
    """A virtual disk on an SR, and the VMs that it belongs to. `attached`: some VM has it open now.

    `memory_of` are suspended VMs, and snapshots, whose memory it is: without it they can't go on.
    """

    uuid: str
    name: str
    size: int
    vms: tuple[str, ...] = ()
    attached: bool = False
    memory_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """What is on an SR: the first of its disks, and how many there are and how large they are in all.

    `fingerprint` stands for all of them, so that a change among those that are not listed is noticed; `uuids` are those
    of all.
    """

    count: int = 0
    size: int = 0
    disks: tuple[Disk, ...] = ()
    fingerprint: str = ""
    uuids: tuple[str, ...] = ()
