"""Opening a dialog while its trigger lasts, and answering what is submitted in one (docs.slack.dev: modals)."""

from __future__ import annotations

import time
from http.client import HTTPException
from typing import Any, Final

import structlog
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ledger.store import LedgerUnavailable
from bot.slack.cards.dialogs.notices import View, notice_view
from bot.slack.cards.sentences import (
    DIALOG_FAILED,
    MAYBE_CHANGED,
    NOTHING_CHANGED,
    UNKNOWN_REQUEST,
    plain_refusal,
    refusal,
)
from bot.slack.context import Context
from bot.slack.directory import LOOKUP_SECONDS
from bot.slack.gate import begin_place_refusal, received_at
from bot.slack.listeners.settling import Body

LOG = structlog.get_logger(__name__)

TRIGGER_SECONDS: Final = 3
"""A trigger opens a dialog for so long (docs.slack.dev: opening modals)."""

_BESIDE_THE_INPUT: Final = frozenset(
    {NOTHING_CHANGED, MAYBE_CHANGED, plain_refusal("typed_differs", {}), plain_refusal("name_differs", {})}
)
"""What can be put right by submitting again: what was typed stays."""


def opened(client: WebClient, body: Body, req: BoltRequest, view: View) -> str | None:
    """Open a dialog with a client of this one request; give what to tell where that failed."""
    client.timeout = max(int(TRIGGER_SECONDS - (time.monotonic() - received_at(req))), 0)
    if not client.timeout:
        LOG.warning("dialog_not_opened", error="late")
        return DIALOG_FAILED
    try:
        client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackApiError, OSError, HTTPException) as error:
        LOG.warning("dialog_not_opened", error=type(error).__name__)
        return DIALOG_FAILED
    return None


def misplaced(context: Context, request_id: str, received: float) -> str | None:
    """Say why srbot does nothing in the channel of a request any more: a dialog itself is in no channel."""
    try:
        request = context.ledger.load(request_id)
    except LedgerUnavailable:
        return NOTHING_CHANGED
    if request is None:
        return UNKNOWN_REQUEST
    reason = begin_place_refusal(context, request.channel, received + LOOKUP_SECONDS)()
    return None if reason is None else refusal(reason, {"channel": request.channel})


def answer(told: str | None, block: str) -> dict[str, Any]:
    """Give the ack of a submission: closed, an error beside the input of a block, or a notice in its place.

    `block` is empty where the dialog has no input.
    """
    if told is None:
        return {}
    if block and told in _BESIDE_THE_INPUT:
        return {"response_action": "errors", "errors": {block: told}}
    return {"response_action": "update", "view": notice_view(told)}
