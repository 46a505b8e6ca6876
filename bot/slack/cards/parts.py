"""Parts that several states of a card share. All of them are functions of the stored request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.request.approving import Approval
from bot.request.found import Finding, Lun, Portal, Protocol, Target, Trouble
from bot.request.model import CHOOSING, Kind, Request, Rival, State
from bot.request.plan import MANAGING, Purpose
from bot.slack.cards import buttons
from bot.slack.cards.blocks import Block, actions, context, fields, section
from bot.slack.cards.details import raw_troubles
from bot.slack.cards.kinds import has_other_hosts, may_be_typed, place_noun, sr_of
from bot.slack.cards.labels import paths_text, portal_text
from bot.slack.cards.managed.wording import WORDINGS, Wording
from bot.slack.cards.texts import NOTHING, clock_time, code, counted, lasting, mention, moment
from bot.slack.cards.troubles import details as looked_for
from bot.slack.cards.troubles import told
from bot.storage.sizes import human_size

_MOST_NAMES: Final = 8
_NAME: Final = 64
_REASON: Final = 600

NOTICES: Final = {
    "no_worker": "No worker is running for pool {pool}. An operator must start one.",
    "worker_busy": "The worker of pool {pool} is busy with something else; this comes next.",
    "pool_slow": "Pool {pool} takes its time{doing}.",
}
"""What a request waits for, by the first word of a notice."""

EVERY: Final = "all that the array offers"
ONLY_ONE: Final = "Only one target was offered, so it was picked."


def waits(request: Request) -> Block | None:
    """Say what a request waits for and for how long already, once that is worth saying."""
    work = request.work
    if work.noticed_at is None:
        return None
    kind, _, doing = work.notice.partition(":")
    text = NOTICES.get(kind, NOTICES["pool_slow"])
    text = text.replace("{pool}", code(request.pool)).replace("{doing}", f": {code(doing)}" if doing else "")
    waited = lasting(work.noticed_at - work.asked_at)
    return context(f"*Still waiting*, for {waited} already (since {clock_time(work.asked_at)}). {text}")


def doing(request: Request) -> Block | None:
    """Say what the worker does now."""
    return context(f"Now: {code(request.work.doing)}") if request.work.doing else None


def waiting(request: Request) -> list[Block | None]:
    """Say what happens meanwhile; it can be cancelled as long as nothing was changed."""
    return [doing(request), waits(request), actions([buttons.cancel(request)])]


def purpose(request: Request) -> Purpose:
    """Give what becomes of the LUN, as the plan says once there is one."""
    return request.plan.purpose if request.plan else request.purpose


def wording(request: Request) -> Wording | None:
    """Give the words for what is done to an SR that the pool knows; None where it isn't about one."""
    return WORDINGS.get(purpose(request))


def trouble(what: Trouble, *advice: str, managed: bool = False) -> list[Block]:
    """Say what went wrong, the next step, and advice where it was the end; then what an operator looks for."""
    said, more = told(what, managed=managed), looked_for(what)
    step = _anew(said.next_step) if advice else said.next_step
    text = "\n".join([f"*{said.sentence}*", step, *advice])
    return [section(text), *([context(more)] if more else [])]


def _anew(next_step: str) -> str:
    """What has ended can't be tried again; the same advice holds for asking anew."""
    return next_step.replace("Try again", "Ask anew").replace("try again", "ask anew")


def approvals(request: Request) -> Block | None:
    """Say who has approved, and when."""
    given = [f"{mention(yes.actor)} at {clock_time(yes.at)}{_typed(request, yes)}" for yes in request.approvals]
    return context("Approved by " + ", ".join(given)) if given else None


def _typed(request: Request, yes: Approval) -> str:
    return f" (and typed {typed_words(purpose(request))})" if yes.typed else ""


def typed_words(about: Purpose) -> str:
    """Name what is typed by those who let an SR die."""
    return "the SR's name" if about is Purpose.DESTROY else "the end of the SCSIid"


def because(text: str) -> str:
    """Give the reason of who ended a request, as a sentence that follows another."""
    return f" Reason: {code(text, _REASON)}." if text else ""


def portals(found: tuple[Portal, ...]) -> str:
    return listed([portal_text(portal) for portal in found])


def listed(names: list[str] | tuple[str, ...], most: int = _MOST_NAMES) -> str:
    """Name the first of many, and count the rest."""
    shown = ", ".join(code(name, _NAME) for name in names[:most])
    more = len(names) - most
    return (shown or NOTHING) + (f" and {more} more" if more > 0 else "")


def target(request: Request, shown: Target) -> Block:
    """Show a target in full, or all that are logged in to."""
    if shown.all_of:
        return section(f"*Targets*\n{EVERY}: {listed([one.iqn for one in shown.all_of])}")
    only = f"\n_{ONLY_ONE}_" if request.target_was_only_one else ""
    return section(f"*Target*\n{code(shown.iqn)}\nat {portals(shown.portals)}{only}")


def picked(request: Request) -> list[Block | None]:
    """Show what was picked so far."""
    shown: list[Block | None] = [target(request, request.target)] if request.target else []
    return [*shown, lun(request.lun)] if request.lun else shown


def lun(shown: Lun) -> Block:
    """Show a LUN in full."""
    rows = [
        ("LUN", f"{lun_id(shown)}, {human_size(shown.size)}"),
        ("SCSIid", code(shown.scsi_id or "")),
        ("Vendor", code(shown.vendor or "")),
        ("Serial", code(shown.serial or "")),
        ("Paths", paths_text(shown) or NOTHING),
    ]
    return fields([row for row in rows if row not in {("Serial", NOTHING), ("Paths", NOTHING)}])


def lun_id(shown: Lun) -> str:
    return "id unknown" if shown.lun_id is None else f"LUN {shown.lun_id}"


def finding_note(found: Finding, noun: str) -> Block:
    """Say how many were found, how many are hidden, and whether the list is whole."""
    said = [f"{counted(found.count, noun)} found."]
    if found.hidden:
        what = "path" if noun == "device" else "address"
        said.append(f"{counted(found.hidden, noun)} hidden: no {what} of theirs is allowed.")
    if not found.complete:
        said.append("The answer was cut off, so there may be more.")
    return context(" ".join(said))


def footer(request: Request) -> Block:
    said = [f"Request {code(request.id)}", f"asked {moment(request.asked_at)}"]
    if request.expires_at is not None and request.state is not State.RUNNING:
        said.append(f"open until {moment(request.expires_at)}")
    return context(" · ".join(said))


def intro(request: Request) -> Block:
    """Who asks, what, for which pool, and which request it goes on from."""
    before = f" This goes on from request {code(request.follows)}." if request.follows else ""
    return section(f"{asks(request)}.{before}")


def asks(request: Request) -> str:
    """Say in mrkdwn who asks for what and for which pool."""
    return f"<@{request.requester}> {'asked' if request.ended else 'asks'} {_wanted(request)}"


def _wanted(request: Request) -> str:
    chore = WORDINGS.get(request.purpose)
    name = code(request.name) if request.name else ""
    named = f" named {name}" if name else ""
    where, pool = code(str(request.address)), code(request.pool)
    if chore is not None:
        renamed = f" to {name}" if name and request.purpose is Purpose.RENAME else ""
        return f"to {chore.wish(code(request.sr), pool)}{renamed}"
    if request.kind is not Kind.ISCSI and request.purpose is not Purpose.FORMAT:
        return storage_wanted(request)
    if request.purpose is Purpose.ATTACH:
        return f"to attach the SR on a LUN of {where} to pool {pool}" + (f" as {name}" if name else "")
    if request.purpose is Purpose.FORMAT and request.dies is not None:
        by, whence = ("iSCSI", f", from {where}") if request.kind is Kind.ISCSI else ("HBA", "")
        return f"for a new {by} SR{named} over the SR {code(request.dies.uuid)}{whence} for pool {pool}"
    return f"for an iSCSI SR{named} from {where} for pool {pool}"


def storage_wanted(request: Request) -> str:
    """Say what is asked for where it is no LUN of an array: the kind, where it is, for which pool."""
    pool, sr = code(request.pool), sr_of(request.kind, request.sr_type)
    name = code(request.name) if request.name else ""
    if request.purpose is Purpose.ATTACH:
        return f"to attach {sr}{_storage(request)} to pool {pool}" + (f" as {name}" if name else "")
    return f"for {sr}{f' named {name}' if name else ''}{_storage(request)} for pool {pool}"


def _storage(request: Request) -> str:
    """Name the share, device or folder, as far as it is known."""
    if request.share is not None:
        return f" from {code(str(request.share))}"
    if request.given:
        return f" with {', '.join(code(f'{key}={value}') for key, value in request.given)}"
    return f" on {code(request.device)}" if request.device else ""


def rivals(request: Request) -> Block | None:
    """Name the other requests that want the same LUN, as they stood when it was looked at."""
    if not request.rivals or request.ended:
        return None
    about_lun = request.lun is not None and purpose(request) not in MANAGING
    return section(f"*Wanted twice.* {rivalry(request.rivals) if about_lun else also_at_work(request.rivals)}")


def rivalry(found: tuple[Rival, ...]) -> str:
    """Say who else wants the LUN, how far each has come, and what follows."""
    others = _others(found)
    return f"This LUN is wanted by another request too: {others}. Only one of them can get it, and never two at a time."


def also_at_work(found: tuple[Rival, ...]) -> str:
    """Say who else is about the same SR, or the storage that it is on."""
    return f"Another request is about the same storage: {_others(found)}. Never do two of them run at a time."


def _others(found: tuple[Rival, ...]) -> str:
    said = "; ".join(
        f"request {code(rival.request)} of {mention(rival.requester)} ({_standing(rival.state)})"
        for rival in found[:_MOST_RIVALS]
    )
    more = len(found) - _MOST_RIVALS
    return said + (f" and {more} more" if more > 0 else "")


def _standing(state: State) -> str:
    return _STANDING.get(state, "still being prepared" if state in CHOOSING else "still looking")


_STANDING: Final[Mapping[State, str]] = {
    State.AWAITING_APPROVAL: "waiting for approval",
    State.QUEUED: "approved, about to run",
    State.RUNNING: "running now",
    State.REPAIRING: "its SR is there already",
}
_MOST_RIVALS: Final = 3


def doors(request: Request) -> list[Block]:
    """The ways back to what was picked before; one that goes on from another request has nothing to go back to."""
    found = []
    if request.lun is not None and request.luns is not None:
        found.append(buttons.change_lun(request))
    if request.targets is not None and request.target is not None:
        found.append(buttons.change_target(request))
    if request.places is not None:
        found.append(buttons.change_place(request, place_noun(request)))
    return found


def mending(request: Request) -> list[Block]:
    """The ways on from a step that could not be done."""
    again = request.trouble is None or request.trouble.reason not in _HOPELESS
    elsewhere = [buttons.change_address(request), buttons.change_credential(request)]
    return [
        *([buttons.try_again(request)] if again else []),
        *doors(request),
        *([buttons.type_place(request, place_noun(request))] if may_be_typed(request) else []),
        *([buttons.other_host(request)] if has_other_hosts(request) else []),
        *(elsewhere if may_go_elsewhere(request) else []),
        *([buttons.change_credential(request)] if may_log_in_otherwise(request) else []),
        *details(request),
        buttons.cancel(request),
    ]


def may_go_elsewhere(request: Request) -> bool:
    """Say whether another address could help: only an array that is searched has one."""
    return request.address is not None and request.purpose in {Purpose.CREATE, Purpose.ATTACH}


def may_log_in_otherwise(request: Request) -> bool:
    """Say whether another credential could help at a share."""
    share = None if request.address is not None else request.share
    return request.state is State.PAUSED and share is not None and share.protocol is Protocol.SMB


def details(request: Request) -> list[Block]:
    """The way to what XenServer itself wrote, where something of it is kept."""
    return [buttons.details(request)] if raw_troubles(request) else []


def only_details(request: Request) -> Block | None:
    return actions(details(request))


_HOPELESS: Final = frozenset(
    {
        "address_not_allowed",
        "no_sr_on_lun",
        "sr_of_other_type",
        "sr_gone",
        "sr_is_tools",
        "sr_holds_no_disks",
        "type_not_supported",
        "path_not_allowed",
        "device_not_by_id",
        "key_names_lun",
        "key_unknown",
        "key_missing",
        "host_wanted",
        "host_not_wanted",
    }
)
"""Trying the same again can't help."""
