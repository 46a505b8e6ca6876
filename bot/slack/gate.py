"""Who may speak to srbot at all, and where: checked before every listener, by ids, and closed when in doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt import BoltRequest, BoltResponse

from bot.settings import Settings
from bot.slack.acks import plain_ack, private_answer
from bot.slack.cards.sentences import refusal
from bot.slack.context import Context
from bot.slack.directory import LOOKUP_SECONDS, Directory, NotThere, Record, Unreachable, is_shared
from bot.slack.payload import Caller, Surface, read_caller

LOG = structlog.get_logger(__name__)

FOREIGN: Final = "foreign"
"""From another workspace or for another app: nobody is answered."""

_RECEIVED: Final = "srbot_received"

_IN_NO_CHANNEL: Final = frozenset({Surface.SUBMISSION, Surface.SHORTCUT, Surface.HOME})
"""A dialog's channel is looked at when it is known which it is."""

Next = Callable[[], BoltResponse]


@dataclass(frozen=True, slots=True)
class Gate:
    """Bolt middleware."""

    context: Context

    def __call__(self, body: dict[str, Any], req: BoltRequest, next: Next) -> BoltResponse:  # noqa: A002 - Bolt hands it over by this name
        req.context[_RECEIVED] = time.monotonic()
        caller = read_caller(body)
        if caller.surface is Surface.OTHER:
            return plain_ack()
        reason = self.refusal(caller)
        if reason is None:
            return next()
        LOG.info("refused_at_the_gate", reason=reason, user=caller.user, channel=caller.channel, team=caller.team)
        if reason == FOREIGN:
            return plain_ack()
        return private_answer(self.context, caller, refusal(reason, {"channel": caller.channel}))

    def refusal(self, caller: Caller) -> str | None:
        """Give the reason code why this caller is refused here and now; None where nothing speaks against it."""
        foreign = _foreign(self.context.settings, caller)
        # What is drawn when somebody opens their Home, who they are included, is looked up where it is drawn.
        if foreign is not None or caller.surface is Surface.EVENT:
            return foreign
        until = time.monotonic() + LOOKUP_SECONDS
        self.context.rules.begin()
        look_at_person = begin_person_refusal(
            self.context.directory, caller.user, self.context.settings.slack.team, until
        )
        look_at_channel = None
        if caller.surface not in _IN_NO_CHANNEL:
            look_at_channel = begin_place_refusal(self.context, caller.channel, until)
        refused = look_at_person()
        return refused or (None if look_at_channel is None else look_at_channel())


def _foreign(settings: Settings, caller: Caller) -> str | None:
    # Slack doesn't say of which app a global shortcut is; it comes over the socket of one.
    apps = {settings.slack.app, *([""] if caller.surface is Surface.SHORTCUT else [])}
    if caller.team != settings.slack.team or caller.app not in apps or not caller.user:
        return FOREIGN
    return "stranger" if caller.user_team and caller.user_team != settings.slack.team else None


def person_refusal(record: Record, team: str) -> str | None:
    """Say why a person (users.info) may not use srbot."""
    if record.get("is_stranger") or record.get("team_id", team) != team:
        return "stranger"
    if record.get("deleted"):
        return "deactivated"
    if record.get("is_bot") or record.get("is_workflow_bot"):
        return "bot"
    return "guest" if record.get("is_restricted") or record.get("is_ultra_restricted") else None


def channel_refusal(record: Record) -> str | None:
    """Say why srbot does nothing in a channel (conversations.info)."""
    if record.get("is_im") or record.get("is_mpim"):
        return "direct_message"
    if is_shared(record):
        return "channel_shared"
    return None if record.get("is_member") else "bot_not_in_channel"


def begin_person_refusal(directory: Directory, user: str, team: str, until: float) -> Callable[[], str | None]:
    """Start to find out why a person may not use srbot; the answer waits until a moment of time.monotonic()."""
    ask = directory.begin_person(user)
    return lambda: _looked_up(ask, until, lambda record: person_refusal(record, team), "stranger", "people_unreachable")


def begin_place_refusal(context: Context, channel: str, until: float) -> Callable[[], str | None]:
    """Start to find out why srbot does nothing in a channel; the answer waits until a moment of time.monotonic()."""
    if channel.startswith("D"):
        return lambda: "direct_message"
    if channel not in context.settings.channels:
        return lambda: "channel_not_listed"
    ask = context.directory.begin_channel(channel)
    return lambda: _looked_up(ask, until, channel_refusal, "bot_not_in_channel", "channel_unreachable")


def received_at(req: BoltRequest) -> float:
    """Give when a payload came, as a moment of time.monotonic()."""
    return float(req.context[_RECEIVED])


def _looked_up(
    ask: Callable[[float], Record], until: float, judge: Callable[[Record], str | None], missing: str, late: str
) -> str | None:
    try:
        return judge(ask(until))
    except NotThere:
        return missing
    except Unreachable:
        return late
