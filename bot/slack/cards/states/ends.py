"""What a card says once its request has ended: nothing is left to decide, but hosts may be tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.ledger.store import UNKNOWN_SECONDS
from bot.request.found import Trouble
from bot.request.model import HostPbd, Outcome, Request, State
from bot.request.plan import MANAGING, Plan, Purpose
from bot.slack.cards import buttons, parts, plans
from bot.slack.cards.blocks import Block, actions, fields, paragraphs, section
from bot.slack.cards.managed.ended import said as became
from bot.slack.cards.managed.wording import Wording
from bot.slack.cards.states.around import Around
from bot.slack.cards.texts import clock_time, code, counted, escape, mention
from bot.slack.cards.troubles import details, told

HEADLINES: Final[Mapping[State, str]] = {
    State.SUCCEEDED: "The SR is ready",
    State.PARTIAL: "The SR is there, but not on every host",
    State.UNKNOWN: "It is not known whether the SR was created",
    State.FAILED: "The SR was not created",
    State.REJECTED: "Rejected",
    State.CANCELLED: "Cancelled",
    State.EXPIRED: "Expired",
    State.STALE: "Not done: things have changed since the approval",
}


HEADLINES_WHEN_ATTACHING: Final[Mapping[State, str]] = {
    State.UNKNOWN: "It is not known whether the SR was attached",
    State.FAILED: "The SR was not attached",
}


def headlines_of(chore: Wording) -> Mapping[State, str]:
    """Head the end of what was done to an SR that the pool knows."""
    return {
        State.SUCCEEDED: chore.ready,
        State.UNKNOWN: f"It is not known whether the SR was {chore.done}",
        State.FAILED: f"The SR was not {chore.done}",
    }


FOLLOWED: Final = "Goes on as another request"
SECTIONS_OF_HOSTS: Final = 3


def body(request: Request, _around: Around) -> list[Block | None]:
    again = [buttons.retry(request)] if request.state is State.PARTIAL else []
    row = actions([*again, *parts.details(request)])
    return [*_BODIES[request.state](request), parts.approvals(request), row]


def _created(request: Request) -> list[Block | None]:
    plan, outcome = request.plan, request.outcome
    if plan is not None and outcome is not None and plan.purpose in MANAGING - {Purpose.REPAIR}:
        return [section(became(request, outcome, plan))]
    hosts = sorted(outcome.hosts if outcome else (), key=lambda host: host.attached)
    lines = [host_line(host, plan) for host in hosts]
    return [*summary(request), *gone(request), *paragraphs(lines, SECTIONS_OF_HOSTS), *_files(outcome)]


def _files(outcome: Outcome | None) -> list[Block]:
    if outcome is None or not outcome.files:
        return []
    return [section(f"*On it:* {counted(len(outcome.files), 'file')}; the thread lists them.")]


def gone(request: Request) -> list[Block]:
    """Say that the SR is gone that was formatted over."""
    dead = died(request.plan)
    return [section(dead)] if dead else []


def died(plan: Plan | None) -> str:
    """Say that the SR is gone that was formatted over; empty where there was none."""
    if plan is None or plan.dies is None or plan.purpose is not Purpose.FORMAT:
        return ""
    return f"The SR {plans.sr_words(plan.dies)} that was there is gone, with everything that was in it."


def summary(request: Request) -> list[Block | None]:
    """Name the SR that stands on the pool, and count its hosts."""
    outcome = request.outcome
    if outcome is None:
        return []
    rows = [
        ("Name", code(outcome.sr.name_label)),
        ("Pool", code(request.pool)),
        ("Kind", code(outcome.sr.type)),
        ("Hosts", attached(outcome)),
    ]
    return [section(f"*UUID*\n{code(outcome.sr.uuid)}"), fields(rows), *_target(request)]


def _target(request: Request) -> list[Block]:
    return plans.target(request.plan) if request.plan and request.plan.purpose not in MANAGING else []


def attached(outcome: Outcome) -> str:
    """Count the hosts that see the SR."""
    on = sum(host.attached for host in outcome.hosts)
    return f"attached on {on} of {counted(len(outcome.hosts), 'host')}"


def host_line(pbd: HostPbd, plan: Plan | None = None, *, initiator: bool = True) -> str:
    """Say whether one host sees the SR; where it does not, its initiator IQN, its own error and the next step.

    `initiator`: whether it is about a LUN; the plan says that too, and which hosts it leaves out.
    """
    if pbd.attached:
        return f"{code(pbd.host)}: PBD attached"
    by_iqn = initiator if plan is None else _by_iqn(plan)
    named = f"{code(pbd.host)}: *PBD not attached*" + (f", initiator {code(pbd.iqn)}" if by_iqn else "")
    meant = _is_accepted(pbd, plan)
    said = [named, *([_ON_PURPOSE] if meant else []), *_error(pbd.trouble, advised=not meant)]
    return said[0] if len(said) == 1 else f"{said[0]}. {' '.join(said[1:])}"


_ON_PURPOSE: Final = "It was left out on purpose: accepted in the plan."


def _error(trouble: Trouble | None, *, advised: bool) -> list[str]:
    if trouble is None:
        return []
    what, more = told(trouble), details(trouble)
    return [what.sentence, *([what.next_step] if advised else []), *([f"({more})"] if more else [])]


def _is_accepted(pbd: HostPbd, plan: Plan | None) -> bool:
    """Hosts may have the same name; their initiator IQNs differ, else there is no plan."""
    blind = {(sight.host, sight.iqn) for sight in plan.hosts if not sight.sees} if plan else set()
    iqn = pbd.iqn if plan is not None and _by_iqn(plan) else ""
    return plan is not None and pbd.host in plan.accepted and (pbd.host, iqn) in blind


def _by_iqn(plan: Plan) -> bool:
    """Whether the hosts log in for the storage, by their initiator IQNs."""
    return plan.way is not None and "iscsi" in plan.sr_type


def _partial(request: Request) -> list[Block | None]:
    trouble = [] if request.trouble is None else parts.trouble(request.trouble)
    return [section(_missing(request)), *trouble, *_created(request)]


def _missing(request: Request) -> str:
    hosts = request.outcome.hosts if request.outcome else ()
    meant = all(host.attached or _is_accepted(host, request.plan) for host in hosts)
    return _OF_ACCEPTED if hosts and meant else _OF_HOSTS


_OF_HOSTS: Final = (
    "The SR exists. Put the hosts below right, then press Retry, or plug their PBDs yourself: `xe pbd-plug`."
)
_OF_ACCEPTED: Final = (
    "The SR exists, on every host but those that the plan leaves out on purpose. Once they see the LUN, press Retry."
)


def _failed(request: Request) -> list[Block | None]:
    said = f"No SR was {done(request)}." if parts.wording(request) is None else f"The SR was not {done(request)}."
    return [*_trouble(request, f"{said}{_lost(request)}"), *_plan(request)]


def _unknown(request: Request) -> list[Block | None]:
    chore = parts.wording(request) is not None
    return [*_trouble(request, f"{_LOOK_AT_SR if chore else _LOOK}{_lost(request)}{_locked(request)}"), *_plan(request)]


_LOOK: Final = "Look at the pool with `/sr list` before you ask anew: the SR may be there."
_LOOK_AT_SR: Final = (
    "Look at the pool with `/sr list` and `/sr show` before you ask anew: it may be done, in part or whole."
)


def _locked(request: Request) -> str:
    """The pool may be about to change the storage still."""
    if request.plan is None or not request.plan.runs_on:
        return ""
    what = "LUN" if request.plan.way else "storage"
    return (
        f" Until {clock_time(request.changed_at + UNKNOWN_SECONDS)} no other plan can run on this {what}; then it can."
    )


def _lost(request: Request) -> str:
    """The storage manager erases before it creates (SM: lvutil.py, createVG)."""
    dies = request.plan is not None and request.plan.dies is not None
    if not dies:
        return ""
    destroying = parts.purpose(request) is Purpose.DESTROY
    return _MAYBE_ERASED if destroying else " The SR that the LUN held may be gone all the same."


_MAYBE_ERASED: Final = " What is on it may be erased all the same."


def done(request: Request) -> str:
    """Say what is done to an SR: created, attached, or what else."""
    chore = parts.wording(request)
    if chore is not None:
        return chore.done
    return "attached" if parts.purpose(request) is Purpose.ATTACH else "created"


def _trouble(request: Request, advice: str) -> list[Block]:
    if request.trouble is None:
        return [section(advice)]
    return parts.trouble(request.trouble, advice, managed=parts.wording(request) is not None)


def _plan(request: Request) -> list[Block]:
    return plans.plan(request.plan) if request.plan else []


def _rejected(request: Request) -> list[Block | None]:
    why = parts.because(request.ended_because)
    return [section(f"{mention(request.ended_by)} rejected this.{why} Nothing was changed."), *_plan(request)]


def _cancelled(request: Request) -> list[Block | None]:
    if request.followed_by:
        return [section(_FOLLOWED.replace("{request}", code(request.followed_by)))]
    why = parts.because(request.ended_because)
    stopped = (
        ""
        if request.trouble is None
        else f"\nIt could not be done: {told(request.trouble, managed=request.purpose in MANAGING).sentence}"
    )
    return [section(f"{mention(request.ended_by)} cancelled this.{why} Nothing was changed.{stopped}")]


_FOLLOWED: Final = "This goes on as request {request}, which asks to format over the SR. Nothing was changed so far."


def _expired(_request: Request) -> list[Block | None]:
    return [section("Nobody moved in time, so this has ended. Nothing was changed: ask anew with `/sr`.")]


def _stale(request: Request) -> list[Block | None]:
    said = "What was approved is no longer what is there, so nothing was changed. Ask anew with `/sr`."
    return [section(said), *paragraphs(f"• {escape(change)}" for change in request.changes), *_plan(request)]


_BODIES: Final[Mapping[State, Callable[[Request], list[Block | None]]]] = {
    State.SUCCEEDED: _created,
    State.PARTIAL: _partial,
    State.UNKNOWN: _unknown,
    State.FAILED: _failed,
    State.REJECTED: _rejected,
    State.CANCELLED: _cancelled,
    State.EXPIRED: _expired,
    State.STALE: _stale,
}
