"""`/sr freeze` and `/sr thaw`: done for those whom the policy names, and said so that the channel sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog
from slack_bolt import Ack, App, BoltRequest

from bot.ledger.store import LedgerUnavailable
from bot.policy import Right, has_right
from bot.request.freezing import EVERY_POOL, Freeze
from bot.request.grammar import Freeze as FreezeCommand
from bot.request.grammar import Thaw, parse, render
from bot.request.refused import Refused
from bot.settings import Refusal, pool_for
from bot.slack.cards.answers import refusal_message
from bot.slack.cards.blocks import Message, message, section
from bot.slack.cards.sentences import MAYBE_RECORDED, NOT_RECORDED, refusal
from bot.slack.cards.texts import code, escape, mention
from bot.slack.context import Context
from bot.slack.gate import received_at
from bot.slack.listeners.commands import COMMAND
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller

LOG = structlog.get_logger(__name__)

_ALL: Final = "every pool"


def register(app: App, context: Context) -> None:
    @app.command(COMMAND, matchers=[_is_meant])
    def typed(ack: Ack, body: Body, req: BoltRequest) -> None:
        command, caller = parse(str(body.get("text") or "")), read_caller(body)
        if isinstance(command, FreezeCommand | Thaw):
            said, done = _done(context, command, caller, received_at(req))
            seen_by = "in_channel" if done else "ephemeral"
            ack(response_type=seen_by, text=said.text, blocks=list(said.blocks))


def _is_meant(body: Body) -> bool:
    return isinstance(parse(str(body.get("text") or "")), FreezeCommand | Thaw)


def _done(context: Context, command: FreezeCommand | Thaw, caller: Caller, received: float) -> tuple[Message, bool]:
    """Do it, and give what to say; that it was done is for everybody to see."""
    try:
        said = _does(context, command, caller, received)
    except Refused as refused:
        LOG.info("refused", reason=refused.reason_code, user=caller.user)
        return refusal_message(refusal(refused.reason_code, refused.facts), render(command)), False
    except _NoSuchPoolError as error:
        return refusal_message(escape(str(error)), render(command)), False
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return refusal_message(MAYBE_RECORDED if error.sent else NOT_RECORDED, render(command)), False
    return message(said, [section(said)]), True


def _does(context: Context, command: FreezeCommand | Thaw, caller: Caller, received: float) -> str:
    if isinstance(command, Thaw):
        return _thaw(context, command, caller, received)
    return _freeze(context, command, caller, received)


class _NoSuchPoolError(Exception):
    """The sentence why a pool can't be meant here."""


def _freeze(context: Context, command: FreezeCommand, caller: Caller, received: float) -> str:
    _refuse_without_right(context, Right.FREEZE, caller, received)
    meant = _meant(context, command)
    pool = _pool(context, caller, meant.pool)
    freeze = Freeze(pool, caller.user, context.clock(), meant.reason)
    if not context.rules.freezes.freeze(freeze):
        before = next((it for it in context.rules.freezes.all() if it.pool == pool), freeze)
        raise Refused("frozen_already", pool=pool or _ALL, by=before.by, reason=before.reason)
    LOG.info("frozen", pool=pool, user=caller.user)
    which = code(pool) if pool else _ALL
    return f"*{mention(caller.user)} froze {which}*: {code(meant.reason, 600)}. What has not started there waits."


def _thaw(context: Context, command: Thaw, caller: Caller, received: float) -> str:
    _refuse_without_right(context, Right.THAW, caller, received)
    pool = _pool(context, caller, command.pool)
    if not context.rules.freezes.thaw(pool, caller.user, context.clock()):
        raise Refused("not_frozen", pool=pool or _ALL)
    LOG.info("thawed", pool=pool, user=caller.user)
    return f"*{mention(caller.user)} thawed {code(pool) if pool else _ALL}.* What was held by it goes on."


def _refuse_without_right(context: Context, right: Right, caller: Caller, received: float) -> None:
    standing = context.rules.standing(context.rules.members(received))
    if not has_right(standing.policy, standing.members, right, caller.user, context.clock()):
        raise Refused("may_not_freeze")


def _meant(context: Context, command: FreezeCommand) -> FreezeCommand:
    """Take a pool for the pool that the reason begins with, where a reason follows it."""
    first, _, rest = command.reason.partition(" ")
    if command.pool is None and first in context.settings.pools and rest:
        return replace(command, pool=first, reason=rest)
    return command


def _pool(context: Context, caller: Caller, wanted: str | None) -> str:
    if wanted is None:
        return EVERY_POOL
    pool = pool_for(context.settings, caller.channel, wanted)
    if isinstance(pool, Refusal):
        raise _NoSuchPoolError(pool.sentence)
    return pool.name
