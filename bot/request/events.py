"""What can happen to a request. Facts, never texts for people; `at` is seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.found import Finding, HeldSr, Lun, Place, Share, Target, Trouble
from bot.request.model import Address, Kind, Outcome, Rival, Times
from bot.request.plan import Plan, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `actor` is a Slack user id; None is srbot itself."""

    at: float
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Event):
    """A request to format over an SR begins with the LUN: it goes on from the one that found the SR there.

    One about an SR that the pool knows has the UUID or name in `sr`, as it was typed.
    """

    request: str
    team: str
    channel: str
    requester: str
    pool: str
    times: Times
    address: Address | None = None
    name: str | None = None
    reason: str | None = None
    credential: str | None = None
    purpose: Purpose = Purpose.CREATE
    target: Target | None = None
    lun: Lun | None = None
    dies: HeldSr | None = None
    typed: str = ""
    follows: str = ""
    kind: Kind = Kind.ISCSI
    share: Share | None = None
    sr: str = ""
    host: str = ""
    device: str = ""
    sr_type: str = ""
    given: tuple[tuple[str, str], ...] = ()
    wanted: str = ""
    multihomed: bool | None = None
    all_targets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    """A worker took the step up."""

    step: int
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed(Event):
    """What the worker does now; `changing` from the first call that changes something on XenServer."""

    step: int
    doing: str
    changing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed(Event):
    """The step takes longer than people expect; `why` says what it waits for."""

    step: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(Event):
    """The step could not be done, nothing was changed, and the requester may mend it."""

    step: int
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPicked(Event):
    target: Target
    only_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LunsFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class LunPicked(Event):
    lun: Lun
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesFound(Event):
    step: int
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPicked(Event):
    """On which host the storage is; its devices come next."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTaken(Event):
    """On which host the device or folder is that was typed before; it is looked at next."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePicked(Event):
    """The export or device was picked, or typed."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesWanted(Event):
    """Ask for the places once more; from the first one on where `anew`."""

    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReopened(Event):
    """The requester goes back to the places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(Event):
    """The LUN was inspected, and can be used as the requester wants."""

    step: int
    plan: Plan
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SrFound(Event):
    """The LUN holds an SR that nobody asked about; the plan is to attach it."""

    step: int
    plan: Plan
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SrsFound(Event):
    """SRs are on the share already; the plan is to make a new one beside them."""

    step: int
    plan: Plan
    held: tuple[HeldSr, ...]
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChosen(Event):
    """The requester wants a new SR beside those that were found."""

    plan_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SrPicked(Event):
    """The requester wants one of the SRs that were found; it is looked at next."""

    sr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachChosen(Event):
    """The requester wants the SR that was found."""

    plan_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostsAccepted(Event):
    """The requester accepts by name that some hosts don't see the LUN; the plan says so."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Event):
    """Another request goes on from this one."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsWanted(Event):
    """Discovery again, with another address or credential, or just once more."""

    address: Address
    credential: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LunsWanted(Event):
    """Ask for the LUNs once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionWanted(Event):
    """Inspect the picked LUN once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPicked(Event):
    """Look at the share once more, with another credential."""

    credential: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReopened(Event):
    """The requester goes back to the targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LunReopened(Event):
    """The requester goes back to the LUNs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Event):
    plan_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Event):
    plan_number: int
    plan_digest: str
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Event):
    """Enough people approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Event):
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Event):
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Event):
    """Nobody moved in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentStale(Event):
    """What was approved is no longer what is there; nothing was changed."""

    step: int
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Created(Event):
    """The SR is there and every host sees it."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Event):
    """What was to be done to the SR is done."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedPartly(Event):
    """The SR is there and some host does not see it."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryWanted(Event):
    """The hosts that don't see the SR are to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(Event):
    """The run ended without an SR."""

    step: int
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTrack(Event):
    """Whether the SR exists can't be told: a person decides."""

    step: int
    trouble: Trouble


EVENTS: tuple[type[Event], ...] = (
    Asked,
    StepStarted,
    Progressed,
    Noticed,
    StepFailed,
    TargetsFound,
    TargetPicked,
    LunsFound,
    LunPicked,
    PlacesFound,
    HostPicked,
    HostTaken,
    PlacePicked,
    PlacesWanted,
    PlaceReopened,
    PlanMade,
    SrFound,
    SrsFound,
    NewChosen,
    SrPicked,
    AttachChosen,
    HostsAccepted,
    Followed,
    TargetsWanted,
    LunsWanted,
    InspectionWanted,
    CredentialPicked,
    TargetReopened,
    LunReopened,
    ApprovalRequested,
    Approved,
    Queued,
    Rejected,
    Cancelled,
    Expired,
    WentStale,
    Created,
    CreatedPartly,
    Done,
    RetryWanted,
    RunFailed,
    LostTrack,
)
