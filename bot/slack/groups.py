"""The members of Slack's user groups: one reading serves all groups and everybody who waits for it.

A reading that is too old decides nothing: a group that was not read in time counts as unreadable, which is a no.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTimedOut
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.policy import Members
from bot.slack.errors import name_of

LOG = structlog.get_logger(__name__)

DECIDES_SECONDS: Final = 15.0
"""How old a reading may be when it decides, counted from when it was asked for."""

UNREAD: Final = Members()


def read_members(client: WebClient) -> Members:
    """Read all groups that are not disabled, with one call (docs.slack.dev: usergroups.list). Raises as slack_sdk."""
    answer: Any = client.usergroups_list(include_users=True, include_disabled=False)
    return Members({str(group["id"]): frozenset(group.get("users") or ()) for group in answer["usergroups"]})


@dataclass(frozen=True, slots=True)
class _Reading:
    """`begun` is a moment of the clock."""

    begun: float
    members: Future[Members]


@dataclass(slots=True)
class Groups:
    """`clock` tells how old a reading is, time.monotonic() how long somebody waits for one."""

    client: WebClient
    clock: Callable[[], float] = time.monotonic
    _reading: _Reading | None = None
    _lock: Lock = field(default_factory=Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "srbot-groups"))

    def begin(self) -> Callable[[float], Members]:
        """Start to read, unless a reading is there or under way that may decide.

        The answer is waited for until a moment of time.monotonic(); what did not come by then is unread.
        """
        with self._lock:
            reading = self._reading
            if reading is None or not self._may_decide(reading) or _failed(reading.members):
                reading = self._reading = _Reading(self.clock(), self._submitted())
        return lambda until: self._awaited(reading, until)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submitted(self) -> Future[Members]:
        try:
            return self._pool.submit(self._read)
        except RuntimeError as error:  # the bot is being closed
            failed: Future[Members] = Future()
            failed.set_exception(error)
            return failed

    def _read(self) -> Members:
        return read_members(self.client)

    def _awaited(self, reading: _Reading, until: float) -> Members:
        try:
            members = reading.members.result(timeout=max(until - time.monotonic(), 0.0))
        except SlackApiError as error:
            LOG.warning("groups_unread", error=name_of(error))
            return UNREAD
        except (LookupTimedOut, CancelledError, RuntimeError, OSError, HTTPException, KeyError, TypeError) as error:
            LOG.warning("groups_unread", error=type(error).__name__)
            return UNREAD
        return members if self._may_decide(reading) else UNREAD

    def _may_decide(self, reading: _Reading) -> bool:
        return self.clock() - reading.begun <= DECIDES_SECONDS


def _failed(members: Future[Members]) -> bool:
    """Whether a reading has come to nothing: whoever comes next has it read again."""
    return members.done() and (members.cancelled() or members.exception() is not None)
