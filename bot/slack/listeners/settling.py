"""How a click is settled: committed, then acked, and whoever pressed is told what did not come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt import Ack

from bot.ledger.store import LedgerUnavailable, UnknownRequest
from bot.request.events import Event
from bot.request.lifecycle import Impossible
from bot.request.model import Request
from bot.request.refused import Refused
from bot.slack.cards.sentences import MAYBE_CHANGED, NOTHING_CHANGED, UNKNOWN_REQUEST, refusal
from bot.slack.context import Context
from bot.slack.payload import read_caller

LOG = structlog.get_logger(__name__)

Body = dict[str, Any]
Decide = Callable[[Request], Sequence[Event]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a step that no rule speaks against: no such request, not recorded, perhaps recorded."""

    unknown: str
    not_recorded: str
    maybe_recorded: str


OF_A_CARD: Final = Words(UNKNOWN_REQUEST, NOTHING_CHANGED, MAYBE_CHANGED)


def attempt(context: Context, request_id: str, decide: Decide, words: Words = OF_A_CARD) -> str | None:
    """Commit what is decided; give what to tell the person where nothing was changed."""
    try:
        after = context.ledger.commit(request_id, decide)
    except Refused as refused:
        LOG.info("refused", request=request_id, reason=refused.reason_code)
        return refusal(refused.reason_code, refused.facts)
    except Impossible:
        LOG.info("refused", request=request_id, reason="not_now")
        return refusal("not_now")
    except UnknownRequest:
        return words.unknown
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", request=request_id, error=str(error))
        return words.maybe_recorded if error.sent else words.not_recorded
    LOG.info("committed", request=request_id, state=after.state.value)
    return None


def settle(context: Context, body: Body, ack: Ack, request_id: str, decide: Decide) -> None:
    """Commit, ack, and tell the person privately what was refused."""
    told = attempt(context, request_id, pressed_in(read_caller(body).channel, decide))
    answer(context, body, ack, told)


def pressed_in(channel: str, decide: Decide) -> Decide:
    """Let a press in another channel than the request's find no request: the gate has looked at that channel alone."""

    def decide_here(request: Request) -> Sequence[Event]:
        if request.channel != channel:
            raise UnknownRequest(request.id)
        return decide(request)

    return decide_here


def answer(context: Context, body: Body, ack: Ack, told: str | None) -> None:
    """Ack a click, and say something to the one who pressed."""
    ack()
    tell(context, body, told)


def tell(context: Context, body: Body, told: str | None) -> None:
    """Say something to the one who pressed, if there is something to say."""
    caller = read_caller(body)
    if told is not None and caller.response_url:
        context.voice.tell(caller.response_url, told)
