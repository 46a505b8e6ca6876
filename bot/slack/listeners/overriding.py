"""Letting an SR die: its requester types the end of the LUN's SCSIid, and its approver too (`approving`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from slack_bolt import App

from bot import deciding
from bot.ledger.store import LedgerUnavailable, is_id, new_id
from bot.request import events as e
from bot.request.model import Request
from bot.request.plan import to_type
from bot.request.refused import Refused
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import typing_over
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.sentences import (
    DONE_ALREADY,
    MAYBE_CHANGED,
    NOTHING_CHANGED,
    UNKNOWN_REQUEST,
    WENT_ON,
    refusal,
)
from bot.slack.cards.texts import code
from bot.slack.context import Context
from bot.slack.listeners.decisions import Press
from bot.slack.listeners.filling_in import Someone, opens, takes
from bot.slack.listeners.settling import attempt

LOG = structlog.get_logger(__name__)

INPUT: Final = (typing_over.TYPED, typing_over.INPUT)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a dialog to format over stands for: the same dialog, submitted twice, makes one request, named `new`."""

    request: str
    number: int
    new: str

    @property
    def written(self) -> str:
        return f"{self.request}:{self.number}:{self.new}"

    @property
    def done(self) -> str:
        """What to tell where the same dialog has done this already, at the same moment."""
        return DONE_ALREADY.replace("{request}", code(self.new))


def read_wish(metadata: str) -> Wish | None:
    """Read what a dialog carried; None for what is not ours."""
    carried, _, new = metadata.rpartition(":")
    value = buttons.read_value(carried)
    return Wish(*value, new) if value and is_id(new) else None


def register(app: App, context: Context) -> None:
    opens(app, context, buttons.FORMAT_OVER, _format_dialog)
    takes(app, context, typing_over.FORMAT_OVER, INPUT, _format)


def _format_dialog(context: Context, request: Request, press: Press) -> View:
    wish = Wish(request.id, press.number, new_id())
    end = to_type(request.lun) if request.lun else ""
    asked, _ = _format_over(context, request, Someone(press.actor, press.members), wish, end)
    if asked.dies is None or asked.lun is None:
        raise Refused("not_now")
    return typing_over.format_view(request, asked.dies, asked.lun, wish.written)


def _format(context: Context, someone: Someone, metadata: str, words: str) -> str | None:
    wish = read_wish(metadata)
    if wish is None:
        return UNKNOWN_REQUEST
    told = _begun(context, someone, wish, words)
    if told not in {None, wish.done}:
        return told
    return _ended(context, someone, wish, words) or told


def _begun(context: Context, someone: Someone, wish: Wish, words: str) -> str | None:
    """Open the request that follows, once."""
    try:
        before = context.ledger.load(wish.request)
        if before is None:
            return UNKNOWN_REQUEST
        if before.followed_by != wish.new:
            asked, _ = _format_over(context, before, someone, wish, words)
            there = context.ledger.load(wish.new)
            if there is not None and there.follows != wish.request:
                return UNKNOWN_REQUEST
            if there is None:
                context.ledger.open(asked)
                LOG.info("asked", request=wish.new, pool=asked.pool, user=someone.id, follows=wish.request)
    except Refused as refused:
        LOG.info("refused", request=wish.request, reason=refused.reason_code)
        return refusal(refused.reason_code, refused.facts)
    except LedgerUnavailable as error:
        if _is_begun(context, wish):
            return wish.done
        LOG.warning("ledger_unavailable", request=wish.request, error=str(error))
        return MAYBE_CHANGED if error.sent else NOTHING_CHANGED
    return None


def _is_begun(context: Context, wish: Wish) -> bool:
    """Say whether the same dialog, submitted at the same moment, has opened the request that follows."""
    try:
        there = context.ledger.load(wish.new)
    except LedgerUnavailable:
        return False
    return there is not None and there.follows == wish.request


def _ended(context: Context, someone: Someone, wish: Wish, words: str) -> str | None:
    """End the request that found the SR; where it went another way meanwhile, take the new one back."""

    def decide(request: Request) -> Sequence[e.Event]:
        if request.followed_by == wish.new:
            return ()
        return (_format_over(context, request, someone, wish, words)[1],)

    told = attempt(context, wish.request, decide)
    if told in {MAYBE_CHANGED, NOTHING_CHANGED}:
        return MAYBE_CHANGED
    if told is not None:
        attempt(context, wish.new, lambda _: (e.Cancelled(at=context.clock(), because=WENT_ON),))
    return told


def _format_over(
    context: Context, request: Request, someone: Someone, wish: Wish, words: str
) -> tuple[e.Asked, e.Followed]:
    standing = context.rules.standing(someone.members)
    return deciding.format_over(request, standing, someone.id, wish.number, words, wish.new, context.clock())
