"""What is said of each thing that can be done to an SR that a pool knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.request.plan import Purpose


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one purpose.

    `asks` stands between "asks to" and "of pool", `doing` and `ready` stand alone, `done` follows "was" and `approve`
    "Approve and". `happens` is what the plan does, and `warning` what else it means; mrkdwn. `carried` names what is
    on the SR.
    """

    asks: str
    doing: str
    ready: str
    done: str
    approve: str
    happens: str
    warning: str = ""
    carried: str = ""

    def wish(self, sr: str, pool: str) -> str:
        """Say what is wanted; both are written as they shall stand there."""
        return f"{self.asks.replace('{sr}', sr)} of pool {pool}"


WORDINGS: Final[Mapping[Purpose, Wording]] = {
    Purpose.SCAN: Wording(
        asks="scan the SR {sr}",
        doing="Scanning the SR",
        ready="The SR is scanned",
        done="scanned",
        approve="scan this SR",
        happens="The pool looks again at what is on the SR. Disks that came get a record, those that are gone lose it.",
    ),
    Purpose.REPAIR: Wording(
        asks="repair the SR {sr}",
        doing="Repairing the SR",
        ready="The SR is repaired",
        done="repaired",
        approve="repair this SR",
        happens="A host that has no PBD for the SR gets one, and every host's PBD is plugged.",
    ),
    Purpose.RENAME: Wording(
        asks="rename the SR {sr}",
        doing="Renaming the SR",
        ready="The SR is renamed",
        done="renamed",
        approve="rename this SR",
        happens="The SR gets another name. Nothing on it changes.",
    ),
    Purpose.DEFAULT: Wording(
        asks="make the SR {sr} the default",
        doing="Making the SR the pool's default",
        ready="The SR is the pool's default",
        done="made the pool's default",
        approve="make this SR the default",
        happens="The pool puts new disks on this SR from then on, where nobody says otherwise.",
    ),
    Purpose.DETACH: Wording(
        asks="detach the SR {sr}",
        doing="Detaching the SR",
        ready="The SR is detached",
        done="detached",
        approve="detach this SR",
        happens="The SR is unplugged from every host, the pool master last. Nothing on it is lost.",
        warning=(
            "*Mind:* a VM whose disk is on it can't start until the SR is attached again, with `/sr repair` for "
            "instance."
        ),
        carried="Out of reach meanwhile",
    ),
    Purpose.FORGET: Wording(
        asks="forget the SR {sr}",
        doing="Forgetting the SR",
        ready="The SR is forgotten",
        done="forgotten",
        approve="forget this SR",
        happens="The SR is unplugged from every host, and the pool's records of it go. What is on the storage stays.",
        warning=(
            "*Warning:* with the records goes which disk belongs to which VM, and what the disks are called. Attaching "
            "the SR again brings the disks back, but not their VMs: note them down first."
        ),
        carried="What the pool forgets",
    ),
    Purpose.DESTROY: Wording(
        asks="destroy the SR {sr}",
        doing="Destroying the SR",
        ready="The SR is destroyed",
        done="destroyed",
        approve="destroy this SR",
        happens="The SR is unplugged from every host, and what is on the storage is erased.",
        warning=(
            "*Warning:* nothing brings back what is on the SR. A pool that srbot doesn't know may still use it; its "
            "disks are lost there too."
        ),
        carried="What is lost",
    ),
}
