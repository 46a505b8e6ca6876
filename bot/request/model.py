"""What a request is: frozen data. Times are seconds since the epoch, sizes are bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a request stands. The ends come last."""

    DISCOVERING_TARGETS = "discovering_targets"
    CHOOSING_TARGET = "choosing_target"
    DISCOVERING_LUNS = "discovering_luns"
    CHOOSING_LUN = "choosing_lun"
    INSPECTING_LUN = "inspecting_lun"
    PAUSED = "paused"  # a step could not be done; its requester can mend it or cancel
    CONFIRMING = "confirming"
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    RUNNING = "running"
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
    }
)
"""A worker has the next move."""

CHOOSING = frozenset({State.CHOOSING_TARGET, State.CHOOSING_LUN, State.PAUSED, State.CONFIRMING})
"""The requester has the next move."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One iSCSI portal; an IPv6 address stands without brackets."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Target:
    """One iSCSI target, once, however many portals offer it."""

    iqn: str
    portals: tuple[Portal, ...]


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
    """The SR that a LUN already serves."""

    pool: str
    sr_uuid: str
    sr_name: str


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
class Plan:
    """Exactly what will be done. What is approved is this, by its digest."""

    number: int
    pool: str
    master: str
    hosts: tuple[str, ...]
    name: str
    description: str
    sr_type: str
    content_type: str
    shared: bool
    portal: Portal
    iqn: str
    lun: Lun
    credential: str | None
    erases: bool = True


def digest(plan: Plan) -> str:
    """SHA-256 in hex over the plan's canonical JSON."""
    canonical = json.dumps(asdict(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Approval:
    """One person said yes to one plan."""

    actor: str
    at: float
    plan_digest: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a step could not be done.

    `reason` is a stable code with a sentence of ours behind it, `code` what XenServer called it, `facts` the
    values that the sentence names, `reference` stands in the log too.
    """

    reason: str
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    reference: str = ""

    def fact(self, name: str) -> str:
        """Give the value of one fact, or an empty text."""
        return dict(self.facts).get(name, "")


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
class Times:
    """How long a request may wait, in seconds; taken from the settings when it was asked."""

    choice: float
    approval: float
    notice: float


@dataclass(frozen=True, slots=True)
class Request:
    """A request, folded from its events. `version` counts them; a card's buttons carry `plan_number`."""

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

    @property
    def ended(self) -> bool:
        """Nothing can happen to it any more."""
        return self.state in ENDS

    @property
    def working(self) -> bool:
        """A worker has the next move."""
        return self.state in WORKING
