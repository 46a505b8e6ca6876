"""What a run came to, or why there was none."""

from __future__ import annotations

from typing import Final

from bot.request import events as e
from bot.request.found import Trouble
from bot.request.model import Outcome, Request, SrEntry, State
from bot.request.plan import MANAGING, REMOVING, Purpose
from bot.slack.cards.lines.saying import say
from bot.slack.cards.managed.ended import said as became
from bot.slack.cards.parts import because
from bot.slack.cards.states.ends import attached, died, done, host_line
from bot.slack.cards.texts import code, code_block, counted, escape, mention
from bot.slack.cards.troubles import details, told
from bot.storage import xe_sr_list

_MOST_HOSTS: Final = 5
_MOST_FILES: Final = 12


@say.register
def _started(_event: e.StepStarted, after: Request) -> str | None:
    return "A worker started." if after.state is State.RUNNING else None


@say.register
def _step_failed(event: e.StepFailed, after: Request) -> str:
    return f"The step could not be done: {_trouble(event.trouble, after)}"


@say.register
def _retry_wanted(event: e.RetryWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the hosts tried again."


@say.register
def _cancelled(event: e.Cancelled, _after: Request) -> str:
    return f"{mention(event.actor)} cancelled the request.{because(event.because)}"


@say.register
def _expired(_event: e.Expired, _after: Request) -> str:
    return "The request expired: nobody moved in time."


@say.register
def _went_stale(event: e.WentStale, _after: Request) -> str:
    changes = "; ".join(escape(change) for change in event.changes[:5])
    return f"Nothing was done, since things have changed: {changes}."


@say.register
def _created(event: e.Created, after: Request) -> str:
    outcome = event.outcome
    said = f"The SR {code(outcome.sr.uuid)} was {_done(outcome, after)}."
    return "\n".join([*_told(said, after), _listing(outcome.sr), *_files(outcome)])


def _told(said: str, after: Request) -> list[str]:
    """Add that the SR is gone that was formatted over."""
    return [said, *filter(None, [died(after.plan)])]


def _files(outcome: Outcome) -> list[str]:
    """List what a library holds."""
    files, more = outcome.files[:_MOST_FILES], len(outcome.files) - _MOST_FILES
    if not files:
        return []
    rest = [f"and {counted(more, 'file')} more"] if more > 0 else []
    return [f"On it: {counted(len(outcome.files), 'file')}", code_block("\n".join(files)), *rest]


@say.register
def _was_done(event: e.Done, after: Request) -> str:
    plan, outcome = after.plan, event.outcome
    if plan is None or plan.purpose not in MANAGING:
        return f"The SR {code(outcome.sr.uuid)}: done."
    said = became(after, outcome, plan)
    return said if plan.purpose in REMOVING - {Purpose.DETACH} else f"{said}\n{_listing(outcome.sr)}"


@say.register
def _created_partly(event: e.CreatedPartly, after: Request) -> str:
    outcome = event.outcome
    said = f"The SR {code(outcome.sr.uuid)} was {_done(outcome, after, 'but is only ')}."
    return "\n".join([*_told(said, after), *_missing(outcome, after), _listing(outcome.sr)])


def _done(outcome: Outcome, after: Request, only: str = "") -> str:
    if not only and done(after) == "attached":
        return attached(outcome)
    return f"{done(after)}, {only}{attached(outcome)}"


def repaired(event: e.Created | e.CreatedPartly, after: Request) -> str:
    outcome = event.outcome
    only = "now" if isinstance(event, e.Created) else "still only"
    return "\n".join([f"The SR {code(outcome.sr.uuid)} is {only} {attached(outcome)}.", *_missing(outcome, after)])


def _missing(outcome: Outcome, after: Request) -> list[str]:
    return [host_line(host, after.plan) for host in outcome.hosts if not host.attached][:_MOST_HOSTS]


def _listing(sr: SrEntry) -> str:
    return code_block(xe_sr_list([sr]))


@say.register
def _run_failed(event: e.RunFailed, after: Request) -> str:
    return f"The SR was not {done(after)}: {_trouble(event.trouble, after)}"


@say.register
def _lost_track(event: e.LostTrack, after: Request) -> str:
    return f"Whether the SR was {done(after)} is not known: {_trouble(event.trouble, after)}"


def _trouble(trouble: Trouble, after: Request) -> str:
    more = details(trouble)
    return told(trouble, managed=after.purpose in MANAGING).sentence + (f" ({more})" if more else "")
