"""What begins a request."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.events.event import Event
from bot.request.found import HeldSr, Lun, Share, Target
from bot.request.model import Address, Kind, Times
from bot.request.plan import Purpose


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
