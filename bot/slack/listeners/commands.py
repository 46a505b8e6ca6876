"""What people type behind /sr."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

import structlog
from slack_bolt import Ack, App

from bot import asking
from bot.ledger.store import LedgerUnavailable, new_id
from bot.request.grammar import (
    AddHba,
    AddIscsi,
    AddLocal,
    AddOther,
    AddShare,
    Asking,
    Chore,
    Command,
    ListSrs,
    ManageSr,
    Mistake,
    parse,
    render,
)
from bot.request.question import Question
from bot.settings import Refusal, pool_for
from bot.slack.cards.answers import mistake_message, refusal_message
from bot.slack.cards.blocks import Message, message, section
from bot.slack.cards.sentences import question_asked
from bot.slack.cards.texts import escape
from bot.slack.context import Context
from bot.slack.listeners.recording import ask, not_recorded
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller

LOG = structlog.get_logger(__name__)

COMMAND = "/sr"


def register(app: App, context: Context) -> None:
    @app.command(COMMAND)
    def typed(ack: Ack, body: Body) -> None:
        caller = read_caller(body)
        answer = _do(parse(str(body.get("text") or "")), caller, context)
        if answer is None:
            ack()
        else:
            ack(response_type="ephemeral", text=answer.text, blocks=list(answer.blocks))


@singledispatch
def _do(command: object, caller: Caller, context: Context) -> Message | None:
    """Do what was typed; gives what to answer privately, None where the channel shows it."""
    raise NotImplementedError(type(command).__name__)


@_do.register
def _mistake(mistake: Mistake, caller: Caller, _context: Context) -> Message:
    LOG.info("command_not_understood", reason=mistake.reason, user=caller.user)
    return mistake_message(mistake)


@_do.register
def _list(command: ListSrs, caller: Caller, context: Context) -> Message:
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), render(command))
    question = replace(_question(caller, context, pool.name), name_label=command.name_label)
    return _ask(question, command, context)


def _question(caller: Caller, context: Context, pool: str) -> Question:
    return Question(
        id=new_id(),
        team=caller.team,
        channel=caller.channel,
        actor=caller.user,
        pool=pool,
        asked_at=context.clock(),
        keep_seconds=context.settings.times.answer.total_seconds(),
    )


def _ask(question: Question, command: Command, context: Context) -> Message:
    """Record a question; its answer comes privately."""
    try:
        context.questions.ask(question, context.settings.times.waiting_notice.total_seconds())
    except LedgerUnavailable as error:
        return refusal_message(not_recorded(error).mrkdwn, render(command))
    LOG.info("question_asked", question=question.id, pool=question.pool, user=question.actor)
    text = question_asked(question.pool)
    return message(text, [section(text)])


@_do.register
def _manage(command: ManageSr, caller: Caller, context: Context) -> Message | None:
    if command.chore is not Chore.SHOW:
        return _ask_for(command, caller, context)
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), render(command))
    return _ask(replace(_question(caller, context, pool.name), sr=command.sr), command, context)


@_do.register(AddIscsi)
@_do.register(AddHba)
@_do.register(AddShare)
@_do.register(AddLocal)
@_do.register(AddOther)
def _ask_for(command: Asking, caller: Caller, context: Context) -> Message | None:
    """Record a request; the channel shows it."""
    unasked = ask(context, command, asking.Asker(caller.user, caller.team, caller.channel, context.clock()))
    return None if unasked is None else refusal_message(unasked.mrkdwn, asking.typed_back(command))
