"""What a request is: frozen data. Times are seconds since the epoch, sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.request.approving import Approval, Awaited, Reading, Ruled
from bot.request.found import Finding, HeldSr, Lun, Share, Target, Trouble
from bot.request.plan import Plan, Purpose


class State(StrEnum):
    """Where a request stands. The ends come last."""

    DISCOVERING_TARGETS = "discovering_targets"
    CHOOSING_TARGET = "choosing_target"
    DISCOVERING_LUNS = "discovering_luns"
    CHOOSING_LUN = "choosing_lun"
    DISCOVERING_PLACES = "discovering_places"  # the exports of a server, the hosts of a pool, the devices of a host
    CHOOSING_PLACE = "choosing_place"
    INSPECTING = "inspecting"
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
        State.DISCOVERING_PLACES,
        State.INSPECTING,
        State.QUEUED,
        State.RUNNING,
        State.REPAIRING,
    }
)
"""A worker has the next move."""

CHOOSING = frozenset(
    {
        State.CHOOSING_TARGET,
        State.CHOOSING_LUN,
        State.CHOOSING_PLACE,
        State.PAUSED,
        State.FOUND_SR,
        State.CONFIRMING,
    }
)
"""The requester has the next move."""


class Kind(StrEnum):
    """A kind of storage, as it is typed behind `add`."""

    ISCSI = "iscsi"
    HBA = "hba"
    NFS = "nfs"
    SMB = "smb"
    ISO = "iso"
    LOCAL = "local"
    OTHER = "other"  # a type that only some pools have; `sr_type` names it


class Seeking(StrEnum):
    """What the next place to be picked is."""

    EXPORT = "export"
    HOST = "host"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the person sends us: a name or an address, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


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
    """What stands on the pool after a run; `files` are those that a library holds."""

    sr: SrEntry
    hosts: tuple[HostPbd, ...]
    files: tuple[str, ...] = ()


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

    A request for a LUN of an array has an address, one for a share the share, one for storage of one host the `host`
    (its UUID, or its name as it was typed) and the `device` or folder there, and one about an SR that the pool knows
    `sr`, its UUID or name as it was typed. `sr_type` is XenAPI's, where the kind leaves it open; `given` is the
    device_config that was typed. `places` are those that can be picked now, `held` the SRs that are on the share, and
    `wanted` the one of them to attach. `dies` is the SR that its requester wants formatted over and `typed` what they
    typed for it; `follows` is the request that this one goes on from, `followed_by` the one that goes on from this.
    `rivals` want the same LUN or SR. `multihomed`: whether all portals are to be used; None leaves that to the hosts.
    `all_targets`: the hosts shall log in to every target that is offered. `may_override`: there is somebody who could
    approve that the SR which was found is formatted over.

    `awaited` are missing for the approval, which was asked for at `approval_asked_at`; `ruled` is the policy that
    decided last. What was `approved_at` a time rests on `readings` and takes from the budgets of `charges`; it is held
    until `held_until`, `held_because` of a reason code; where somebody froze the pool, `held_by` is who and
    `held_why` what they said. `claimed_by` is who said that they are looking at it,
    `call_at` when those who are missing are called next, `question` the last one that was asked, and by whom.
    `step_up`: an approval of it wants a one-time code.
    """

    id: str
    version: int
    state: State
    team: str
    channel: str
    requester: str
    pool: str
    address: Address | None
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
    kind: Kind = Kind.ISCSI
    share: Share | None = None
    sr: str = ""
    host: str = ""
    device: str = ""
    sr_type: str = ""
    given: tuple[tuple[str, str], ...] = ()
    places: Finding | None = None
    held: tuple[HeldSr, ...] = ()
    wanted: str = ""
    multihomed: bool | None = None
    all_targets: bool = False
    may_override: bool = False
    awaited: tuple[Awaited, ...] = ()
    ruled: Ruled | None = None
    readings: tuple[Reading, ...] = ()
    charges: tuple[str, ...] = ()
    approval_asked_at: float | None = None
    approved_at: float | None = None
    held_until: float | None = None
    held_because: str = ""
    held_by: str = ""
    held_why: str = ""
    call_at: float | None = None
    claimed_by: str = ""
    claimed_at: float | None = None
    question: tuple[str, str] = ("", "")
    step_up: bool = False

    @property
    def ended(self) -> bool:
        """Nothing can happen to it any more."""
        return self.state in ENDS

    @property
    def seeking(self) -> Seeking:
        """What is picked next, where a place is."""
        if self.kind is Kind.NFS:
            return Seeking.EXPORT
        return Seeking.DEVICE if self.host else Seeking.HOST

    @property
    def working(self) -> bool:
        """A worker has the next move."""
        return self.state in WORKING
