"""What is found on arrays and pools: frozen data. Sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Portal:
    """One iSCSI portal; an IPv6 address stands without brackets."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Target:
    """One iSCSI target, once, however many portals offer it. `hidden` counts those that are not allowed."""

    iqn: str
    portals: tuple[Portal, ...]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Lun:
    """A LUN as the storage manager describes it; what it leaves out is None."""

    lun_id: int | None
    vendor: str | None
    serial: str | None
    size: int | None
    scsi_id: str | None


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
