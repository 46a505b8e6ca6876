"""Parts that several states of a card share. All of them are functions of the stored request."""

from __future__ import annotations

from typing import Final

from bot.request.model import Finding, Lun, Plan, Portal, Request, State, Target, Trouble
from bot.slack.cards import buttons
from bot.slack.cards.blocks import Block, context, fields, section
from bot.slack.cards.labels import portal_text
from bot.slack.cards.texts import NOTHING, clock_time, code, counted, lasting, mention, moment
from bot.slack.cards.troubles import details, told
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


def trouble(what: Trouble, *advice: str) -> list[Block]:
    """Say what went wrong, the next step, and advice where it was the end; then what an operator looks for."""
    said, more = told(what), details(what)
    step = _anew(said.next_step) if advice else said.next_step
    text = "\n".join([f"*{said.sentence}*", step, *advice])
    return [section(text), *([context(more)] if more else [])]


def _anew(next_step: str) -> str:
    """What has ended can't be tried again; the same advice holds for asking anew."""
    return next_step.replace("Try again", "Ask anew").replace("try again", "ask anew")


def approvals(request: Request) -> Block | None:
    """Say who has approved, and when."""
    given = [f"{mention(yes.actor)} at {clock_time(yes.at)}" for yes in request.approvals]
    return context("Approved by " + ", ".join(given)) if given else None


def because(text: str) -> str:
    """Give the reason of who ended a request, as a sentence that follows another."""
    return f" Reason: {code(text, _REASON)}." if text else ""


def portals(found: tuple[Portal, ...]) -> str:
    return listed([portal_text(portal) for portal in found])


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Name the first of many, and count the rest."""
    shown = ", ".join(code(name, _NAME) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return (shown or NOTHING) + (f" and {more} more" if more > 0 else "")


def target(request: Request, picked: Target) -> Block:
    """Show a target in full."""
    only = f"\n_{ONLY_ONE}_" if request.target_was_only_one else ""
    return section(f"*Target*\n{code(picked.iqn)}\nat {portals(picked.portals)}{only}")


def lun(picked: Lun) -> Block:
    """Show a LUN in full."""
    rows = [
        ("LUN", f"{lun_id(picked)}, {human_size(picked.size)}"),
        ("SCSIid", code(picked.scsi_id or "")),
        ("Vendor", code(picked.vendor or "")),
        ("Serial", code(picked.serial or "")),
    ]
    return fields([row for row in rows if row != ("Serial", NOTHING)])


def lun_id(picked: Lun) -> str:
    return "id unknown" if picked.lun_id is None else f"LUN {picked.lun_id}"


def plan(planned: Plan) -> list[Block]:
    """Show the whole plan: everything that an approval is about."""
    shared = "shared" if planned.shared else "not shared"
    return [
        fields(
            [
                ("Name", code(planned.name)),
                ("Pool", f"{code(planned.pool)}, master {code(planned.master)}"),
                ("Hosts", listed(planned.hosts)),
                ("Kind", f"{code(planned.sr_type)}, {shared}, content {code(planned.content_type)}"),
                ("Portal", code(portal_text(planned.portal))),
                ("CHAP credential", code(planned.credential or "none")),
            ]
        ),
        section(f"*Target*\n{code(planned.iqn)}"),
        lun(planned.lun),
    ]


WARNING: Final = "*Warning:* creating the SR erases whatever else is on this LUN; XenServer can't see foreign data."


def finding_note(found: Finding, noun: str) -> Block:
    """Say how many were found, how many are hidden, and whether the list is whole."""
    said = [f"{counted(found.count, noun)} found."]
    if found.hidden:
        said.append(f"{counted(found.hidden, noun)} hidden: no address of theirs is allowed.")
    if not found.complete:
        said.append("The answer was cut off, so there may be more.")
    return context(" ".join(said))


def footer(request: Request) -> Block:
    said = [f"Request {code(request.id)}", f"asked {moment(request.asked_at)}"]
    if request.expires_at is not None and request.state is not State.RUNNING:
        said.append(f"open until {moment(request.expires_at)}")
    return context(" · ".join(said))


def intro(request: Request) -> Block:
    """Who asks, what, for which pool."""
    named = f" named {code(request.name)}" if request.name else ""
    verb = "asked" if request.ended else "asks"
    who = f"<@{request.requester}> {verb} for an iSCSI SR{named}"
    return section(f"{who} from {code(str(request.address))} for pool {code(request.pool)}.")


def mending(request: Request) -> list[Block]:
    """The ways on from a step that could not be done."""
    found = [buttons.change_address(request), buttons.change_credential(request)]
    if request.targets is not None and request.target is not None:
        found.insert(0, buttons.change_target(request))
    if request.lun is not None and request.luns is not None:
        found.insert(0, buttons.change_lun(request))
    again = request.trouble is None or request.trouble.reason not in _HOPELESS
    return [*([buttons.try_again(request)] if again else []), *found, buttons.cancel(request)]


_HOPELESS: Final = frozenset({"holds_sr", "address_not_allowed"})
"""Trying the same again can't help."""
