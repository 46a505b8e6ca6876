"""Everything that may differ from one walk to the next: what is on the LUN, who knows it, what happens, who agrees."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from bot.request.model import Purpose
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


class Change(StrEnum):
    """What happens between the approval and the run."""

    NOTHING = "nothing"
    SIZE = "size"
    SERIAL = "serial"
    RENUMBERED = "renumbered"  # the same disk under another LUN id
    OTHER_DISK = "other-disk"  # another disk, under another LUN id, has the SCSIid now
    BECAME_SR = "became-sr"
    SR_REPLACED = "sr-replaced"
    SR_VANISHED = "sr-vanished"
    UNMAPPED_MASTER = "unmapped-on-master"
    UNMAPPED_SLAVE = "unmapped-on-slave"
    OWN_USES = "own-pool-uses-it"
    OTHER_USES = "other-pool-uses-it"
    IQN = "iqn"
    OTHER_SILENT = "other-pool-silent"
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


class Race(StrEnum):
    ALONE = "alone"
    TWO = "two"  # a second request for the same LUN is approved too, and runs at the same time


@dataclass(frozen=True, slots=True)
class Case:
    purpose: Purpose = Purpose.CREATE
    content: Content = Content.BLANK
    known: Known = Known.NOWHERE
    change: Change = Change.NOTHING
    approval: Approval = Approval.RIGHT
    race: Race = Race.ALONE
    flavour: str = "8"

    def __str__(self) -> str:
        return ",".join(str(getattr(self, field.name)) for field in fields(self))


VALUES: Final[dict[str, Sequence[Any]]] = {
    "content": tuple(Content),
    "known": tuple(Known),
    "change": tuple(Change),
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

PAIRS: Final = (("content", "known"), ("change", "race"), ("approval", "race"))
"""These decide together, whatever the purpose: an SR's record counts by what is on the LUN, and a race by what else
keeps one of the two from running."""

OVERRIDDEN: Final = (Approval.NO_OVERRIDE, Approval.NOBODY_MAY, Approval.WRONG_TYPING, Approval.REQUESTER)


def listed() -> tuple[Case, ...]:
    """Give every single value and all pairs that matter, once each."""
    return tuple(dict.fromkeys(itertools.chain(_singles(), _pairs(), _overrides(), _hidden_by_others())))


def sample(seed: int, count: int, but: Iterable[Case]) -> list[Case]:
    """Give some of all the other cases."""
    left_out, dice = set(but), random.Random(seed)  # noqa: S311 - the seed is printed, so that a walk can be repeated
    drawn: list[Case] = []
    while len(drawn) < count:
        values = {name: dice.choice(values) for name, values in VALUES.items()}
        case = Case(dice.choice(tuple(Purpose)), **values)
        if case not in left_out:
            left_out.add(case)
            drawn.append(case)
    return drawn


def _singles() -> Iterator[Case]:
    for plain, (name, values) in itertools.product(PLAIN, VALUES.items()):
        for value in values:
            yield replace(plain, **{name: value})


def _pairs() -> Iterator[Case]:
    for plain, (one, other) in itertools.product(PLAIN, PAIRS):
        for first, second in itertools.product(VALUES[one], VALUES[other]):
            yield replace(plain, **{one: first, other: second})


def _overrides() -> Iterator[Case]:
    """A silent pool asks for an override too, and hides what it does meanwhile."""
    for plain in PLAIN:
        silent = replace(plain, known=Known.OTHER_SILENT)
        for change in Change:
            yield replace(silent, change=change)
        for approval in OVERRIDDEN:
            yield replace(silent, approval=approval)


def _hidden_by_others() -> Iterator[Case]:
    """Data of others looks like an empty LUN; an SR that the pool knows is attached as it is."""
    for content, change in itertools.product((Content.VMFS, Content.PARTITIONS), Change):
        yield Case(content=content, change=change)
    attach = Case(Purpose.ATTACH, Content.SR, Known.OWN_DETACHED)
    for change in Change:
        yield replace(attach, change=change)
