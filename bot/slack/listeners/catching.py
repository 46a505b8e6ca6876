"""What no other listener wanted, and what went wrong: acked, told privately, and logged without the payload."""

from __future__ import annotations

import re
import secrets
import traceback
from typing import Final

import structlog
from slack_bolt import Ack, App, BoltResponse

from bot.slack.acks import private_answer
from bot.slack.cards.dialogs.notices import notice_view
from bot.slack.cards.sentences import NOT_KNOWN_BUTTON, UNKNOWN_COMMAND, failure
from bot.slack.context import Context
from bot.slack.listeners.settling import Body, answer
from bot.slack.payload import read_caller

LOG = structlog.get_logger(__name__)

EVERYTHING: Final = re.compile(".*", re.DOTALL)
_FRAMES: Final = 8


def register(app: App, context: Context) -> None:
    @app.action(EVERYTHING)
    def unknown_action(ack: Ack, body: Body) -> None:
        LOG.info("unknown_action")
        answer(context, body, ack, NOT_KNOWN_BUTTON)

    @app.shortcut(EVERYTHING)
    def unknown_shortcut(ack: Ack, body: Body) -> None:
        LOG.info("unknown_shortcut")
        ack()
        context.voice.notice(read_caller(body).trigger, NOT_KNOWN_BUTTON)

    @app.options(EVERYTHING)
    def unknown_options(ack: Ack) -> None:
        ack(options=[])

    @app.view(EVERYTHING)
    def unknown_view(ack: Ack) -> None:
        ack(response_action="update", view=notice_view(NOT_KNOWN_BUTTON))

    @app.command(EVERYTHING)
    def unknown_command(ack: Ack) -> None:
        ack(UNKNOWN_COMMAND)

    @app.error
    def failed(error: Exception, body: Body) -> BoltResponse:
        return _failed(context, error, body)


def _failed(context: Context, error: Exception, body: Body) -> BoltResponse:
    """Say that srbot failed, with a reference that stands in the log; an error's own text may hold the payload."""
    reference = secrets.token_hex(4)
    LOG.error("listener_failed", reference=reference, error=type(error).__name__, frames=frames(error))
    return private_answer(context, read_caller(body), failure(reference))


def frames(error: BaseException) -> list[str]:
    """Where an error came from, without any value."""
    found = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in found]
