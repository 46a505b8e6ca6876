"""Letting an SR die: its requester and its approver each type the end of the LUN's SCSIid, or its approver its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot import deciding
from bot.ledger.store import LedgerUnavailable, is_id, new_id
from bot.policy import Members
from bot.request import events as e
from bot.request.model import Request
from bot.request.plan import to_type
from bot.request.refused import Refused
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import typing_over
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.sentences import DONE_ALREADY, MAYBE_CHANGED, NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.cards.texts import code
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners import dialogs
from bot.slack.listeners.decisions import Press, approve
from bot.slack.listeners.settling import Body, attempt, tell
from bot.slack.payload import button_value, read_caller, typed

LOG = structlog.get_logger(__name__)

WENT_ON: Final = "The request that this one goes on from went another way."


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


@dataclass(frozen=True, slots=True)
class Someone:
    """Who pressed or submitted, and who is in the groups that the policy names."""

    id: str
    members: Members

    def press(self, number: int) -> Press:
        return Press(self.id, number, self.members)


Draw = Callable[[Context, Request, Press], View]
"""Draws the dialog for who pressed, about the plan of that number. Raises Refused where submitting it would be vain."""

Submit = Callable[[Context, Someone, str, str], str | None]
"""Does what a dialog asks: who submitted, its metadata, what was typed. Gives what to tell where nothing came of it."""


def register(app: App, context: Context) -> None:
    _listen(app, context, buttons.FORMAT_OVER, _format_dialog)
    _listen(app, context, buttons.APPROVE_OVER, _approve_dialog)
    _take(app, context, typing_over.FORMAT_OVER, _format)
    _take(app, context, typing_over.APPROVE_OVER, _approve)


def _listen(app: App, context: Context, action_id: str, draw: Draw) -> None:
    @app.action(action_id)
    def pressed(ack: Ack, body: Body, action: dict[str, Any], client: WebClient, req: BoltRequest) -> None:
        ack()  # nothing is committed here, and looking, loading and opening together may take longer than an ack may
        view = _drawn(context, _someone(context, body, req), button_value(action), draw)
        tell(context, body, view if isinstance(view, str) else dialogs.opened(client, body, req, view))


def _someone(context: Context, body: Body, req: BoltRequest) -> Someone:
    return Someone(read_caller(body).user, context.rules.members(received_at(req)))


def _drawn(context: Context, someone: Someone, carried: str, draw: Draw) -> View | str:
    value = buttons.read_value(carried)
    try:
        request = None if value is None else context.ledger.load(value[0])
        if request is None or value is None:
            return UNKNOWN_REQUEST
        return draw(context, request, someone.press(value[1]))
    except LedgerUnavailable:
        return NOTHING_CHANGED
    except Refused as refused:
        return refusal(refused.reason_code, refused.facts)


def _format_dialog(context: Context, request: Request, press: Press) -> View:
    wish = Wish(request.id, press.number, new_id())
    end = to_type(request.lun) if request.lun else ""
    asked, _ = _format_over(context, request, Someone(press.actor, press.members), wish, end)
    if asked.dies is None or asked.lun is None:
        raise Refused("not_now")
    return typing_over.format_view(request, asked.dies, asked.lun, wish.written)


def _approve_dialog(context: Context, request: Request, press: Press) -> View:
    plan = request.plan
    approve(context, request, press, plan.to_type if plan else "")
    if plan is None or plan.dies is None:
        raise Refused("not_now")
    return typing_over.approve_view(request, plan, plan.dies, buttons.value(request))


def _take(app: App, context: Context, callback: str, submit: Submit) -> None:
    @app.view(callback)
    def submitted(ack: Ack, body: Body, req: BoltRequest) -> None:
        metadata = str(body["view"].get("private_metadata"))
        told = dialogs.misplaced(context, metadata.partition(":")[0], received_at(req))
        if told is None:
            words = typed(body, typing_over.TYPED, typing_over.INPUT).strip()
            told = submit(context, _someone(context, body, req), metadata, words)
        ack(**dialogs.answer(told, typing_over.TYPED))


def _approve(context: Context, someone: Someone, metadata: str, words: str) -> str | None:
    value = buttons.read_value(metadata)
    if value is None:
        return UNKNOWN_REQUEST
    request_id, number = value
    return attempt(context, request_id, lambda request: approve(context, request, someone.press(number), words))


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
