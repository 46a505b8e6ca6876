"""How a walk must end. Written from the rules that people are promised, and not from the code that keeps them.

Each thing that a plan stands on is looked at for the last time at its own moment of the run (`LAST_LOOK`), and a change
that comes before that look stops the run. What comes after it can't be noticed: XenAPI has no lock on a LUN, so the
time from a last look to the call that changes the pool is kept short, but is never nothing. Namely:

- The settings are those with which the job began: who may approve, and which portals are allowed.
- Size and serial are as they were when the target's LUNs were listed. From then on the SCSIid alone says which LUN it
  is: another disk that takes the SCSIid over just then is taken for it.
- What is on the LUN is as it was when that was probed. What a stranger writes afterwards without any pool knowing of
  it (a host that is in no configured pool) is overwritten; one that is to be attached can't be plugged, and fails.
- Other pools are as they answered after the probes, and this one as it was read last: its hosts, its SRs and its PBDs.
- Between that and the call itself nothing is looked at any more, and nothing is walked here either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from bot.request.model import State
from bot.request.plan import Purpose
from tests.faults.lun_cases import Approval, Case, Change, Content, Known, Race, Sight, When
from tests.faults.lun_pools import ELSEWHERE, HELD, REPLACED


@dataclass(frozen=True, slots=True)
class End:
    """A request's last state; where it paused, why."""

    state: State
    reason: str = ""


Ends = frozenset[End]
"""Where several reasons hold, any of them may be told."""

LUN_TAKEN: Final = End(State.PAUSED, "lun_taken")
STALE: Final = End(State.STALE)
UNKNOWN: Final = End(State.UNKNOWN)
RAN: Final = frozenset({State.SUCCEEDED, State.PARTIAL})
ORDER: Final = tuple(When)

LAST_LOOK: Final[Mapping[Change, When]] = MappingProxyType(
    {
        Change.NARROWED: When.APPROVED,
        Change.NO_APPROVER: When.APPROVED,
        Change.SIZE: When.LUNS,
        Change.SERIAL: When.LUNS,
        Change.OTHER_DISK: When.LUNS,
        Change.GONE: When.CONTENT,
        Change.UNMAPPED_MASTER: When.CONTENT,
        Change.BECAME_SR: When.CONTENT,
        Change.SR_REPLACED: When.CONTENT,
        Change.SR_VANISHED: When.CONTENT,
        Change.JUNK: When.CONTENT,
        Change.TRUNCATED: When.CONTENT,
        Change.OTHER_USES: When.OTHERS,
        Change.OTHER_AWAKES: When.OTHERS,
        Change.OTHER_SILENT: When.OTHERS,
        Change.OWN_USES: When.OWN,
        Change.FORGOTTEN: When.OWN,
        Change.OWN_SILENT: When.OWN,
        Change.IQN: When.OWN,
        Change.HOST_LEFT: When.OWN,
        Change.HOST_JOINED: When.OWN,
        Change.MULTIPATHING: When.OWN,
        Change.MAINTENANCE: When.OWN,
    }
)
"""The last moment at which a change is noticed still. What is missing here changes nothing that a plan stands on."""

PICK_DIFFERS: Final = frozenset({Change.SIZE, Change.SERIAL, Change.OTHER_DISK})
"""The LUN is not the one that was picked, however early that came."""

STOPPED: Final[Mapping[Change, frozenset[str]]] = MappingProxyType(
    {
        Change.OTHER_SILENT: frozenset({"pool_not_asked"}),
        Change.OWN_SILENT: frozenset({"connection_lost", "xen_timeout"}),
        Change.NARROWED: frozenset({"address_not_allowed"}),
        Change.JUNK: frozenset({"unreadable_answer"}),
        Change.TRUNCATED: frozenset({"unreadable"}),
    }
)
"""It is not certain that all is as approved, or not allowed any more: the run pauses."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a look would find. An SR stands here by its UUID; `own` and `other` are those that the pools know."""

    on_lun: str = ""
    own: str = ""
    own_attached: bool = False
    other: str = ""
    other_names_lun: bool = False
    silent: bool = False
    blind: bool = False
    """Whether a host of the pool doesn't see the LUN."""


CHANGED: Final[Mapping[Change, Mapping[str, Any]]] = MappingProxyType(
    {
        Change.BECAME_SR: {"on_lun": HELD},
        Change.SR_REPLACED: {"on_lun": REPLACED},
        Change.SR_VANISHED: {"on_lun": ""},
        Change.OWN_USES: {"own": REPLACED, "own_attached": True},
        Change.FORGOTTEN: {"own": "", "own_attached": False},
        Change.OTHER_USES: {"other": REPLACED, "other_names_lun": True},
        Change.OTHER_AWAKES: {"other": REPLACED, "other_names_lun": True, "silent": False},
        Change.OTHER_SILENT: {"silent": True},
        Change.UNMAPPED_SLAVE: {"blind": True},
        Change.HOST_LEFT: {"blind": False},
    }
)
"""What a look finds after a change."""


def happened(case: Case, moment: When) -> bool:
    """Say whether the change has come when the request is as far as this moment."""
    return ORDER.index(case.when) <= ORDER.index(moment)


def noticed(case: Case) -> bool:
    """Say whether the run still comes to a look that shows the change."""
    look = LAST_LOOK.get(case.change)
    return look is not None and happened(case, look)


def facts(case: Case, moment: When) -> Facts:
    found = _laid_out(case)
    return replace(found, **CHANGED.get(case.change, {})) if happened(case, moment) else found


def reaches_its_moment(case: Case) -> bool:
    """Say whether a run comes to the moment at which its case has something happen."""
    return (
        case.when.during_the_run and not _refused(case) and _is_let_in(case) and case.approval is not Approval.EXPIRED
    )


def ends_of(case: Case) -> Ends:
    """Give how a request may end that nobody races."""
    return _refused(case) or _not_let_in(case) or _stopped(case) or frozenset({_ran(case)})


def ran(case: Case) -> bool:
    """Say whether what was approved is done."""
    return all(end.state in RAN for end in ends_of(case))


def in_doubt(case: Case) -> bool:
    """Say whether it may have been done: the call was sent, and what came of it can't be read."""
    return UNKNOWN in ends_of(case)


def overwrites(case: Case) -> bool:
    """Say whether the LUN is written over: it is where a plan to do so ran, and attaching writes nothing."""
    return (ran(case) or in_doubt(case)) and case.purpose is not Purpose.ATTACH


def ends_agree(case: Case, ends: list[End]) -> bool:
    """Say whether all requests ended as they must; of two that race, one at most may run."""
    alone = ends_of(case)
    if case.race is Race.ALONE:
        return len(ends) == 1 and ends[0] in alone
    second = {LUN_TAKEN, *ends_of(_later(case))}
    if ran(case) or in_doubt(case):
        second = {end for end in second if end.state not in RAN} | {STALE}
        return sum(end in alone for end in ends) == 1 and all(end in alone | second for end in ends)
    return any(end in alone for end in ends) and all(end in alone | second for end in ends)


def _later(case: Case) -> Case:
    """The second one may begin when the first has ended, and all has happened."""
    return replace(case, when=When.APPROVED) if case.when.during_the_run else case


def _laid_out(case: Case) -> Facts:
    held = HELD if case.content is Content.SR else ELSEWHERE
    own = case.known in {Known.OWN_ATTACHED, Known.OWN_DETACHED}
    by_lun = case.known in {Known.OTHER_ATTACHED, Known.OTHER_DETACHED, Known.OTHER_BY_SERIAL}
    return Facts(
        on_lun=HELD if case.content is Content.SR else "",
        own=held if own else "",
        own_attached=case.known is Known.OWN_ATTACHED,
        other=held if by_lun or case.known is Known.OTHER_BY_UUID else "",
        other_names_lun=by_lun,
        silent=case.known is Known.OTHER_SILENT,
        blind=case.sight is Sight.BLIND,
    )


def _refused(case: Case) -> Ends:
    """What the inspection says before anybody is asked: used is refused, and nothing is done but what was wanted."""
    found, early = facts(case, When.PICKED), happened(case, When.PICKED)
    reasons = set(STOPPED.get(case.change, ())) if early and case.change is not Change.OTHER_SILENT else set()
    if early and case.change in {Change.GONE, Change.UNMAPPED_MASTER}:
        reasons.add("lun_gone")
    if _is_used(case, found):
        reasons.add("lun_in_use")
    if found.silent and case.approval is Approval.NOBODY_MAY:
        reasons.add("pool_not_asked")
    if reasons:
        return frozenset(End(State.PAUSED, reason) for reason in reasons)
    return _not_wanted(case.purpose, found)


def _is_used(case: Case, found: Facts) -> bool:
    """Say whether a pool uses the LUN; one that gives no answer can't say so."""
    may_be_attached = case.purpose is Purpose.ATTACH and found.own == found.on_lun and not found.own_attached
    by_other = bool(found.other) and (found.other_names_lun or found.other == found.on_lun)
    return (bool(found.own) and not may_be_attached) or (by_other and not found.silent)


def _not_wanted(purpose: Purpose, found: Facts) -> Ends:
    if purpose is Purpose.CREATE:
        return frozenset({End(State.FOUND_SR)} if found.on_lun else ())
    if purpose is Purpose.ATTACH:
        return frozenset() if found.on_lun else frozenset({End(State.PAUSED, "no_sr_on_lun")})
    return frozenset() if found.on_lun == HELD else frozenset({End(State.PAUSED, "sr_gone")})


def _not_let_in(case: Case) -> Ends:
    """Only what the right people approved runs, and only in time."""
    if case.approval is Approval.EXPIRED:
        return frozenset({End(State.EXPIRED)})
    if _is_asked_again(case):
        return frozenset({End(State.AWAITING_APPROVAL)})
    return frozenset() if _is_let_in(case) else frozenset({End(State.PAUSED, "not_approved")})


def _is_asked_again(case: Case) -> bool:
    """Others decide since it was approved: of them it is asked again, where all that is recorded is about the plan.

    Where the plan takes an override that nobody may give, it is a no.
    """
    if case.change is not Change.NO_APPROVER or case.when is not When.APPROVED:
        return False
    formats, silent = case.purpose is Purpose.FORMAT, facts(case, When.PICKED).silent
    about_another = {
        Approval.TAMPERED: True,
        Approval.OTHER_PLAN: True,
        Approval.WRONG_TYPING: formats,
        Approval.NOBODY_MAY: formats or silent,
    }
    return not about_another.get(case.approval, False)


def _is_let_in(case: Case) -> bool:
    formats, silent = case.purpose is Purpose.FORMAT, facts(case, When.PICKED).silent
    harmless = {
        Approval.RIGHT: True,
        Approval.NO_OVERRIDE: not formats and not silent,
        Approval.NOBODY_MAY: not formats,
        Approval.WRONG_TYPING: not formats,
        Approval.EXPIRED: True,
    }
    return harmless.get(case.approval, False) and not (case.change is Change.NO_APPROVER and noticed(case))


def _stopped(case: Case) -> Ends:
    """What was approved must still be there, and it must be certain that it is."""
    if case.change in PICK_DIFFERS and noticed(case):
        return frozenset({STALE})
    if happened(case, When.PICKED) or not noticed(case) or _makes_no_difference(case):
        return frozenset()
    if case.change in STOPPED:
        return frozenset(End(State.PAUSED, reason) for reason in STOPPED[case.change])
    return frozenset({STALE})


def _makes_no_difference(case: Case) -> bool:
    """Say whether all is as approved, in spite of a change."""
    approved, now = facts(case, When.PICKED), facts(case, When.OWN)
    if case.change in {Change.BECAME_SR, Change.SR_REPLACED, Change.SR_VANISHED, Change.FORGOTTEN}:
        return (approved.on_lun, approved.own) == (now.on_lun, now.own)
    if case.change in {Change.OTHER_USES, Change.OTHER_SILENT}:
        return approved.silent  # approved without that pool's answer
    return case.change is Change.MAINTENANCE and approved.blind


def _ran(case: Case) -> End:
    """How what nobody could notice ends."""
    approved, now = facts(case, When.PICKED), facts(case, When.OWN)
    moved = case.purpose is Purpose.ATTACH and now.on_lun != approved.on_lun
    if case.change in {Change.GONE, Change.UNMAPPED_MASTER} or moved:
        return End(State.FAILED)
    if case.change is Change.JUNK:
        return UNKNOWN
    return End(State.PARTIAL if now.blind else State.SUCCEEDED)
