"""What those who decide say in their own words at the command line, within what a dialog of Slack's takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot import deciding
from bot.settings.model import Settings
from bot.slack.cards.dialogs.saying import MOST_QUESTION, MOST_REASON
from deploy.requests.doing import decided
from deploy.requests.refused import RequestRefusedError


def rejected(settings: Settings, request_id: str, why: str) -> Iterator[str]:
    """Reject a request. Raises RequestRefusedError."""
    words = _within("The reason", why, MOST_REASON)
    return decided(settings, request_id, partial(deciding.reject, why=words), "rejected")


def questioned(settings: Settings, request_id: str, question: str) -> Iterator[str]:
    """Ask who made a request. Raises RequestRefusedError."""
    words = _within("The question", question, MOST_QUESTION)
    return decided(settings, request_id, partial(deciding.ask_question, text=words), "asked a question about")


def _within(what: str, typed: str, most: int) -> str:
    words = " ".join(typed.split())
    if not words:
        message = f"{what} is empty. Nothing was changed."
        raise RequestRefusedError(message)
    if len(words) > most:
        message = f"{what} has {len(words)} characters; it may have {most}. Nothing was changed."
        raise RequestRefusedError(message)
    return words
