"""What is asked of those who let an SR die: that they type the end of the LUN's SCSIid (docs.slack.dev: modals)."""

from __future__ import annotations

from typing import Final

from bot.request.found import HeldSr, Lun
from bot.request.model import Request
from bot.request.plan import TYPED_CHARACTERS, Plan
from bot.slack.cards.blocks import Block, section
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.parts import lun
from bot.slack.cards.plans import destroyed
from bot.slack.cards.texts import code, mention

FORMAT_OVER: Final = "format_over"
APPROVE_OVER: Final = "approve_over"
TYPED: Final = "typed"
INPUT: Final = "input"

_MOST_TYPED: Final = 64


def format_view(request: Request, held: HeldSr, picked: Lun, metadata: str) -> View:
    """Ask the requester; `metadata` comes back with what was typed."""
    text = (
        "This makes a request of its own, which somebody else has to approve. "
        f"Request {code(request.id)} ends with it; so far nothing is changed."
    )
    view = _view(FORMAT_OVER, "Format over the SR", "Ask for it", metadata)
    return view | {"blocks": [section(destroyed(held)), lun(picked), section(text), _input()]}


def approve_view(request: Request, plan: Plan, held: HeldSr, metadata: str) -> View:
    """Ask an approver."""
    text = f"{mention(request.requester)} asks for it with request {code(request.id)}, in pool {code(plan.pool)}."
    view = _view(APPROVE_OVER, "Approve formatting", "Approve", metadata)
    return view | {"blocks": [section(destroyed(held)), lun(plan.lun), section(text), _input()]}


def _view(callback: str, title: str, submit: str, metadata: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back"},
    }


def _input() -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "max_length": _MOST_TYPED,
        "focus_on_load": True,
    }
    label = {"type": "plain_text", "text": f"The last {TYPED_CHARACTERS} characters of the LUN's SCSIid"}
    return {"type": "input", "block_id": TYPED, "label": label, "element": element}
