"""The calls that write into Slack, and finding again what was written when an answer was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.cards.blocks import Message
from bot.slack.errors import OF_SLACK, RATE_LIMITED, name_of, pause_of
from bot.slack.publishing.pacing import HOME, POST, PRIVATE, UPDATE, Pacing

LOG = structlog.get_logger(__name__)

EVENT_TYPE: Final = "srbot_request"
LEASE_PAUSE: Final = 1.0
_LOOKED_THROUGH: Final = 100

FOR_CARDS: Final = 2
"""So many messages of a burst are left to cards: who asks is to see at once that it was heard."""

Metadata = dict[str, Any]


class NotYet(Exception):  # noqa: N818 - it names what happened
    """The call has to wait for `seconds`; nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a channel, and in it a thread if there is one."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """How Slack marks what srbot has posted: the ids of its app, and of its bot where Slack gave it one."""

    app: str
    bot: str = ""

    def wrote(self, message: Mapping[str, Any]) -> bool:
        """Say whether a message is srbot's own: any app may give its messages the metadata of ours."""
        if message.get("app_id"):
            return bool(message["app_id"] == self.app)
        return bool(self.bot and message.get("bot_id") == self.bot)


@dataclass(frozen=True, slots=True)
class Poster:
    """Each method raises SlackApiError, OSError, http.client.HTTPException, and NotYet before it is time."""

    client: WebClient
    pacing: Pacing
    may_write: Callable[[], bool]
    """Keeps the publisher's lease; asked before each call, since each may take seconds."""

    author: Author

    def post(self, place: Place, message: Message, metadata: Metadata) -> str:
        """Post a message and give its ts."""
        answer = self._paced(
            POST,
            place.channel,
            "",
            spare=FOR_CARDS if place.thread else 0,
            call=lambda: self.client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                text=message.text,
                blocks=list(message.blocks) or None,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
            ),
        )
        return str(answer["ts"])

    def update(self, place: Place, ts: str, message: Message, metadata: Metadata) -> None:
        """Draw a message anew. The blocks are always sent along: without them Slack takes them away."""
        self._paced(
            UPDATE,
            place.channel,
            ts,
            lambda: self.client.chat_update(
                channel=place.channel,
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=metadata,
                link_names=False,
            ),
        )

    def tell(self, channel: str, user: str, message: Message) -> None:
        """Show a message to one person in a channel."""
        self._paced(
            PRIVATE,
            channel,
            "",
            lambda: self.client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=list(message.blocks)
            ),
        )

    def publish(self, user: str, view: dict[str, Any]) -> None:
        """Draw somebody's Home."""
        self._paced(HOME, user, "", lambda: self.client.views_publish(user_id=user, view=view))

    def link(self, place: Place, ts: str) -> str:
        """Give a link to a message; empty where Slack gives none."""
        try:
            return str(self.client.chat_getPermalink(channel=place.channel, message_ts=ts).get("permalink") or "")
        except (SlackApiError, OSError, HTTPException) as error:
            LOG.info("no_permalink", error=type(error).__name__)
            return ""

    def find(self, place: Place, metadata: Metadata) -> str | None:
        """Look for a message of ours by its metadata; None without the right to look, or where it isn't.

        What Slack has no time to say is not known: that raises NotYet, or Slack's own error.
        """
        try:
            found = self._recent(place)
        except SlackApiError as error:
            if name_of(error) in RATE_LIMITED:
                raise NotYet(pause_of(error)) from None
            if name_of(error) in OF_SLACK:
                raise
            return None
        ours = (each for each in found if self.author.wrote(each) and _same(each.get("metadata"), metadata))
        return next((str(each["ts"]) for each in ours), None)

    def _recent(self, place: Place) -> list[dict[str, Any]]:
        if place.thread:
            answer = self.client.conversations_replies(
                channel=place.channel, ts=place.thread, include_all_metadata=True, limit=_LOOKED_THROUGH
            )
        else:
            answer = self.client.conversations_history(
                channel=place.channel, include_all_metadata=True, limit=_LOOKED_THROUGH
            )
        return list(answer.get("messages") or [])

    def _paced(self, method: str, channel: str, card: str, call: Callable[[], Any], spare: int = 0) -> Any:  # noqa: ANN401 - Slack's answer
        wait = self.pacing.wait(method, channel, card, spare)
        if wait > 0:
            raise NotYet(wait)
        if not self.may_write():
            raise NotYet(LEASE_PAUSE)
        self.pacing.note(method, channel, card)
        try:
            return call()
        except SlackApiError as error:
            if name_of(error) not in RATE_LIMITED:
                raise
            self.pacing.hold(method, pause_of(error))
            LOG.warning("slack_rate_limited", method=method, seconds=pause_of(error))
            raise NotYet(pause_of(error)) from None


def metadata(request_id: str, sequence: int, state: str = "") -> Metadata:
    """What a message carries, readable by other apps: its id, 0 for the card or the line's number."""
    payload: dict[str, Any] = {"request": request_id, "sequence": sequence}
    return {"event_type": EVENT_TYPE, "event_payload": payload | ({"state": state} if state else {})}


def _same(found: Any, wanted: Metadata) -> bool:  # noqa: ANN401 - whatever Slack holds
    if not isinstance(found, dict) or found.get("event_type") != EVENT_TYPE:
        return False
    payload, ours = found.get("event_payload") or {}, wanted["event_payload"]
    return all(payload.get(key) == ours[key] for key in ("request", "sequence"))
