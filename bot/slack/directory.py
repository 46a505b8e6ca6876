"""Who people are and what channels are, asked of Slack within a deadline and remembered for a minute.

What can't be learnt in time counts as unknown, and unknown is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTimedOut
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.errors import name_of

LOG = structlog.get_logger(__name__)

LOOKUP_SECONDS: Final = 1.5
"""For everything that one interaction wants to know; with the commit it stays within the 3 s that Slack gives."""

KEPT_SECONDS: Final = 60.0
_THREADS: Final = 16
_MOST_KEPT: Final = 10_000
_MOST_PLACES: Final = 999

Record = dict[str, Any]


class Unreachable(Exception):  # noqa: N818 - it names what happened
    """Slack did not say it in time."""


class NotThere(Exception):  # noqa: N818 - it names what happened
    """Slack knows no such person, or shows us no such channel."""


def is_shared(channel: Record) -> bool:
    """Whether people of another company are in a channel, or are about to be."""
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


@dataclass(slots=True)
class _Kept:
    until: float
    record: Record | None


_UNKNOWN: Final = frozenset({"user_not_found", "user_not_visible", "channel_not_found"})
_OUT_OF_SIGHT: Final = frozenset({"missing_scope", "method_not_supported_for_channel_type"})
"""conversations.info about a conversation between people wants scopes that srbot does not have."""


@dataclass(slots=True)
class Directory:
    """Looks people and channels up. `clock` is for the memory, never for deadlines."""

    client: WebClient
    clock: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, "srbot-lookup"))

    def begin_person(self, user: str) -> Callable[[float], Record]:
        """Start to look a person up; the answer is waited for until a moment of time.monotonic().

        Waiting raises Unreachable, NotThere.
        """
        return self._begin("user", user, lambda: self.client.users_info(user=user))

    def begin_channel(self, channel: str) -> Callable[[float], Record]:
        """Start to look a channel up, in the same way."""
        return self._begin("channel", channel, lambda: self.client.conversations_info(channel=channel))

    def begin_places(self, user: str) -> Callable[[float], Record]:
        """Start to find out in which channels of ours a person is, names by id; of private ones, where srbot is too."""
        return self._begin("places", user, lambda: {"places": self._places(user)})

    def _places(self, user: str) -> Record:
        """Read them all, page by page (docs.slack.dev: users.conversations)."""
        pages = self.client.users_conversations(
            user=user, types="public_channel,private_channel", exclude_archived=True, limit=_MOST_PLACES
        )
        channels = [channel for page in pages for channel in page["channels"]]
        return {str(channel["id"]): str(channel.get("name")) for channel in channels if not is_shared(channel)}

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, kind: str, subject: str, ask: Callable[[], Any]) -> Callable[[float], Record]:
        kept = self._remembered(kind, subject)
        if kept is not None:
            return lambda _until: _present(kept.record)
        asked = self._pool.submit(self._ask, kind, subject, ask)
        return lambda until: _awaited(asked, until)

    def _remembered(self, kind: str, subject: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get((kind, subject))
            return kept if kept is not None and kept.until > self.clock() else None

    def _ask(self, kind: str, subject: str, ask: Callable[[], Any]) -> Record | None:
        record = _answer(kind, ask)
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[kind, subject] = _Kept(self.clock() + KEPT_SECONDS, record)
        return record


def _answer(kind: str, ask: Callable[[], Any]) -> Record | None:
    try:
        return dict(ask()[kind])
    except SlackApiError as error:
        name = name_of(error)
        LOG.info("lookup_refused", kind=kind, error=name)
        if name in _UNKNOWN:
            return None
        if kind == "channel" and name in _OUT_OF_SIGHT:
            return {"is_im": True}
        raise


def _awaited(asked: Future[Record | None], until: float) -> Record:
    try:
        record = asked.result(timeout=max(until - time.monotonic(), 0.0))
    except (LookupTimedOut, SlackApiError, OSError, HTTPException) as error:
        LOG.warning("lookup_failed", error=type(error).__name__)
        raise Unreachable from None
    return _present(record)


def _present(record: Record | None) -> Record:
    if record is None:
        raise NotThere
    return record
