"""Every button of a card: its name on the wire, its words, and what it asks before it counts.

A button carries the request's id and the number of the plan that it shows, never authority.
"""

from __future__ import annotations

from typing import Final

from bot.request.found import Lun
from bot.request.model import Request
from bot.request.plan import MANAGING, Plan, Purpose
from bot.request.sr_types import erases
from bot.slack.cards import sited
from bot.slack.cards.blocks import Block, ask_first, button
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.texts import counted, one_line
from bot.storage.sizes import human_size

PICK_TARGET: Final = "pick_target"
PICK_LUN: Final = "pick_lun"
PICK_PLACE: Final = "pick_place"
ATTACH_ONE: Final = "attach_one"
REQUEST_APPROVAL: Final = "request_approval"
APPROVE: Final = "approve"
REJECT: Final = "reject"
CLAIM: Final = "claim"
ASK_QUESTION: Final = "ask_question"
WITHDRAW: Final = "withdraw"
CANCEL: Final = "cancel"
TRY_AGAIN: Final = "try_again"
ATTACH_FOUND: Final = "attach_found"
FORMAT_OVER: Final = "format_over"
ACCEPT_HOSTS: Final = "accept_hosts"
APPROVE_OVER: Final = "approve_over"
RETRY: Final = "retry"
DETAILS: Final = "details"
CHANGE_TARGET: Final = "change_target"
CHANGE_LUN: Final = "change_lun"
CHANGE_ADDRESS: Final = "change_address"
CHANGE_CREDENTIAL: Final = "change_credential"
LOOK_FOR_PLACES: Final = "look_for_places"
OTHER_HOST: Final = "other_host"
CHANGE_PLACE: Final = "change_place"
TYPE_PLACE: Final = "type_place"
MAKE_NEW: Final = "make_new"
NEXT_PAGE: Final = "next_page"
PREVIOUS_PAGE: Final = "previous_page"
NEXT_REQUESTS: Final = "next_requests"
PREVIOUS_REQUESTS: Final = "previous_requests"
ADD_STORAGE: Final = "add_storage"

_SHORT: Final = 60


def value(request: Request) -> str:
    """What a button carries."""
    return f"{request.id}:{request.plan_number}"


def read_value(text: str) -> tuple[str, int] | None:
    """Read what a button carried: the request's id and the plan's number, or what else is shown from which row on.

    None for what is not ours.
    """
    subject, _, number = text.partition(":")
    return (subject, int(number)) if subject and number.isascii() and number.isdigit() else None


def picker_id(request: Request, finding: str) -> str:
    """Name the block of a picker: new with each finding, so that Slack forgets what was picked in an older one."""
    return f"pick:{request.id}:{finding}"


def read_picker_id(block_id: str) -> tuple[str, str] | None:
    """Read the request's id and the finding's from a picker's block; None for what is not ours."""
    word, _, rest = block_id.partition(":")
    request, _, finding = rest.partition(":")
    return (request, finding) if word == "pick" and request and finding else None


def cancel(request: Request) -> Block:
    ask = ask_first("Cancel this request?", "Nothing was changed for it on the pool.", "Cancel it", "Keep it", "danger")
    return button("Cancel", CANCEL, value(request), ask=ask)


def try_again(request: Request) -> Block:
    return button("Try again", TRY_AGAIN, value(request), "primary")


def look_again(request: Request) -> Block:
    return button("Look again", TRY_AGAIN, value(request), "primary")


def change_target(request: Request) -> Block:
    return button("Pick another target", CHANGE_TARGET, value(request))


def change_lun(request: Request) -> Block:
    return button("Pick another LUN", CHANGE_LUN, value(request))


def change_address(request: Request) -> Block:
    return button("Change address…", CHANGE_ADDRESS, value(request))


def change_credential(request: Request) -> Block:
    return button("Change credential…", CHANGE_CREDENTIAL, value(request))


def look_for_places(request: Request) -> Block:
    return button("Look again", LOOK_FOR_PLACES, value(request))


def other_host(request: Request) -> Block:
    return button("Pick another host", OTHER_HOST, value(request))


def change_place(request: Request, noun: str) -> Block:
    return button(f"Pick another {noun}", CHANGE_PLACE, value(request))


def type_place(request: Request, noun: str) -> Block:
    return button(f"Type the {noun}…", TYPE_PLACE, value(request))


def make_new(request: Request) -> Block:
    return button("Make a new SR", MAKE_NEW, value(request), "primary")


def request_approval(request: Request) -> Block:
    return button("Request approval", REQUEST_APPROVAL, value(request), "primary")


def attach_found(request: Request) -> Block:
    return button("Attach it", ATTACH_FOUND, value(request), "primary")


def format_over(request: Request) -> Block:
    return button("Format over it…", FORMAT_OVER, value(request), "danger")


def accept_hosts(request: Request, plan: Plan) -> Block:
    """Ask by name, as far as there is room for names."""
    blind = [one_line(host, _SHORT) for host in plan.blind]
    who = f"{blind[0]} doesn't" if len(blind) == 1 else f"{len(blind)} hosts don't"
    text = f"The SR won't be attached there until they see the LUN: {', '.join(blind)}"
    ask = ask_first("Leave these hosts behind?", text, "Accept")
    return button(f"Accept that {who} see it", ACCEPT_HOSTS, value(request), ask=ask)


def approve(request: Request, plan: Plan) -> Block:
    """Ask first; where an SR dies, or a one-time code is wanted, a dialog asks for more."""
    if plan.to_type.strip() or request.step_up:
        return button("Approve…", APPROVE_OVER, value(request), "primary")
    return button("Approve", APPROVE, value(request), "primary", before_approving(plan))


def before_approving(plan: Plan) -> Block:
    """Ask whether that is meant; where no SR dies."""
    name = one_line(plan.name, _SHORT)
    unasked = f" Not asked whether they use it: {', '.join(plan.not_asked)}." if plan.not_asked else ""
    chore = WORDINGS.get(plan.purpose)
    if chore is not None:
        return ask_first(f"Approve and {chore.approve}?", f"{_chore(plan)} {chore.happens}{unasked}", "Approve")
    if plan.purpose is Purpose.ATTACH:
        text = f"{subject(plan)} holds an SR, which pool {plan.pool} gets as “{name}”. {_ELSEWHERE}{unasked}"
        return ask_first("Approve and attach this SR?", text, "Approve")
    erased = f" {_ERASED if plan.way is None else _WARNING}" if plan.way or _erases(plan) else ""
    text = f"{subject(plan)} becomes the SR “{name}” of pool {plan.pool}.{erased}{unasked}"
    return ask_first("Approve and create this SR?", text, "Approve")


def reject(request: Request) -> Block:
    return button("Reject…", REJECT, value(request), "danger")


def claim(request: Request) -> Block:
    return button("I'm looking", CLAIM, value(request))


def ask_question(request: Request) -> Block:
    return button("Ask a question…", ASK_QUESTION, value(request))


def withdraw(request: Request) -> Block:
    text = "The plan does not run then, unless the others who approved it are enough."
    ask = ask_first("Withdraw your approval?", text, "Withdraw")
    return button("Withdraw my approval", WITHDRAW, value(request), ask=ask)


def retry(request: Request) -> Block:
    return button("Retry", RETRY, value(request), "primary")


def details(request: Request) -> Block:
    return button("Details", DETAILS, value(request))


def add_storage() -> Block:
    return button("Add storage…", ADD_STORAGE, "new", "primary")


def _erases(plan: Plan) -> bool:
    return sited.is_sited(plan) and erases(plan.sr_type)


_ERASED: Final = "Whatever is on it is erased."
_WARNING: Final = "Whatever else is on the LUN is erased."
_ELSEWHERE: Final = "No other pool may use it."


def _chore(plan: Plan) -> str:
    """Say what is approved, so short that it fits: the card says the rest."""
    renamed = f" It becomes “{one_line(plan.name, _SHORT)}”." if plan.purpose is Purpose.RENAME else ""
    on_it = f", with {counted(plan.losses.count, 'disk')}" if plan.losses else ""
    return f"{subject(plan)} of pool {one_line(plan.pool, _SHORT)}{on_it}.{renamed}"


def subject(plan: Plan) -> str:
    """Name what a plan is about, at the beginning of a sentence."""
    if plan.purpose in MANAGING:
        return f"The SR “{one_line(plan.held.name if plan.held else '', _SHORT)}”"
    if sited.is_sited(plan):
        return sited.thing(plan)
    return lun_words(plan.lun) if plan.lun else "The share"


def lun_words(lun: Lun) -> str:
    """Name a LUN in plain text: LUN 0 (100.0 GiB)."""
    name = "The LUN" if lun.lun_id is None else f"LUN {lun.lun_id}"
    return f"{name} ({human_size(lun.size)})"
