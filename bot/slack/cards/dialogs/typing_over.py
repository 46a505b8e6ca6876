"""What is asked of those who let an SR die (docs.slack.dev: modals).

Over another SR it is the end of the LUN's SCSIid; to destroy one that the pool knows, its name.
"""

from __future__ import annotations

from typing import Final

from bot.request.found import HeldSr, Lun
from bot.request.model import Request
from bot.request.plan import TYPED_CHARACTERS, Plan, Purpose
from bot.slack.cards.blocks import Block, plain_section, section
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.dialogs.stepping_up import code_input
from bot.slack.cards.managed import planned as managed
from bot.slack.cards.parts import lun
from bot.slack.cards.plans import destroyed, target
from bot.slack.cards.texts import NOTHING, code, mention

FORMAT_OVER: Final = "format_over"
APPROVE_OVER: Final = "approve_over"
TYPED: Final = "typed"
INPUT: Final = "input"

_MOST_TYPED: Final = 64
_MOST_NAME: Final = 1000
"""XenAPI sets no limit on names; Slack takes up to 3000 characters from an input."""

_END_OF_SCSI_ID: Final = f"The last {TYPED_CHARACTERS} characters of the LUN's SCSIid"


def format_view(request: Request, held: HeldSr, picked: Lun, metadata: str) -> View:
    """Ask the requester; `metadata` comes back with what was typed."""
    text = (
        "This makes a request of its own, which somebody else has to approve. "
        f"Request {code(request.id)} ends with it; so far nothing is changed."
    )
    view = _view(FORMAT_OVER, "Format over the SR", "Ask for it", metadata)
    return view | {"blocks": [section(destroyed(held)), lun(picked), section(text), _input(_END_OF_SCSI_ID)]}


def approve_view(request: Request, plan: Plan, held: HeldSr, metadata: str, *, wants_code: bool = False) -> View:
    """Ask an approver."""
    destroys = plan.purpose is Purpose.DESTROY
    view = (_destroy_view if destroys else _over_view)(request, plan, held, metadata)
    return view | {"blocks": [*view["blocks"], *([code_input()] if wants_code else [])]}


def _over_view(request: Request, plan: Plan, held: HeldSr, metadata: str) -> View:
    text = f"{mention(request.requester)} asks for it with request {code(request.id)}, in pool {code(plan.pool)}."
    view = _view(APPROVE_OVER, "Approve formatting", "Approve", metadata)
    return view | {"blocks": [section(destroyed(held)), *target(plan), section(text), _input(_END_OF_SCSI_ID)]}


def _destroy_view(request: Request, plan: Plan, held: HeldSr, metadata: str) -> View:
    """The name stands there without any markup: what is to be typed is exactly that."""
    asks = f"{mention(request.requester)} asks for it with request {code(request.id)}, in pool {code(plan.pool)}."
    holds = f" It holds {managed.losses_words(plan.losses)}." if plan.losses else ""
    view = _view(APPROVE_OVER, "Approve destroying", "Approve", metadata)
    what = "name" if plan.to_type == held.name else "UUID"
    shown = [section(destroyed(held)), section(f"{asks}{holds}"), section(f"*Its {what}*")]
    return view | {
        "blocks": [
            *shown,
            plain_section(plan.to_type or held.uuid or NOTHING),
            _input(f"The {what} of the SR", _MOST_NAME),
        ]
    }


def _view(callback: str, title: str, submit: str, metadata: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back"},
    }


def _input(asked: str, most: int = _MOST_TYPED) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "max_length": most,
        "focus_on_load": True,
    }
    label = {"type": "plain_text", "text": asked}
    return {"type": "input", "block_id": TYPED, "label": label, "element": element}
