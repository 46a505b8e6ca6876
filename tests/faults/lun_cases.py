"""Everything that may differ from one walk to the next: what is on the LUN, who knows it, what happens, who agrees."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from bot.request.plan import Purpose
from deploy.sandbox.pool.flavours import FLAVOURS


class Content(StrEnum):
    """What is on the LUN when it is picked."""

    BLANK = "blank"
    SR = "sr"
    VMFS = "vmfs"
    EXT4 = "ext4"
    PARTITIONS = "partition-table"


class Known(StrEnum):
    """Which pool's records name the LUN or the SR on it when it is picked."""

    NOWHERE = "nowhere"
    OWN_ATTACHED = "own-attached"
    OWN_DETACHED = "own-detached"
    OTHER_ATTACHED = "other-attached"
    OTHER_DETACHED = "other-detached"
    OTHER_BY_SERIAL = "other-by-devserial"  # an sm_config names it, no PBD does
    OTHER_BY_UUID = "other-by-uuid"  # an SR's record alone, without a PBD
    OTHER_SILENT = "other-silent"  # the other pool gives no answer


class When(StrEnum):
    """Between which two looks the change comes. The order is that of a request's life."""

    PICKED = "picked"  # before the inspection
    INSPECTED = "inspected"  # before the approval
    APPROVED = "approved"  # before the run
    LUNS = "before-luns"  # in the run: right before the probe of the target's LUNs
    CONTENT = "before-content"  # right before the probe of what is on the LUN
    OTHERS = "before-others"  # right after that probe; the other pools are read next
    OWN = "before-own"  # after the other pools are read; this pool is read next, and last

    @property
    def during_the_run(self) -> bool:
        return self in {When.LUNS, When.CONTENT, When.OTHERS, When.OWN}


class Change(StrEnum):
    """What happens meanwhile."""

    NOTHING = "nothing"
    SIZE = "size"
    SERIAL = "serial"
    GONE = "gone"  # the array maps it to nobody any more
    RENUMBERED = "renumbered"  # the same disk under another LUN id
    OTHER_DISK = "other-disk"  # another disk, under another LUN id, has the SCSIid now
    BECAME_SR = "became-sr"
    SR_REPLACED = "sr-replaced"
    SR_VANISHED = "sr-vanished"
    UNMAPPED_MASTER = "unmapped-on-master"
    UNMAPPED_SLAVE = "unmapped-on-slave"
    OWN_USES = "own-pool-uses-it"
    OTHER_USES = "other-pool-uses-it"
    FORGOTTEN = "own-pool-forgets"  # the record of the SR that the LUN serves, where there is one
    OTHER_AWAKES = "other-pool-awakes"  # it answers, and uses the LUN
    OTHER_SILENT = "other-pool-silent"
    OWN_SILENT = "own-pool-silent"
    IQN = "iqn"
    HOST_LEFT = "host-left"
    HOST_JOINED = "host-joined"
    MULTIPATHING = "multipathing"
    MAINTENANCE = "maintenance"
    NARROWED = "portal-not-allowed"  # as far as the settings go
    NO_APPROVER = "no-approver"  # those who may say yes are others, as far as the settings go
    JUNK = "junk"  # what the pool answers is no XML
    TRUNCATED = "truncated"  # the storage manager's document is cut


class Approval(StrEnum):
    """Who has said yes, and to what."""

    RIGHT = "right"
    NO_OVERRIDE = "no-override"  # an approver who may not override
    NOBODY_MAY = "nobody-may-override"  # as far as the channel's settings go; an approver has said yes
    WRONG_TYPING = "wrong-typing"  # one who may, but who typed the end of another SCSIid
    REQUESTER = "requester"
    STRANGER = "stranger"
    NOBODY = "nobody"
    OTHER_PLAN = "other-plan"
    TAMPERED = "tampered"  # the plan in the ledger is another one since
    EXPIRED = "expired"


class Sight(StrEnum):
    ALL = "all-see"
    BLIND = "one-blind"  # a host doesn't see the LUN, and is accepted by name


class Race(StrEnum):
    ALONE = "alone"
    TWO = "two"  # a second request for the same LUN is approved too, and runs at the same time


@dataclass(frozen=True, slots=True)
class Case:
    purpose: Purpose = Purpose.CREATE
    content: Content = Content.BLANK
    known: Known = Known.NOWHERE
    change: Change = Change.NOTHING
    when: When = When.APPROVED
    sight: Sight = Sight.ALL
    approval: Approval = Approval.RIGHT
    race: Race = Race.ALONE
    flavour: str = "8"

    def __str__(self) -> str:
        return ",".join(str(getattr(self, field.name)) for field in fields(self))


VALUES: Final[dict[str, Sequence[Any]]] = {
    "content": tuple(Content),
    "known": tuple(Known),
    "change": tuple(Change),
    "when": tuple(When),
    "sight": tuple(Sight),
    "approval": tuple(Approval),
    "race": tuple(Race),
    "flavour": tuple(FLAVOURS),
}
PLAIN: Final = (
    Case(Purpose.CREATE),
    Case(Purpose.ATTACH, Content.SR),
    Case(Purpose.FORMAT, Content.SR),
)
"""What each purpose is meant for; it runs."""

KEPT: Final = Case(Purpose.ATTACH, Content.SR, Known.OWN_DETACHED)
"""An SR that the pool has a record of is attached as it is; that runs too."""

PAIRS: Final = (("content", "known"), ("change", "race"), ("approval", "race"))
"""These decide together, whatever the purpose: an SR's record counts by what is on the LUN, and a race by what else
keeps one of the two from running."""

OVERRIDDEN: Final = (Approval.NO_OVERRIDE, Approval.NOBODY_MAY, Approval.WRONG_TYPING, Approval.REQUESTER)
SAID_BY_OTHERS: Final = (Change.OTHER_USES, Change.OTHER_AWAKES, Change.OTHER_SILENT)


def listed() -> tuple[Case, ...]:
    """Give every single value, every change at every moment for each purpose, and all pairs that matter; once each."""
    sources = (_singles(), _moments(), _pairs(), _overrides(), _accepted(), _hidden_by_others())
    return tuple(dict.fromkeys(itertools.chain(*sources)))


def sample(seed: int, count: int, but: Iterable[Case]) -> list[Case]:
    """Give some of all the other cases."""
    left_out, dice = set(but), random.Random(seed)  # noqa: S311 - the seed is printed, so that a walk can be repeated
    drawn: list[Case] = []
    while len(drawn) < count:
        values = {name: dice.choice(values) for name, values in VALUES.items()}
        case = Case(dice.choice(tuple(case.purpose for case in PLAIN)), **values)
        if case not in left_out:
            left_out.add(case)
            drawn.append(case)
    return drawn


def _singles() -> Iterator[Case]:
    for plain, (name, values) in itertools.product(PLAIN, VALUES.items()):
        for value in values:
            yield replace(plain, **{name: value})


def _moments() -> Iterator[Case]:
    """Every change at every moment, whatever the plan is for."""
    for plain, change, when in itertools.product((*PLAIN, KEPT), Change, When):
        yield replace(plain, change=change, when=when if change is not Change.NOTHING else plain.when)


def _pairs() -> Iterator[Case]:
    for plain, (one, other) in itertools.product(PLAIN, PAIRS):
        for first, second in itertools.product(VALUES[one], VALUES[other]):
            yield replace(plain, **{one: first, other: second})


def _overrides() -> Iterator[Case]:
    """A silent pool asks for an override too, and hides what it does until it answers again."""
    for plain in PLAIN:
        silent = replace(plain, known=Known.OTHER_SILENT)
        for change, when in itertools.product(SAID_BY_OTHERS, When):
            yield replace(silent, change=change, when=when)
        for approval in OVERRIDDEN:
            yield replace(silent, approval=approval)


def _accepted() -> Iterator[Case]:
    """A host that sees nothing, or a pool that was not asked, was accepted: whatever else changes counts as ever."""
    for change in Change:
        yield Case(sight=Sight.BLIND, change=change)
        yield Case(known=Known.OTHER_SILENT, change=change)


def _hidden_by_others() -> Iterator[Case]:
    """Data of others looks like an empty LUN."""
    for change in Change:
        yield Case(content=Content.VMFS, change=change)
