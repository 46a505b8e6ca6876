"""What the requester picks, or wants looked at once more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.events.event import Event
from bot.request.found import Lun, Place, Target
from bot.request.model import Address, Rival
from bot.request.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPicked(Event):
    target: Target
    only_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LunPicked(Event):
    lun: Lun
    rivals: tuple[Rival, ...] = ()


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
