"""The answer to `/sr why`: rule by rule, what a request still needs and from whom."""

from __future__ import annotations

from bot.policy import Decision, explain
from bot.request.model import Request, State
from bot.slack.cards import awaited
from bot.slack.cards.blocks import Message, context, header, message, paragraphs
from bot.slack.cards.card import headline
from bot.slack.cards.texts import code, escape, mention, moment

_NOT_ASKED: dict[State, str] = {
    State.QUEUED: "It is approved; this is what the policy in force says of it now.",
    State.RUNNING: "It runs; this is what the policy in force says of it now.",
}
_BEFORE = "Its approval has not been asked for yet; this is what it would take now."
_OVER = "It has ended; this is what the policy in force would say of it now."


def why_message(request: Request, decision: Decision) -> Message:
    """Explain a decision to a person; names of the policy are data, people are named as Slack shows them."""
    lines = explain(decision, mention, escape)
    title = f"Why: {headline(request)}"
    return message(
        title,
        [
            header(title),
            context(_stands(request)),
            *paragraphs(lines[:1] + tuple(f"• {line}" for line in lines[1:])),
            awaited.held(request),
        ],
    )


def _stands(request: Request) -> str:
    until = f" Open until {moment(request.expires_at)}." if request.expires_at is not None else ""
    said = f"Request {code(request.id)} of {mention(request.requester)}.{until}"
    if request.state is State.AWAITING_APPROVAL:
        return said
    return f"{said} {_OVER if request.ended else _NOT_ASKED.get(request.state, _BEFORE)}"
