"""Recording what somebody asks for, however they asked: by a command or by the form."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot import asking
from bot.ledger.store import LedgerUnavailable
from bot.request.grammar import Command
from bot.request.refused import Refused
from bot.slack.cards.sentences import MAYBE_RECORDED, NOT_RECORDED, plain_refusal, refusal
from bot.slack.cards.texts import escape
from bot.slack.context import Context

LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why nothing was asked for, as a stable code, as plain text and as mrkdwn."""

    reason: str
    plain: str
    mrkdwn: str


def ask(context: Context, command: Command, asker: asking.Asker) -> Unasked | None:
    """Record a request, whose card the channel shows; None where that is done."""
    try:
        asked = asking.asked(command, asker, context.settings)
        asking.open_request(asked, context.ledger, context.rules.standing(context.rules.members()))
    except asking.NotAllowed as error:
        return Unasked(error.refusal.reason, error.refusal.sentence, escape(error.refusal.sentence))
    except Refused as refused:
        code = refused.reason_code
        LOG.info("refused", reason=code, user=asker.user, channel=asker.channel)
        return Unasked(code, plain_refusal(code, refused.facts), refusal(code, refused.facts))
    except LedgerUnavailable as error:
        return not_recorded(error)
    LOG.info("asked", request=asked.request, pool=asked.pool, user=asked.requester, channel=asked.channel)
    return None


def not_recorded(error: LedgerUnavailable) -> Unasked:
    """Say that it was not recorded, or that this can't be told."""
    LOG.warning("ledger_unavailable", error=str(error))
    said = MAYBE_RECORDED if error.sent else NOT_RECORDED
    return Unasked("ledger_unavailable", said, said)
