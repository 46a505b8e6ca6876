"""What will be done, exactly: frozen data, approved by its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from bot.request.found import HeldSr, HostSight, Lun, Portal


class Purpose(StrEnum):
    """What is to become of a LUN."""

    CREATE = "create"  # a new SR, on a LUN that holds none
    ATTACH = "attach"  # the SR that the LUN holds, as it is
    FORMAT = "format"  # a new SR over the one that the LUN holds


@dataclass(frozen=True, slots=True)
class Plan:
    """Exactly what will be done. What is approved is this, by its digest.

    `held` is the SR that the LUN holds: it is attached, or it dies. `known`: the pool has a record of it already.
    `not_asked` names the pools that could not say whether they use the LUN, `accepted` the hosts that don't see it
    and shall be left behind.
    """

    number: int
    pool: str
    master: str
    hosts: tuple[HostSight, ...]
    name: str
    description: str
    sr_type: str
    content_type: str
    shared: bool
    portal: Portal
    iqn: str
    lun: Lun
    credential: str | None
    purpose: Purpose = Purpose.CREATE
    held: HeldSr | None = None
    known: bool = False
    not_asked: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()

    @property
    def dies(self) -> HeldSr | None:
        """The SR that is lost when the plan runs."""
        return self.held if self.purpose is Purpose.FORMAT else None

    @property
    def blind(self) -> tuple[str, ...]:
        """The hosts that don't see the LUN."""
        return tuple(sight.host for sight in self.hosts if not sight.sees)

    @property
    def needs_override(self) -> bool:
        """Whether somebody has to approve it who may override."""
        return self.dies is not None or bool(self.not_asked)


TYPED_CHARACTERS: Final = 6
"""How much of a SCSIid is typed by those who let an SR die."""


def to_type(lun: Lun) -> str:
    """Give the end of the SCSIid, which people type to show that they mean this LUN."""
    return (lun.scsi_id or "")[-TYPED_CHARACTERS:]


def digest(plan: Plan) -> str:
    """SHA-256 in hex over the plan's canonical JSON."""
    canonical = json.dumps(asdict(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Approval:
    """One person said yes to one plan. `typed` is what they typed to show that they mean it."""

    actor: str
    at: float
    plan_digest: str
    typed: str = ""
