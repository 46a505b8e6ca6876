"""The thread: one line for each thing that happened, with its time and who did it."""

from __future__ import annotations

from collections.abc import Collection
from functools import singledispatch

from bot.request import events as e
from bot.request.model import Finding, Request, SrEntry, State, Trouble
from bot.slack.cards.buttons import lun_words
from bot.slack.cards.ends import attached, host_line
from bot.slack.cards.labels import portal_text
from bot.slack.cards.parts import because
from bot.slack.cards.texts import clock_time, code, code_block, counted, escape, mention
from bot.slack.cards.troubles import details, told
from bot.storage import xe_sr_list


def line(event: e.Event, after: Request, approvers: Collection[str] = ()) -> str | None:
    """Say in mrkdwn what an event was; None for one that only the card shows.

    `after` is the request after it; `approvers` are mentioned where they are asked to decide, and nowhere else.
    """
    if isinstance(event, e.ApprovalRequested):
        said: str | None = _approval_requested(event, approvers)
    else:
        said = _say(event, after)
    return None if said is None else f"{clock_time(event.at)}  {said}"


def _approval_requested(event: e.ApprovalRequested, approvers: Collection[str]) -> str:
    others = [mention(person) for person in sorted(approvers) if person != event.actor]
    asked = f" of {', '.join(others)}" if others else "; nobody but who asked could approve in this channel"
    return f"{mention(event.actor)} requested the approval{asked}."


@singledispatch
def _say(event: e.Event, after: Request) -> str | None:
    """Show nothing for what is just on its way: progress, notices, a worker that takes a step up."""
    del event, after
    return None


@_say.register
def _asked(event: e.Asked, after: Request) -> str:
    why = f" Reason: {code(event.reason, 600)}." if event.reason else ""
    named = f" named {code(event.name)}" if event.name else ""
    what = f"an iSCSI SR{named} from {code(str(event.address))} for pool {code(after.pool)}"
    return f"{mention(event.actor)} asked for {what}.{why}"


@_say.register
def _targets_found(event: e.TargetsFound, after: Request) -> str:
    return f"Pool {code(after.pool)} found {_found(event.finding, 'target')} at {code(str(after.address))}."


@_say.register
def _luns_found(event: e.LunsFound, _after: Request) -> str:
    return f"The target shows {_found(event.finding, 'LUN')}."


def _found(finding: Finding, noun: str) -> str:
    hidden = f" ({finding.hidden:,} more are not allowed)" if finding.hidden else ""
    return counted(finding.count, noun) + hidden


@_say.register
def _target_picked(event: e.TargetPicked, _after: Request) -> str:
    portals = ", ".join(code(portal_text(portal)) for portal in event.target.portals[:2])
    picked = f"{code(event.target.iqn)} at {portals}"
    return (
        f"Only one target was offered, so it was picked: {picked}."
        if event.only_one
        else (f"{mention(event.actor)} picked the target {picked}.")
    )


@_say.register
def _lun_picked(event: e.LunPicked, _after: Request) -> str:
    return f"{mention(event.actor)} picked {lun_words(event.lun)}, SCSIid {code(event.lun.scsi_id or '')}."


@_say.register
def _plan_made(event: e.PlanMade, _after: Request) -> str:
    return f"No SR was found on {lun_words(event.plan.lun)}: plan {event.plan.number} was made."


@_say.register
def _step_failed(event: e.StepFailed, _after: Request) -> str:
    return f"The step could not be done: {_trouble(event.trouble)}"


@_say.register
def _targets_wanted(event: e.TargetsWanted, _after: Request) -> str:
    chap = f" with the credential {code(event.credential)}" if event.credential else ""
    return f"{mention(event.actor)} had {code(str(event.address))} searched again{chap}."


@_say.register
def _luns_wanted(event: e.LunsWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the LUNs looked for again."


@_say.register
def _inspection_wanted(event: e.InspectionWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the LUN inspected again."


@_say.register
def _target_reopened(event: e.TargetReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the targets."


@_say.register
def _lun_reopened(event: e.LunReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the LUNs."


@_say.register
def _approved(event: e.Approved, _after: Request) -> str:
    return f"{mention(event.actor)} approved plan {event.plan_number}."


@_say.register
def _started(_event: e.StepStarted, after: Request) -> str | None:
    return "A worker started." if after.state is State.RUNNING else None


@_say.register
def _rejected(event: e.Rejected, _after: Request) -> str:
    return f"{mention(event.actor)} rejected the request.{because(event.because)}"


@_say.register
def _cancelled(event: e.Cancelled, _after: Request) -> str:
    return f"{mention(event.actor)} cancelled the request.{because(event.because)}"


@_say.register
def _expired(_event: e.Expired, _after: Request) -> str:
    return "The request expired: nobody moved in time."


@_say.register
def _went_stale(event: e.WentStale, _after: Request) -> str:
    changes = "; ".join(escape(change) for change in event.changes[:5])
    return f"Nothing was done, since things have changed: {changes}."


@_say.register
def _created(event: e.Created, _after: Request) -> str:
    outcome = event.outcome
    return f"The SR {code(outcome.sr.uuid)} was created, {attached(outcome)}.\n{_listing(outcome.sr)}"


@_say.register
def _created_partly(event: e.CreatedPartly, _after: Request) -> str:
    outcome = event.outcome
    missing = [host_line(host) for host in outcome.hosts if not host.attached]
    said = f"The SR {code(outcome.sr.uuid)} was created, but is only {attached(outcome)}."
    return "\n".join([said, *missing[:5], _listing(outcome.sr)])


def _listing(sr: SrEntry) -> str:
    return code_block(xe_sr_list([sr]))


@_say.register
def _run_failed(event: e.RunFailed, _after: Request) -> str:
    return f"The SR was not created: {_trouble(event.trouble)}"


@_say.register
def _lost_track(event: e.LostTrack, _after: Request) -> str:
    return f"Whether the SR was created is not known: {_trouble(event.trouble)}"


def _trouble(trouble: Trouble) -> str:
    more = details(trouble)
    return told(trouble).sentence + (f" ({more})" if more else "")
