"""What is asked of those whose approval wants a one-time code (docs.slack.dev: modals)."""

from __future__ import annotations

from typing import Final

from bot.request.model import Request
from bot.request.plan import Plan
from bot.slack.cards.blocks import Block, plain_section, section
from bot.slack.cards.buttons import before_approving
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.texts import code, mention

CODE: Final = "code"
INPUT: Final = "input"

_MOST_TYPED: Final = 16
"""Six digits, and the gaps with which apps show them."""


def code_input(*, focused: bool = False) -> Block:
    """Ask for a code."""
    element: Block = {"type": "plain_text_input", "action_id": INPUT, "max_length": _MOST_TYPED}
    label = {"type": "plain_text", "text": "Your one-time code"}
    hint = {"type": "plain_text", "text": "The six digits that your authenticator app shows now for srbot."}
    shown = element | {"focus_on_load": True} if focused else element
    return {"type": "input", "block_id": CODE, "label": label, "hint": hint, "element": shown}


def step_up_view(request: Request, plan: Plan, callback: str, metadata: str, *, wants_code: bool) -> View:
    """Ask whether an approval is meant where no SR dies, and for a code."""
    ask = before_approving(plan)
    asks = f"{mention(request.requester)} asks for it with request {code(request.id)}, in pool {code(plan.pool)}."
    said = [plain_section(ask["title"]["text"]), plain_section(ask["text"]["text"]), section(asks)]
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": f"Approve plan {plan.number}"[:24]},
        "submit": {"type": "plain_text", "text": "Approve"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [*said, *([code_input(focused=True)] if wants_code else [])],
    }
