"""The thread: one line for each thing that happened, with its time and who did it."""

from __future__ import annotations

from functools import singledispatch
from typing import Final

from bot.request import events as e
from bot.request.found import Finding, HeldSr, Trouble
from bot.request.lifecycle import begin
from bot.request.model import Kind, Outcome, Request, Rival, Seeking, SrEntry, State
from bot.request.plan import MANAGING, REMOVING, Plan, Purpose
from bot.request.policy import Policy
from bot.slack.cards.buttons import lun_words
from bot.slack.cards.kinds import OF_HOSTS, place_noun, sr_of, where
from bot.slack.cards.labels import portal_text
from bot.slack.cards.managed.ended import said as became
from bot.slack.cards.managed.planned import losses_words
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.parts import because, listed, rivalry, storage_wanted, typed_words
from bot.slack.cards.parts import purpose as purpose_of
from bot.slack.cards.plans import sr_words, unseeing
from bot.slack.cards.sited import is_sited, thing
from bot.slack.cards.states.around import NOBODY
from bot.slack.cards.states.ends import attached, died, done, host_line
from bot.slack.cards.texts import clock_time, code, code_block, counted, escape, mention
from bot.slack.cards.troubles import details, told
from bot.storage import xe_sr_list

_MOST_HOSTS: Final = 5
_MOST_FILES: Final = 12
_MOST_HELD: Final = 5


def line(event: e.Event, after: Request, policy: Policy = NOBODY, before: State | None = None) -> str | None:
    """Say in mrkdwn what an event was; None for one that only the card shows.

    `after` is the request after it and `before` the state before. The approvers of the policy are mentioned where they
    are asked to decide, and nowhere else.
    """
    if isinstance(event, e.ApprovalRequested):
        said: str | None = _approval_requested(event, after, policy)
    elif isinstance(event, e.Created | e.CreatedPartly) and before is State.REPAIRING:
        said = _repaired(event, after)
    else:
        said = _say(event, after)
    return None if said is None else f"{clock_time(event.at)}  {said}"


def _approval_requested(event: e.ApprovalRequested, after: Request, policy: Policy) -> str:
    others = [mention(person) for person in sorted(policy.approvers) if person != event.actor]
    asked = f" of {', '.join(others)}" if others else "; nobody but who asked could approve in this channel"
    return f"{mention(event.actor)} requested the approval{asked}.{_overriders(event, after, policy)}"


def _overriders(event: e.ApprovalRequested, after: Request, policy: Policy) -> str:
    if after.plan is None or not after.plan.needs_override:
        return ""
    those = [mention(person) for person in sorted(policy.overriders & policy.approvers) if person != event.actor]
    return f" One of those who may override has to be among them: {', '.join(those) or 'there is nobody now'}."


@singledispatch
def _say(event: e.Event, after: Request) -> str | None:
    """Show nothing for what is just on its way: progress, notices, a worker that takes a step up."""
    del event, after
    return None


@_say.register
def _asked(event: e.Asked, after: Request) -> str:
    why = f" Reason: {code(event.reason, 600)}." if event.reason else ""
    return f"{mention(event.actor)} asked {_wanted(event, after)}.{why}"


def _wanted(event: e.Asked, after: Request) -> str:
    named = f" named {code(event.name)}" if event.name else ""
    where, pool = code(str(event.address)), code(after.pool)
    chore = WORDINGS.get(event.purpose)
    if chore is not None:
        renamed = f" to {code(event.name)}" if event.name and event.purpose is Purpose.RENAME else ""
        return f"to {chore.wish(code(event.sr), pool)}{renamed}"
    if event.kind is not Kind.ISCSI and event.purpose is not Purpose.FORMAT:
        return storage_wanted(begin(event))
    if event.purpose is Purpose.ATTACH:
        return f"to attach the SR on a LUN of {where} to pool {pool}" + (
            f" as {code(event.name)}" if event.name else ""
        )
    if event.dies is not None and event.lun is not None:
        over = f"over the SR {sr_words(event.dies)} on {lun_words(event.lun)}, SCSIid {code(event.lun.scsi_id or '')}"
        typed = ", and typed the end of that" if event.typed else ""
        return f"for {sr_of(event.kind)}{named} {over}{typed}. It goes on from request {code(event.follows)}"
    return f"for an iSCSI SR{named} from {where} for pool {pool}"


@_say.register
def _targets_found(event: e.TargetsFound, after: Request) -> str:
    return f"Pool {code(after.pool)} found {_found(event.finding, 'target')} at {code(str(after.address))}."


@_say.register
def _luns_found(event: e.LunsFound, after: Request) -> str:
    shows = f"The adapters of pool {code(after.pool)} show" if after.kind is Kind.HBA else "The target shows"
    return f"{shows} {_found(event.finding, 'LUN')}."


def _found(finding: Finding, noun: str) -> str:
    hidden = f" ({finding.hidden:,} more are not allowed)" if finding.hidden else ""
    return counted(finding.count, noun) + hidden


@_say.register
def _target_picked(event: e.TargetPicked, _after: Request) -> str:
    if event.target.all_of:
        return f"The hosts are to log in to all {counted(len(event.target.all_of), 'target')} that were found."
    portals = ", ".join(code(portal_text(portal)) for portal in event.target.portals[:2])
    picked = f"{code(event.target.iqn)} at {portals}"
    return (
        f"Only one target was offered, so it was picked: {picked}."
        if event.only_one
        else (f"{mention(event.actor)} picked the target {picked}.")
    )


@_say.register
def _lun_picked(event: e.LunPicked, _after: Request) -> str:
    picked = f"{mention(event.actor)} picked {lun_words(event.lun)}, SCSIid {code(event.lun.scsi_id or '')}."
    return f"{picked} {rivalry(event.rivals)}" if event.rivals else picked


@_say.register
def _places_found(event: e.PlacesFound, after: Request) -> str:
    noun = place_noun(after)
    if after.seeking is Seeking.HOST:
        return f"Pool {code(after.pool)} has {_found(event.finding, noun)} that can be picked."
    return f"Pool {code(after.pool)} found {_found(event.finding, noun)} at {where(after)}."


@_say.register(e.HostPicked)
@_say.register(e.HostTaken)
def _host_picked(event: e.HostPicked | e.HostTaken, _after: Request) -> str:
    if event.actor is None:
        return f"The pool has no other host than {code(event.place.text)}, so it was picked."
    return f"{mention(event.actor)} picked the host {code(event.place.text)}."


@_say.register
def _place_picked(event: e.PlacePicked, after: Request) -> str:
    return f"{mention(event.actor)} chose the {place_noun(after)} {code(event.place.text)}."


@_say.register
def _places_wanted(event: e.PlacesWanted, after: Request) -> str:
    return f"{mention(event.actor)} had the {place_noun(after)}s looked for again."


@_say.register
def _place_reopened(event: e.PlaceReopened, after: Request) -> str:
    return f"{mention(event.actor)} went back to the {place_noun(after)}s."


@_say.register
def _srs_found(event: e.SrsFound, _after: Request) -> str:
    shown = "; ".join(sr_words(held) for held in event.held[:_MOST_HELD])
    more = f" and {len(event.held) - _MOST_HELD} more" if len(event.held) > _MOST_HELD else ""
    there = "SRs are on the share that can be attached" if len(event.held) > 1 else "An SR is on the share"
    return f"{there}: {shown}{more}.{_also_wanted(event.rivals, 'storage')}"


@_say.register
def _new_chosen(event: e.NewChosen, _after: Request) -> str:
    return f"{mention(event.actor)} wants a new SR beside what is there: plan {event.plan_number}."


@_say.register
def _sr_picked(event: e.SrPicked, _after: Request) -> str:
    return f"{mention(event.actor)} wants the SR {code(event.sr)} attached as it is."


@_say.register
def _plan_made(event: e.PlanMade, _after: Request) -> str:
    what = "LUN" if event.plan.way else "storage"
    return f"{_found_there(event.plan)}{_also_wanted(event.rivals, what)}"


def _found_there(plan: Plan) -> str:
    lun = _lun(plan)
    if plan.purpose in MANAGING:
        return _found_sr(plan)
    if is_sited(plan) and plan.purpose is not Purpose.ATTACH:
        return f"{_sited(plan)}: plan {plan.number} was made."
    if plan.way is None and plan.held is None:
        return f"Pool {code(plan.pool)} can have the share: plan {plan.number} was made."
    if plan.held is None:
        return f"No SR was found on {lun}: plan {plan.number} was made."
    does = "attaches it" if plan.purpose is Purpose.ATTACH else "formats over it"
    if is_sited(plan):
        lun = thing(plan)
    return f"{lun} holds the SR {sr_words(plan.held)}: plan {plan.number} {does}."


def _sited(plan: Plan) -> str:
    return f"{thing(plan)} can be used" + (", and no SR was found there" if plan.looked else "")


def _lun(plan: Plan) -> str:
    return lun_words(plan.lun) if plan.lun else "The share"


def _found_sr(plan: Plan) -> str:
    held = plan.held or HeldSr("")
    where = f"attached to {listed(plan.attached)}" if plan.attached else "attached to no host"
    holds = f" and holds {losses_words(plan.losses)}" if plan.losses else ""
    return f"The SR {sr_words(held)} is {where}{holds}: plan {plan.number} was made."


def _also_wanted(rivals: tuple[Rival, ...], what: str = "LUN") -> str:
    """Who is behind them was said at the pick; a mention would call them again."""
    named = listed([rival.request for rival in rivals])
    return f" The {what} is wanted by request {named} too." if rivals else ""


@_say.register
def _sr_found(event: e.SrFound, _after: Request) -> str:
    held = sr_words(event.plan.held or HeldSr(""))
    return f"{_lun(event.plan)} holds the SR {held}.{_also_wanted(event.rivals)}"


@_say.register
def _attach_chosen(event: e.AttachChosen, _after: Request) -> str:
    return f"{mention(event.actor)} wants that SR attached as it is."


@_say.register
def _hosts_accepted(event: e.HostsAccepted, _after: Request) -> str:
    return f"{mention(event.actor)} accepted that {unseeing(event.plan.accepted)}: plan {event.plan.number} says so."


@_say.register
def _followed(event: e.Followed, _after: Request) -> str:
    return f"{mention(event.actor)} asked to format over the SR: that goes on as request {code(event.by)}."


@_say.register
def _retry_wanted(event: e.RetryWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the hosts tried again."


@_say.register
def _step_failed(event: e.StepFailed, after: Request) -> str:
    return f"The step could not be done: {_trouble(event.trouble, after)}"


@_say.register
def _targets_wanted(event: e.TargetsWanted, _after: Request) -> str:
    chap = f" with the credential {code(event.credential)}" if event.credential else ""
    return f"{mention(event.actor)} had {code(str(event.address))} searched again{chap}."


@_say.register
def _credential_picked(event: e.CredentialPicked, _after: Request) -> str:
    credential = f"with the credential {code(event.credential)}" if event.credential else "without a credential"
    return f"{mention(event.actor)} had the share looked at again {credential}."


@_say.register
def _luns_wanted(event: e.LunsWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the LUNs looked for again."


@_say.register
def _inspection_wanted(event: e.InspectionWanted, after: Request) -> str:
    other = "share" if after.share is not None else "storage" if after.kind in OF_HOSTS else "LUN"
    what = "SR" if after.purpose in MANAGING else other
    return f"{mention(event.actor)} had the {what} inspected again."


@_say.register
def _target_reopened(event: e.TargetReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the targets."


@_say.register
def _lun_reopened(event: e.LunReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the LUNs."


@_say.register
def _approved(event: e.Approved, after: Request) -> str:
    typed = f" and typed {typed_words(purpose_of(after))}" if event.typed else ""
    return f"{mention(event.actor)} approved plan {event.plan_number}{typed}."


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


@_say.register
def _was_done(event: e.Done, after: Request) -> str:
    plan, outcome = after.plan, event.outcome
    if plan is None or plan.purpose not in MANAGING:
        return f"The SR {code(outcome.sr.uuid)}: done."
    said = became(after, outcome, plan)
    return said if plan.purpose in REMOVING - {Purpose.DETACH} else f"{said}\n{_listing(outcome.sr)}"


@_say.register
def _created_partly(event: e.CreatedPartly, after: Request) -> str:
    outcome = event.outcome
    said = f"The SR {code(outcome.sr.uuid)} was {_done(outcome, after, 'but is only ')}."
    return "\n".join([*_told(said, after), *_missing(outcome, after), _listing(outcome.sr)])


def _done(outcome: Outcome, after: Request, only: str = "") -> str:
    if not only and done(after) == "attached":
        return attached(outcome)
    return f"{done(after)}, {only}{attached(outcome)}"


def _repaired(event: e.Created | e.CreatedPartly, after: Request) -> str:
    outcome = event.outcome
    only = "now" if isinstance(event, e.Created) else "still only"
    return "\n".join([f"The SR {code(outcome.sr.uuid)} is {only} {attached(outcome)}.", *_missing(outcome, after)])


def _missing(outcome: Outcome, after: Request) -> list[str]:
    return [host_line(host, after.plan) for host in outcome.hosts if not host.attached][:_MOST_HOSTS]


def _listing(sr: SrEntry) -> str:
    return code_block(xe_sr_list([sr]))


@_say.register
def _run_failed(event: e.RunFailed, after: Request) -> str:
    return f"The SR was not {done(after)}: {_trouble(event.trouble, after)}"


@_say.register
def _lost_track(event: e.LostTrack, after: Request) -> str:
    return f"Whether the SR was {done(after)} is not known: {_trouble(event.trouble, after)}"


def _trouble(trouble: Trouble, after: Request) -> str:
    more = details(trouble)
    return told(trouble, managed=after.purpose in MANAGING).sentence + (f" ({more})" if more else "")
