"""Who decided what about a plan."""

from __future__ import annotations

from bot.request import events as e
from bot.request.model import Request
from bot.slack.cards.awaited import called, names, why_held
from bot.slack.cards.lines.saying import say
from bot.slack.cards.parts import because, typed_words
from bot.slack.cards.parts import purpose as purpose_of
from bot.slack.cards.texts import code, mention


@say.register
def _approval_requested(event: e.ApprovalRequested, _after: Request) -> str:
    if not event.awaited:
        return f"{mention(event.actor)} requested the approval."
    later = "" if event.call or event.call_at is None else " They are called when quiet hours are over."
    return f"{mention(event.actor)} requested the approval{called(event.awaited, event.call)}{later}"


@say.register
def _queued(event: e.Queued, _after: Request) -> str | None:
    return "The policy lets this pass without an approval." if event.charges else None


@say.register
def _reopened(event: e.ApprovalReopened, _after: Request) -> str:
    needed = "by the policy that is in force now more approvals are needed"
    return f"Nothing was done: {needed}{called(event.awaited, event.call)}"


@say.register
def _called(event: e.Called, _after: Request) -> str:
    again = (
        "Nobody has decided it yet, so these are called too" if event.escalated else "This waits for a decision still"
    )
    return f"{again}: {names(event.call)}."


@say.register
def _held(event: e.Held, _after: Request) -> str:
    return f"It is approved, and held: {why_held(event.because, event.until, event.by, event.why)}"


@say.register
def _released(_event: e.Released, _after: Request) -> str:
    return "What held it is over: it goes on."


@say.register
def _approved(event: e.Approved, after: Request) -> str:
    typed = f" and typed {typed_words(purpose_of(after))}" if event.typed else ""
    code = ", with a one-time code" if event.stepped_up else ""
    return f"{mention(event.actor)} approved plan {event.plan_number}{typed}{code}."


@say.register
def _claimed(event: e.Claimed, _after: Request) -> str:
    return f"{mention(event.actor)} is looking at it."


@say.register
def _question_asked(event: e.QuestionAsked, after: Request) -> str:
    asks = f"{mention(event.actor)} asks {mention(after.requester)}"
    return f"{asks}: {code(event.text, 600)} Answer here, in the thread."


@say.register
def _withdrawn(event: e.ApprovalWithdrawn, _after: Request) -> str:
    return f"{mention(event.actor)} withdrew the approval of plan {event.plan_number}."


@say.register
def _rejected(event: e.Rejected, _after: Request) -> str:
    return f"{mention(event.actor)} rejected the request.{because(event.because)}"
