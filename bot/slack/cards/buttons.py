"""Every button of a card: its name on the wire, its words, and what it asks before it counts.

A button carries the request's id and the number of the plan that it shows, never authority.
"""

from __future__ import annotations

from typing import Final

from bot.request.model import Lun, Plan, Request
from bot.slack.cards.blocks import Block, ask_first, button
from bot.slack.cards.texts import one_line
from bot.storage.sizes import human_size

PICK_TARGET: Final = "pick_target"
PICK_LUN: Final = "pick_lun"
REQUEST_APPROVAL: Final = "request_approval"
APPROVE: Final = "approve"
REJECT: Final = "reject"
CANCEL: Final = "cancel"
TRY_AGAIN: Final = "try_again"
CHANGE_TARGET: Final = "change_target"
CHANGE_LUN: Final = "change_lun"
CHANGE_ADDRESS: Final = "change_address"
CHANGE_CREDENTIAL: Final = "change_credential"
NEXT_PAGE: Final = "next_page"
PREVIOUS_PAGE: Final = "previous_page"

_SHORT: Final = 60


def value(request: Request) -> str:
    """What a button carries."""
    return f"{request.id}:{request.plan_number}"


def read_value(text: str) -> tuple[str, int] | None:
    """Read what a button carried: the request's id and the plan's number; None for what is not ours."""
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


def change_target(request: Request) -> Block:
    return button("Pick another target", CHANGE_TARGET, value(request))


def change_lun(request: Request) -> Block:
    return button("Pick another LUN", CHANGE_LUN, value(request))


def change_address(request: Request) -> Block:
    return button("Change address…", CHANGE_ADDRESS, value(request))


def change_credential(request: Request) -> Block:
    return button("Change credential…", CHANGE_CREDENTIAL, value(request))


def request_approval(request: Request) -> Block:
    return button("Request approval", REQUEST_APPROVAL, value(request), "primary")


def approve(request: Request, plan: Plan) -> Block:
    text = f"{lun_words(plan.lun)} becomes the SR “{one_line(plan.name, _SHORT)}” of pool {plan.pool}. {_WARNING}"
    ask = ask_first("Approve and create this SR?", text, "Approve")
    return button("Approve", APPROVE, value(request), "primary", ask)


def reject(request: Request, plan: Plan) -> Block:
    text = f"{lun_words(plan.lun)} stays as it is, and the request ends."
    ask = ask_first("Reject this request?", text, "Reject", style="danger")
    return button("Reject", REJECT, value(request), "danger", ask)


_WARNING: Final = "Whatever else is on the LUN is erased."


def lun_words(lun: Lun) -> str:
    """Name a LUN in plain text: LUN 0 (100.0 GiB)."""
    name = "The LUN" if lun.lun_id is None else f"LUN {lun.lun_id}"
    return f"{name} ({human_size(lun.size)})"
