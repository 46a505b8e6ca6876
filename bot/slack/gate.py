"""Who may speak to srbot at all, and where: checked before every listener, by ids, and closed when in doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse

from bot.settings import Settings
from bot.slack.acks import plain_ack, private_answer
from bot.slack.cards.sentences import refusal
from bot.slack.context import Context
from bot.slack.directory import LOOKUP_SECONDS, NotThere, Record, Unreachable
from bot.slack.payload import Caller, Surface, read_caller

LOG = structlog.get_logger(__name__)

FOREIGN: Final = "foreign"
"""From another workspace or for another app: nobody is answered."""

Next = Callable[[], BoltResponse]


@dataclass(frozen=True, slots=True)
class Gate:
    """Bolt middleware."""

    context: Context

    def __call__(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt hands it over by this name
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
        if foreign is not None:
            return foreign
        until = time.monotonic() + LOOKUP_SECONDS
        ask_person = self.context.directory.begin_person(caller.user)
        place = _place(self.context.settings, caller)
        ask_channel = self.context.directory.begin_channel(caller.channel) if place is None and caller.channel else None
        return (
            _looked_up(ask_person, until, self._person, "stranger", "people_unreachable")
            or place
            or (
                ask_channel
                and _looked_up(ask_channel, until, channel_refusal, "bot_not_in_channel", "channel_unreachable")
            )
            or None
        )

    def _person(self, record: Record) -> str | None:
        return person_refusal(record, self.context.settings.slack.team)


def _foreign(settings: Settings, caller: Caller) -> str | None:
    if caller.team != settings.slack.team or caller.app != settings.slack.app or not caller.user:
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
    if record.get("is_ext_shared") or record.get("is_pending_ext_shared"):
        return "channel_shared"
    return None if record.get("is_member") else "bot_not_in_channel"


def _place(settings: Settings, caller: Caller) -> str | None:
    """Say what the id alone tells about the channel. A dialog has none: its request's is looked at there."""
    if caller.surface is Surface.SUBMISSION:
        return None
    if caller.channel.startswith("D"):
        return "direct_message"
    return None if caller.channel in settings.channels else "channel_not_listed"


def _looked_up(
    ask: Callable[[float], Record], until: float, judge: Callable[[Record], str | None], missing: str, late: str
) -> str | None:
    try:
        return judge(ask(until))
    except NotThere:
        return missing
    except Unreachable:
        return late
