"""What was found, and what the requester took of it."""

from __future__ import annotations

from bot.request import events as e
from bot.request.found import Finding
from bot.request.model import Kind, Request, Seeking
from bot.request.plan import MANAGING
from bot.slack.cards.buttons import lun_words
from bot.slack.cards.kinds import OF_HOSTS, place_noun, where
from bot.slack.cards.labels import portal_text
from bot.slack.cards.lines.saying import say
from bot.slack.cards.parts import rivalry
from bot.slack.cards.texts import code, counted, mention


@say.register
def _targets_found(event: e.TargetsFound, after: Request) -> str:
    return f"Pool {code(after.pool)} found {_found(event.finding, 'target')} at {code(str(after.address))}."


@say.register
def _luns_found(event: e.LunsFound, after: Request) -> str:
    shows = f"The adapters of pool {code(after.pool)} show" if after.kind is Kind.HBA else "The target shows"
    return f"{shows} {_found(event.finding, 'LUN')}."


def _found(finding: Finding, noun: str) -> str:
    hidden = f" ({finding.hidden:,} more are not allowed)" if finding.hidden else ""
    return counted(finding.count, noun) + hidden


@say.register
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


@say.register
def _lun_picked(event: e.LunPicked, _after: Request) -> str:
    picked = f"{mention(event.actor)} picked {lun_words(event.lun)}, SCSIid {code(event.lun.scsi_id or '')}."
    return f"{picked} {rivalry(event.rivals)}" if event.rivals else picked


@say.register
def _places_found(event: e.PlacesFound, after: Request) -> str:
    noun = place_noun(after)
    if after.seeking is Seeking.HOST:
        return f"Pool {code(after.pool)} has {_found(event.finding, noun)} that can be picked."
    return f"Pool {code(after.pool)} found {_found(event.finding, noun)} at {where(after)}."


@say.register(e.HostPicked)
@say.register(e.HostTaken)
def _host_picked(event: e.HostPicked | e.HostTaken, _after: Request) -> str:
    if event.actor is None:
        return f"The pool has no other host than {code(event.place.text)}, so it was picked."
    return f"{mention(event.actor)} picked the host {code(event.place.text)}."


@say.register
def _place_picked(event: e.PlacePicked, after: Request) -> str:
    return f"{mention(event.actor)} chose the {place_noun(after)} {code(event.place.text)}."


@say.register
def _places_wanted(event: e.PlacesWanted, after: Request) -> str:
    return f"{mention(event.actor)} had the {place_noun(after)}s looked for again."


@say.register
def _place_reopened(event: e.PlaceReopened, after: Request) -> str:
    return f"{mention(event.actor)} went back to the {place_noun(after)}s."


@say.register
def _targets_wanted(event: e.TargetsWanted, _after: Request) -> str:
    chap = f" with the credential {code(event.credential)}" if event.credential else ""
    return f"{mention(event.actor)} had {code(str(event.address))} searched again{chap}."


@say.register
def _credential_picked(event: e.CredentialPicked, _after: Request) -> str:
    credential = f"with the credential {code(event.credential)}" if event.credential else "without a credential"
    return f"{mention(event.actor)} had the share looked at again {credential}."


@say.register
def _luns_wanted(event: e.LunsWanted, _after: Request) -> str:
    return f"{mention(event.actor)} had the LUNs looked for again."


@say.register
def _inspection_wanted(event: e.InspectionWanted, after: Request) -> str:
    other = "share" if after.share is not None else "storage" if after.kind in OF_HOSTS else "LUN"
    what = "SR" if after.purpose in MANAGING else other
    return f"{mention(event.actor)} had the {what} inspected again."


@say.register
def _target_reopened(event: e.TargetReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the targets."


@say.register
def _lun_reopened(event: e.LunReopened, _after: Request) -> str:
    return f"{mention(event.actor)} went back to the LUNs."
