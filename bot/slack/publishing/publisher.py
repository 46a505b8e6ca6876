"""The publisher: drains the outbox into Slack. An entry goes only after what it stands for stands in Slack."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event
from typing import Final

import structlog
from redis.exceptions import RedisError
from slack_sdk.errors import SlackApiError

from bot.ledger.codec import Unreadable
from bot.ledger.homes import HOME
from bot.ledger.outbox import Entry, Outbox
from bot.ledger.store import LedgerUnavailable
from bot.request.lifecycle import Impossible
from bot.slack import errors
from bot.slack.errors import SlackFatalError, name_of
from bot.slack.publishing.homes import HomeShower
from bot.slack.publishing.posting import LEASE_PAUSE, NotYet
from bot.slack.publishing.showing import Shower

LOG = structlog.get_logger(__name__)

REQUEST: Final = "request"
LOOK_MILLISECONDS: Final = 500
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
FROM_THE_START: Final = "0"

Subject = tuple[str, str]


@dataclass(slots=True)
class _Waiting:
    """Entries about one subject, when to try again, and the pause after the next failure."""

    entries: list[str] = field(default_factory=list)
    due: float = 0.0
    paced: bool = False
    """It waits for nothing but its turn: what is new may be shown before."""
    pause: float = FIRST_PAUSE


@dataclass(slots=True)
class Publisher:
    """One of its kind publishes at a time: the one that holds the lease."""

    outbox: Outbox
    shower: Shower
    homes: HomeShower
    clock: Callable[[], float] = time.monotonic
    _after: str = FROM_THE_START
    _waiting: dict[Subject, _Waiting] = field(default_factory=dict)
    _holding: bool = False

    def run(self, stop: Event) -> None:
        """Publish until told to stop; raises SlackFatalError."""
        while not stop.is_set():
            try:
                self.turn(stop)
            except (RedisError, LedgerUnavailable) as error:
                LOG.warning("ledger_unavailable", error=type(error).__name__)
                self._holding = False
                stop.wait(FIRST_PAUSE)
        self._leave()

    def turn(self, stop: Event) -> None:
        """Do one round: keep the lease, take what is new, show what is due."""
        if not self.outbox.hold_lease():
            self._holding = False
            stop.wait(LEASE_PAUSE)
            return
        if self._holding:
            self._take(self._patience())
        else:
            self._begin_anew()
        for subject in [subject for subject, waiting in self._waiting.items() if waiting.due <= self.clock()]:
            if stop.is_set() or not self.outbox.hold_lease():
                return
            self._show(subject)

    def _begin_anew(self) -> None:
        """Read the outbox from its start. What stood there before may have been shown by whoever published then."""
        self._holding, self._after = True, FROM_THE_START
        self._waiting.clear()
        self._take(1)
        for kind, name in self._waiting:
            if kind == REQUEST:
                self.shower.doubt(name)

    def _patience(self) -> int:
        """How long to wait for new entries, in milliseconds: no longer than until something is due."""
        due = min((waiting.due for waiting in self._waiting.values()), default=None)
        if due is None:
            return LOOK_MILLISECONDS
        return min(max(int((due - self.clock()) * 1000), 1), LOOK_MILLISECONDS)

    def _take(self, milliseconds: int) -> None:
        for entry in self.outbox.wait(self._after, milliseconds):
            self._after = entry.id
            waiting = self._waiting.setdefault(_subject(entry), _Waiting())
            waiting.entries.append(entry.id)
            waiting.due = 0.0 if waiting.paced else waiting.due

    def _show(self, subject: Subject) -> None:
        waiting = self._waiting[subject]
        entries = tuple(waiting.entries)
        try:
            self._show_now(subject)
        except NotYet as wait:
            waiting.due, waiting.paced = self.clock() + wait.seconds, True
        except SlackApiError as error:
            self._refused(subject, waiting, error)
        except (OSError, HTTPException) as error:
            self._later(subject, waiting, type(error).__name__)
        except (Unreadable, Impossible) as error:
            name = type(error).__name__
            LOG.error("outbox_entry_unreadable", kind=subject[0], subject=subject[1], error=name)  # noqa: TRY400 - texts
            self._drop(subject, entries)
        else:
            self._drop(subject, entries)

    def _show_now(self, subject: Subject) -> None:
        kind, name = subject
        if kind == REQUEST:
            self.shower.show_request(name)
            for user in self.homes.opened():
                self._waiting.setdefault((HOME, user), _Waiting())
        elif kind == HOME:
            self.homes.show(name)
        else:
            self.shower.show_question(name)

    def _refused(self, subject: Subject, waiting: _Waiting, error: SlackApiError) -> None:
        name = name_of(error)
        if name in errors.FATAL:
            raise SlackFatalError(name) from None
        if subject[0] == REQUEST and name in errors.CARD_GONE | errors.THREAD_GONE:
            LOG.warning("card_gone", request=subject[1], error=name)
            self.shower.forget_card(subject[1])
            self._later(subject, waiting, name)
        elif name in errors.OF_SLACK or (subject[0] == REQUEST and name in errors.CHANNEL):
            self._later(subject, waiting, name)
        elif name in errors.PERSON_GONE | errors.CHANNEL:
            LOG.info("nobody_there_to_tell", question=subject[1], error=name)
            self._drop(subject, tuple(waiting.entries))
        else:
            LOG.error("slack_refused", kind=subject[0], subject=subject[1], error=name, messages=_messages(error))
            self._drop(subject, tuple(waiting.entries))

    def _later(self, subject: Subject, waiting: _Waiting, error: str) -> None:
        LOG.warning("not_shown_yet", kind=subject[0], subject=subject[1], error=error, seconds=waiting.pause)
        waiting.due, waiting.paced = self.clock() + waiting.pause, False
        waiting.pause = min(waiting.pause * 2, LONGEST_PAUSE)

    def _drop(self, subject: Subject, entries: tuple[str, ...]) -> None:
        self.outbox.done(*entries)
        del self._waiting[subject]

    def _leave(self) -> None:
        try:
            self.outbox.drop_lease()
        except RedisError as error:
            LOG.warning("lease_not_dropped", error=type(error).__name__)


def _subject(entry: Entry) -> Subject:
    return (entry.kind, entry.subject)


def _messages(error: SlackApiError) -> list[str]:
    """Slack's own words about a message that it won't take: limits and json-pointers, no text of ours."""
    metadata = error.response.get("response_metadata") or {}
    return [str(each) for each in metadata.get("messages") or []][:5]
