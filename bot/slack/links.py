"""Links to messages, asked of Slack within a deadline. They never change, so what was given once is remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTimedOut
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from typing import Final, NamedTuple

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

LOG = structlog.get_logger(__name__)

_THREADS: Final = 8
"""Of their own: whoever is let in must not wait for a link."""

_MOST_KEPT: Final = 10_000


class Place(NamedTuple):
    """A message: its channel and ts; an empty ts stands for none."""

    channel: str
    ts: str


@dataclass(slots=True)
class Links:
    """Looks links up (chat.getPermalink), several at once."""

    client: WebClient
    _kept: dict[Place, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, "srbot-link"))

    def find(self, places: Sequence[Place], until: float) -> list[str]:
        """Give a link to each message; empty where Slack gives none until a moment of time.monotonic()."""
        begun = [self._begin(place) for place in places]
        return [link(until) for link in begun]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, place: Place) -> Callable[[float], str]:
        with self._lock:
            kept = self._kept.get(place)
        if kept is not None or not place.ts:
            return lambda _until: kept or ""
        asked = self._pool.submit(self._ask, place)
        return lambda until: _awaited(asked, until)

    def _ask(self, place: Place) -> str:
        answer = self.client.chat_getPermalink(channel=place.channel, message_ts=place.ts)
        link = str(answer.get("permalink") or "")
        if not link:
            return ""
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[place] = link
        return link


def _awaited(asked: Future[str], until: float) -> str:
    try:
        return asked.result(timeout=max(until - time.monotonic(), 0.0))
    except (LookupTimedOut, SlackApiError, OSError, HTTPException) as error:
        LOG.info("no_permalink", error=type(error).__name__)
        return ""
