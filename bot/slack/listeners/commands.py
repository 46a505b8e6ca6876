"""What people type behind /sr."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

import structlog
from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable, new_id
from bot.request import events as e
from bot.request.grammar import AddIscsi, AttachIscsi, Help, ListSrs, Mistake, parse, render
from bot.request.model import Address, Times
from bot.request.plan import Purpose
from bot.request.question import Question
from bot.settings import Refusal, Settings, allowed, credential_for, pool_for
from bot.slack.cards.answers import help_message, mistake_message, refusal_message
from bot.slack.cards.blocks import Message, message, section
from bot.slack.cards.sentences import MAYBE_RECORDED, NOT_RECORDED, question_asked, refusal
from bot.slack.cards.texts import escape
from bot.slack.context import Context
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
def _help(_command: Help, _caller: Caller, _context: Context) -> Message:
    return help_message()


@_do.register
def _list(command: ListSrs, caller: Caller, context: Context) -> Message:
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), render(command))
    question = Question(
        id=new_id(),
        team=caller.team,
        channel=caller.channel,
        actor=caller.user,
        pool=pool.name,
        asked_at=context.clock(),
        keep_seconds=context.settings.times.answer.total_seconds(),
        name_label=command.name_label,
    )
    try:
        context.questions.ask(question, context.settings.times.waiting_notice.total_seconds())
    except LedgerUnavailable as error:
        return _not_recorded(error, render(command))
    LOG.info("question_asked", question=question.id, pool=pool.name, user=caller.user)
    text = question_asked(pool.name)
    return message(text, [section(text)])


@_do.register
def _add_iscsi(command: AddIscsi, caller: Caller, context: Context) -> Message | None:
    asked = _asked(command, caller, context)
    without_credential = render(replace(command, chap=None))
    if isinstance(asked, str):
        return refusal_message(asked, without_credential)
    try:
        context.ledger.open(asked)
    except LedgerUnavailable as error:
        return _not_recorded(error, without_credential)
    LOG.info("asked", request=asked.request, pool=asked.pool, user=caller.user, channel=caller.channel)
    return None


def _asked(command: AddIscsi, caller: Caller, context: Context) -> e.Asked | str:
    """Give the first event of the request, or in mrkdwn why there is none."""
    settings = context.settings
    pool = pool_for(settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return escape(pool.sentence)
    if not allowed(settings.targets, command.host):
        return refusal("address_not_allowed", {"address": command.host})
    credential = credential_for(settings, command.host, command.chap)
    if isinstance(credential, Refusal):
        return escape(credential.sentence)
    return e.Asked(
        at=context.clock(),
        actor=caller.user,
        request=new_id(),
        team=caller.team,
        channel=caller.channel,
        requester=caller.user,
        pool=pool.name,
        address=Address(command.host, command.port),
        times=_times(settings),
        name=command.name,
        reason=command.reason,
        credential=None if credential is None else credential.name,
        purpose=Purpose.ATTACH if isinstance(command, AttachIscsi) else Purpose.CREATE,
    )


def _times(settings: Settings) -> Times:
    times = settings.times
    return Times(
        choice=times.choice.total_seconds(),
        approval=times.approval.total_seconds(),
        notice=times.waiting_notice.total_seconds(),
    )


def _not_recorded(error: LedgerUnavailable, typed: str) -> Message:
    LOG.warning("ledger_unavailable", error=str(error))
    return refusal_message(MAYBE_RECORDED if error.sent else NOT_RECORDED, typed)
