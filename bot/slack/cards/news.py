"""What whoever asked is told privately, as soon as it is so: that others decided, or that nobody did."""

from __future__ import annotations

from functools import singledispatch

from bot.request import events as e
from bot.request.model import Request
from bot.slack.cards import awaited
from bot.slack.cards.parts import because
from bot.slack.cards.texts import code, mention


def news(event: e.Event, after: Request) -> str | None:
    """Say it in mrkdwn; None for what is no news to who asked."""
    said = None if event.actor == after.requester else _news(event, after)
    return None if said is None else f"Your request {code(after.id)} {said}"


@singledispatch
def _news(event: e.Event, after: Request) -> str | None:
    del event, after
    return None


@_news.register
def _queued(_event: e.Queued, _after: Request) -> str:
    return "is approved: a worker takes it up now."


@_news.register
def _rejected(event: e.Rejected, _after: Request) -> str:
    return f"was rejected by {mention(event.actor)}.{because(event.because)} Nothing was changed."


@_news.register
def _expired(_event: e.Expired, after: Request) -> str:
    waited = "nobody approved it in time" if after.approved_at is None else "it was approved, but not run in time"
    return f"is over: {waited}. Nothing was changed: ask anew with `/sr`."


@_news.register
def _reopened(_event: e.ApprovalReopened, _after: Request) -> str:
    return "needs more approvals before it runs; they are asked for in its thread."


@_news.register
def _held(event: e.Held, _after: Request) -> str:
    return f"is approved, and held: {awaited.why_held(event.because, event.until, event.by, event.why)}"
