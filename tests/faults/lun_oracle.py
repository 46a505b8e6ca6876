"""How a walk must end. Written from the rules that people are promised, and not from the code that keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.request.model import Purpose, State
from tests.faults.lun_cases import Approval, Case, Change, Content, Known, Race


@dataclass(frozen=True, slots=True)
class End:
    """A request's last state; where it paused, why."""

    state: State
    reason: str = ""


LUN_TAKEN: Final = End(State.PAUSED, "lun_taken")
STALE: Final = End(State.STALE)
IN_USE: Final = frozenset(
    {Known.OWN_ATTACHED, Known.OTHER_ATTACHED, Known.OTHER_DETACHED, Known.OTHER_BY_SERIAL},
)
ALWAYS_STALE: Final = frozenset(
    {
        Change.SIZE,
        Change.SERIAL,
        Change.OTHER_DISK,
        Change.SR_REPLACED,
        Change.UNMAPPED_MASTER,
        Change.OWN_USES,
        Change.IQN,
    }
)
STOPPED: Final = {
    Change.OTHER_SILENT: "pool_not_asked",
    Change.JUNK: "unreadable_answer",
    Change.TRUNCATED: "unreadable",
}


def end_of(case: Case) -> End:
    """Give the end of a request that nobody races."""
    return _refused(case) or _not_let_in(case) or _stopped(case) or _ran(case)


def overwrites(case: Case) -> bool:
    """Say whether the LUN is written over: it is where a plan to do so ran, and attaching writes nothing."""
    ran = end_of(case).state in {State.SUCCEEDED, State.PARTIAL}
    return ran and case.purpose is not Purpose.ATTACH


def ends_agree(case: Case, ends: list[End]) -> bool:
    """Say whether all requests ended as they must; of two that race, one at most may run."""
    alone = end_of(case)
    if case.race is Race.ALONE:
        return ends == [alone]
    if alone.state in {State.SUCCEEDED, State.PARTIAL}:
        return ends.count(alone) == 1 and all(end in {alone, LUN_TAKEN, STALE} for end in ends)
    return alone in ends and all(end in {alone, LUN_TAKEN} for end in ends)


def _refused(case: Case) -> End | None:
    """What the inspection says before anybody is asked: used is refused, and nothing is done but what was wanted."""
    holds = case.content is Content.SR
    own = case.known is Known.OWN_DETACHED and case.purpose is not Purpose.ATTACH
    if case.known in IN_USE or own or (case.known is Known.OTHER_BY_UUID and holds):
        return End(State.PAUSED, "lun_in_use")
    if case.known is Known.OTHER_SILENT and case.approval is Approval.NOBODY_MAY:
        return End(State.PAUSED, "pool_not_asked")
    if case.purpose is Purpose.CREATE:
        return End(State.FOUND_SR) if holds else None
    if not holds:
        return End(State.PAUSED, "no_sr_on_lun" if case.purpose is Purpose.ATTACH else "sr_gone")
    return None


def _not_let_in(case: Case) -> End | None:
    """Only what the right people approved runs, and only in time."""
    formats = case.purpose is Purpose.FORMAT
    harmless = {
        Approval.RIGHT: True,
        Approval.NO_OVERRIDE: not formats and case.known is not Known.OTHER_SILENT,
        Approval.NOBODY_MAY: not formats,
        Approval.WRONG_TYPING: not formats,
    }
    if case.approval is Approval.EXPIRED:
        return End(State.EXPIRED)
    return None if harmless.get(case.approval, False) else End(State.PAUSED, "not_approved")


def _stopped(case: Case) -> End | None:
    """What was approved must still be there, and it must be certain that it is."""
    accepted = case.known is Known.OTHER_SILENT  # approved without that pool's answer
    creates = case.purpose is Purpose.CREATE
    if case.change is Change.OTHER_USES:
        return None if accepted else STALE
    if case.change is Change.BECAME_SR:
        return STALE if creates else None
    if case.change is Change.SR_VANISHED:
        return None if creates else STALE
    if case.change in ALWAYS_STALE:
        return STALE
    if case.change in STOPPED and not (accepted and case.change is Change.OTHER_SILENT):
        return End(State.PAUSED, STOPPED[case.change])
    return None


def _ran(case: Case) -> End:
    return End(State.PARTIAL if case.change is Change.UNMAPPED_SLAVE else State.SUCCEEDED)
