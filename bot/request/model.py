"""What a request is: frozen data. Times are seconds since the epoch, sizes are bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a request stands. The ends come last."""

    DISCOVERING_TARGETS = "discovering_targets"
    CHOOSING_TARGET = "choosing_target"
    DISCOVERING_LUNS = "discovering_luns"
    CHOOSING_LUN = "choosing_lun"
    INSPECTING_LUN = "inspecting_lun"
    PAUSED = "paused"  # a step could not be done; its requester can mend it or cancel
    FOUND_SR = "found_sr"  # the LUN holds an SR; its requester says what becomes of it
    CONFIRMING = "confirming"
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    RUNNING = "running"
    REPAIRING = "repairing"  # the SR is there; the hosts that don't see it are tried again
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    STALE = "stale"


ENDS = frozenset(
    {
        State.SUCCEEDED,
        State.PARTIAL,
        State.UNKNOWN,
        State.FAILED,
        State.REJECTED,
        State.CANCELLED,
        State.EXPIRED,
        State.STALE,
    }
)
WORKING = frozenset(
    {
        State.DISCOVERING_TARGETS,
        State.DISCOVERING_LUNS,
        State.INSPECTING_LUN,
        State.QUEUED,
        State.RUNNING,
        State.REPAIRING,
    }
)
"""A worker has the next move."""

CHOOSING = frozenset({State.CHOOSING_TARGET, State.CHOOSING_LUN, State.PAUSED, State.FOUND_SR, State.CONFIRMING})
"""The requester has the next move."""


class Purpose(StrEnum):
    """What is to become of a LUN."""

    CREATE = "create"  # a new SR, on a LUN that holds none
    ATTACH = "attach"  # the SR that the LUN holds, as it is
    FORMAT = "format"  # a new SR over the one that the LUN holds


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
class Address:
    """Where the person sends us: a name or an address, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


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


@dataclass(frozen=True, slots=True)
class SrEntry:
    """The fields that `xe sr-list` prints."""

    uuid: str
    name_label: str
    name_description: str
    host: str
    type: str
    content_type: str


@dataclass(frozen=True, slots=True)
class HostPbd:
    """Whether one host sees the SR; where it does not, its initiator IQN and its own error."""

    host: str
    attached: bool
    iqn: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands on the pool after a run."""

    sr: SrEntry
    hosts: tuple[HostPbd, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The step that a worker is asked for: its number, and how far it has come."""

    step: int
    asked_at: float
    started_at: float | None = None
    moved_at: float | None = None
    doing: str = ""
    noticed_at: float | None = None
    notice: str = ""
    changing: bool = False


@dataclass(frozen=True, slots=True)
class Rival:
    """Another request that wants the same LUN, as it stood when it was looked at."""

    request: str
    requester: str
    state: State


@dataclass(frozen=True, slots=True)
class Times:
    """How long a request may wait, in seconds; taken from the settings when it was asked."""

    choice: float
    approval: float
    notice: float


@dataclass(frozen=True, slots=True)
class Request:
    """A request, folded from its events. `version` counts them; a card's buttons carry `plan_number`.

    `dies` is the SR that its requester wants formatted over and `typed` what they typed for it; `follows` is the
    request that this one goes on from, `followed_by` the one that goes on from this. `rivals` want the same LUN.
    """

    id: str
    version: int
    state: State
    team: str
    channel: str
    requester: str
    pool: str
    address: Address
    asked_at: float
    changed_at: float
    times: Times
    work: Work
    name: str | None = None
    reason: str | None = None
    credential: str | None = None
    targets: Finding | None = None
    target: Target | None = None
    target_was_only_one: bool = False
    luns: Finding | None = None
    lun: Lun | None = None
    plan: Plan | None = None
    plan_number: int = 0
    approvals: tuple[Approval, ...] = ()
    expires_at: float | None = None
    trouble: Trouble | None = None
    outcome: Outcome | None = None
    ended_by: str | None = None
    ended_because: str = ""
    changes: tuple[str, ...] = ()
    purpose: Purpose = Purpose.CREATE
    dies: HeldSr | None = None
    typed: str = ""
    follows: str = ""
    followed_by: str = ""
    rivals: tuple[Rival, ...] = ()

    @property
    def ended(self) -> bool:
        """Nothing can happen to it any more."""
        return self.state in ENDS

    @property
    def working(self) -> bool:
        """A worker has the next move."""
        return self.state in WORKING
