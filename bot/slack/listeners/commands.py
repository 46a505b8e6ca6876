"""What people type behind /sr."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import TypedDict

import structlog
from slack_bolt import Ack, App

from bot.deciding import may_ask
from bot.ledger.store import LedgerUnavailable, new_id
from bot.request import events as e
from bot.request.found import Protocol
from bot.request.grammar import (
    AddHba,
    AddIscsi,
    AddLocal,
    AddOther,
    AddShare,
    AttachIscsi,
    Chore,
    Command,
    ListSrs,
    ManageSr,
    Mistake,
    parse,
    render,
)
from bot.request.lifecycle import begin
from bot.request.model import Address, Kind, Times
from bot.request.plan import Purpose
from bot.request.question import Question
from bot.request.reach import reach_of
from bot.request.refused import Refused
from bot.settings import Credential, Refusal, Settings, allowed, credential_for, path_allowed, pool_for
from bot.slack.cards.answers import mistake_message, refusal_message
from bot.slack.cards.blocks import Message, message, section
from bot.slack.cards.sentences import MAYBE_RECORDED, NOT_RECORDED, question_asked, refusal
from bot.slack.cards.texts import escape
from bot.slack.context import Context
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller

LOG = structlog.get_logger(__name__)

COMMAND = "/sr"


class _By(TypedDict):
    at: float
    actor: str
    request: str
    team: str
    channel: str
    requester: str
    times: Times


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
        return _not_recorded(error, render(command))
    LOG.info("question_asked", question=question.id, pool=question.pool, user=question.actor)
    text = question_asked(question.pool)
    return message(text, [section(text)])


@_do.register
def _add_iscsi(command: AddIscsi, caller: Caller, context: Context) -> Message | None:
    asked = _asked(command, caller, context)
    without_credential = render(replace(command, chap=None))
    if isinstance(asked, str):
        return refusal_message(asked, without_credential)
    return _open(asked, without_credential, context)


@_do.register
def _manage(command: ManageSr, caller: Caller, context: Context) -> Message | None:
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), render(command))
    if command.chore is Chore.SHOW:
        return _ask(replace(_question(caller, context, pool.name), sr=command.sr), command, context)
    asked = e.Asked(
        **_by(caller, context),
        pool=pool.name,
        name=command.name,
        reason=command.reason,
        purpose=Purpose(command.chore),
        sr=command.sr,
    )
    return _open(asked, render(command), context)


@_do.register
def _add_hba(command: AddHba, caller: Caller, context: Context) -> Message | None:
    typed = render(command)
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), typed)
    asked = e.Asked(
        **_by(caller, context),
        pool=pool.name,
        name=command.name,
        reason=command.reason,
        purpose=Purpose.ATTACH if command.attach else Purpose.CREATE,
        kind=Kind.HBA,
    )
    return _open(asked, typed, context)


@_do.register
def _add_share(command: AddShare, caller: Caller, context: Context) -> Message | None:
    typed = render(replace(command, credential=None))
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), typed)
    if not allowed(context.settings.targets, command.share.server):
        return refusal_message(refusal("address_not_allowed", {"address": command.share.server}), typed)
    credential = _share_credential(command, context)
    if isinstance(credential, Refusal):
        return refusal_message(escape(credential.sentence), typed)
    asked = e.Asked(
        **_by(caller, context),
        pool=pool.name,
        name=command.name,
        reason=command.reason,
        credential=None if credential is None else credential.name,
        purpose=Purpose.ATTACH if command.attach else Purpose.CREATE,
        kind=command.kind,
        share=replace(command.share, version=command.version or ""),
        wanted=command.sr,
    )
    return _open(asked, typed, context)


@_do.register
def _add_local(command: AddLocal, caller: Caller, context: Context) -> Message | None:
    typed, paths = render(command), context.settings.local_paths
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), typed)
    if not paths:
        return refusal_message(refusal("no_local_paths"), typed)
    if command.device and not path_allowed(paths, command.device):
        return refusal_message(refusal("path_not_allowed", {"path": command.device}), typed)
    asked = e.Asked(
        **_by(caller, context),
        pool=pool.name,
        name=command.name,
        reason=command.reason,
        purpose=Purpose.ATTACH if command.attach else Purpose.CREATE,
        kind=command.kind,
        wanted=command.sr,
        host=command.host,
        device=command.device,
        sr_type=command.sr_type,
    )
    return _open(asked, typed, context)


@_do.register
def _add_other(command: AddOther, caller: Caller, context: Context) -> Message | None:
    typed = render(command)
    pool = pool_for(context.settings, caller.channel, command.pool)
    if isinstance(pool, Refusal):
        return refusal_message(escape(pool.sentence), typed)
    refused = _out_of_bounds(command, context.settings)
    if refused is not None:
        return refusal_message(refused, typed)
    asked = e.Asked(
        **_by(caller, context),
        pool=pool.name,
        name=command.name,
        reason=command.reason,
        kind=Kind.OTHER,
        host=command.host,
        sr_type=command.sr_type,
        given=command.given,
    )
    return _open(asked, typed, context)


def _out_of_bounds(command: AddOther, settings: Settings) -> str | None:
    """Give in mrkdwn which address or local path is not allowed that the keys lead to."""
    reach = reach_of(command.given)
    for address in reach.addresses:
        if not allowed(settings.targets, address):
            return refusal("address_not_allowed", {"address": address})
    for path in reach.paths:
        if not path_allowed(settings.local_paths, path):
            return refusal("path_not_allowed", {"path": path})
    return None


def _share_credential(command: AddShare, context: Context) -> Credential | Refusal | None:
    """NFS knows no passwords; for SMB one is found as for CHAP."""
    if command.share.protocol is Protocol.NFS:
        return None
    return credential_for(context.settings, command.share.server, command.credential, "cred")


def _open(asked: e.Asked, typed: str, context: Context) -> Message | None:
    """Record a request, where the policy lets its requester ask; the channel shows it."""
    try:
        may_ask(begin(asked), context.rules.standing(context.rules.members()))
        context.ledger.open(asked)
    except Refused as refused:
        LOG.info("refused", reason=refused.reason_code, user=asked.requester, channel=asked.channel)
        return refusal_message(refusal(refused.reason_code, refused.facts), typed)
    except LedgerUnavailable as error:
        return _not_recorded(error, typed)
    LOG.info("asked", request=asked.request, pool=asked.pool, user=asked.requester, channel=asked.channel)
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
        **_by(caller, context),
        pool=pool.name,
        address=Address(command.host, command.port),
        name=command.name,
        reason=command.reason,
        credential=None if credential is None else credential.name,
        purpose=Purpose.ATTACH if isinstance(command, AttachIscsi) else Purpose.CREATE,
        multihomed=command.multihomed,
        all_targets=command.all_targets,
    )


def _by(caller: Caller, context: Context) -> _By:
    """Say who asks, where and when."""
    return {
        "at": context.clock(),
        "actor": caller.user,
        "request": new_id(),
        "team": caller.team,
        "channel": caller.channel,
        "requester": caller.user,
        "times": _times(context.settings),
    }


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
