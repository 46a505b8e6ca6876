"""What somebody who decides says in their own words (docs.slack.dev: modals)."""

from __future__ import annotations

from typing import Final

from bot.request.model import Request
from bot.slack.cards.blocks import Block, section
from bot.slack.cards.buttons import subject
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.texts import code, escape, mention

REJECT: Final = "reject"
ASK_QUESTION: Final = "ask_question"
SAID: Final = "said"
INPUT: Final = "input"

MOST_REASON: Final = 300
MOST_QUESTION: Final = 600


def reject_view(request: Request, metadata: str) -> View:
    """Ask why; `metadata` comes back with what was said."""
    stays = f"{escape(subject(request.plan))} stays as it is, and the request ends." if request.plan else ""
    text = f"{_asked(request)} {stays} The reason stands in the thread."
    return _view(REJECT, "Reject the request", "Reject", metadata, [section(text), _input("Why?", MOST_REASON)])


def question_view(request: Request, metadata: str) -> View:
    """Ask what somebody wants to know."""
    text = f"{_asked(request)} The question stands in the thread, where it is answered. Nothing is decided by it."
    return _view(ASK_QUESTION, "Ask a question", "Ask", metadata, [section(text), _input("Question", MOST_QUESTION)])


def _asked(request: Request) -> str:
    return f"Request {code(request.id)} of {mention(request.requester)}."


def _view(callback: str, title: str, submit: str, metadata: str, blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": blocks,
    }


def _input(asked: str, most: int) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": True,
        "max_length": most,
        "focus_on_load": True,
    }
    label = {"type": "plain_text", "text": asked}
    return {"type": "input", "block_id": SAID, "label": label, "element": element}
