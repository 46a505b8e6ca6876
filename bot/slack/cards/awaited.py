"""Whose approval is awaited, in words: for the card, which calls nobody, and for the thread, which calls each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.request.approving import Awaited, Call
from bot.request.model import Request
from bot.slack.cards.blocks import Block, context
from bot.slack.cards.texts import clock_time, code, counted, mention, moment

_APPROVAL: Final = "approval"
_OWN: Final = "Who asked can't approve."
_CODE: Final = " Each approval wants a one-time code."
NOBODY: Final = "nobody but who asked could approve now"

WHY_HELD: Final[Mapping[str, str]] = {"quiet_hours": "the policy lets nothing run in its quiet hours,"}
"""By reason code."""


def missing(request: Request) -> Block:
    """Say what is still missing, part by part; the thread calls those who could give it."""
    parts = [f"{counted(part.count, _APPROVAL)} by {_who(part)}" for part in _once(request.awaited)]
    code_too = _CODE if request.step_up else ""
    return context(f"*Still missing: {'; '.join(parts) or 'an approval'}.* The thread calls them. {_OWN}{code_too}")


def claimed(request: Request) -> Block | None:
    """Say who is looking at it."""
    if request.claimed_at is None:
        return None
    return context(f"{mention(request.claimed_by)} is looking at it, since {clock_time(request.claimed_at)}.")


def held(request: Request) -> Block | None:
    """Say what keeps an approved request from running, and until when."""
    if request.held_until is None:
        return None
    return context(f"*Held:* {why_held(request.held_because, request.held_until, request.held_by, request.held_why)}")


def why_held(because: str, until: float, by: str, why: str) -> str:
    """Say what holds a request, as the rest of a sentence and what follows."""
    if because == "frozen":
        return f"{mention(by)} froze the pool: {code(why, 600)}. It goes on by itself once that is lifted."
    return f"{WHY_HELD.get(because, code(because))} until {moment(until)}. It goes on by itself then."


def called(parts: tuple[Awaited, ...], call: Call) -> str:
    """Go on with a sentence: of whom, each of them once, and who has to be among those who approve."""
    of = f" of {names(call)}" if call else "" if _could(parts) else f"; {NOBODY}"
    return f"{of}.{_needed(parts)}{_overriding(parts)}"


def names(call: Call) -> str:
    """Call people, and groups whose members could not be read."""
    return ", ".join([*map(mention, call.people), *(f"<!subteam^{group}>" for group in call.groups)])


def _could(parts: tuple[Awaited, ...]) -> bool:
    return any(part.people or part.unreadable for part in parts)


def _needed(parts: tuple[Awaited, ...]) -> str:
    """Say which parts there are, where it isn't simply one of those."""
    named = [part for part in _once(parts) if part.part or part.count > 1]
    if not named:
        return ""
    return f" Needed: {'; '.join(f'{counted(part.count, _APPROVAL)} by {_who(part)}' for part in named)}."


def _overriding(parts: tuple[Awaited, ...]) -> str:
    if not any(part.overriding for part in parts):
        return ""
    those = sorted({person for part in parts if part.overriding for person in part.people})
    listed = ", ".join(map(mention, those)) or "there is nobody now"
    return f" One of those who may override has to be among them: {listed}."


def _who(part: Awaited) -> str:
    more = f" (and {part.more} more than are called)" if part.more else ""
    unread = " (whose members could not be read)" if part.unreadable else ""
    usual = "somebody who may override" if part.overriding else "an approver of this channel"
    return f"{code(part.part) if part.part else usual}{more}{unread}"


def _once(parts: tuple[Awaited, ...]) -> list[Awaited]:
    """The same part of several rules is filled by the same people."""
    return list({(part.part, part.count, part.overriding): part for part in parts}.values())
