"""The bot, put together: Bolt over Socket Mode, the publisher and the timekeeper, each in threads of its own."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread
from typing import Any, Final

import structlog
from redis import Redis
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.codes import Codes, SecretsFolder
from bot.copying import Copier, CopyFolder
from bot.ledger.codes import Guesses
from bot.ledger.connection import for_people, for_work
from bot.ledger.findings import Findings
from bot.ledger.freezes import Freezes
from bot.ledger.homes import Homes
from bot.ledger.outbox import Outbox
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger, new_id
from bot.settings import Settings, SettingsError, Tokens
from bot.slack import logs
from bot.slack.context import Context
from bot.slack.directory import Directory
from bot.slack.errors import FATAL, SlackFatalError, name_of
from bot.slack.gate import Gate
from bot.slack.groups import Groups
from bot.slack.hanging_up import hang_up
from bot.slack.links import Links
from bot.slack.listeners import register_all
from bot.slack.listeners.catching import frames
from bot.slack.publishing.homes import HomeShower
from bot.slack.publishing.pacing import Pacing
from bot.slack.publishing.posting import Author, Poster
from bot.slack.publishing.publisher import Publisher
from bot.slack.publishing.showing import Shower
from bot.slack.rules import Rules
from bot.slack.timekeeping import Timekeeper
from bot.slack.voice import Voice

LOG = structlog.get_logger(__name__)

THREADS: Final = 32
"""Listeners that may run at once; Bolt's own default of 5 makes acks late when a few of them wait."""

CALL_SECONDS: Final = 2
"""For calls inside an interaction; the ack must be there within 3 s."""

WRITE_SECONDS: Final = 5
"""For the publisher's calls: shorter than its lease."""

CLOSE_SECONDS: Final = 5.0
LINK_DISABLED: Final = "link_disabled"


@dataclass(slots=True)
class Bot:
    """A bot. `ended` is set when it can't go on; `failure` then says why."""

    handler: SocketModeHandler
    publisher: Publisher
    timekeeper: Timekeeper
    context: Context
    listeners: ThreadPoolExecutor
    connections: tuple[Any, ...]
    copier: Copier | None = None
    ended: Event = field(default_factory=Event)
    failure: str = ""
    _stop: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Connect to Slack and begin to publish."""
        self.handler.client.on_message_listeners.append(self._watch)
        works = {"publisher": self.publisher.run, "timekeeper": self.timekeeper.run}
        if self.copier is not None:
            works["copier"] = self.copier.run
        for name, work in works.items():
            thread = Thread(target=self._guarded, args=(name, work), name=f"srbot-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self.handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    def close(self) -> None:
        """Stop taking requests, let what runs come to its end, and let another bot publish."""
        hang_up(self.handler)
        self._stop.set()
        for thread in self._threads:
            thread.join(CLOSE_SECONDS)
        self.listeners.shutdown(wait=True, cancel_futures=True)
        self.context.directory.close()
        self.context.rules.groups.close()
        self.context.links.close()
        self.context.voice.close()
        for connection in self.connections:
            connection.close()

    def _guarded(self, name: str, work: Callable[[Event], None]) -> None:
        try:
            work(self._stop)
        except SlackFatalError as error:
            self._fail(error.sentence)
        except Exception as error:  # noqa: BLE001 - a thread that dies silently would leave cards that never change
            LOG.error("thread_died", thread=name, error=type(error).__name__, frames=frames(error))  # noqa: TRY400 - a traceback may hold texts
            self._fail(f"The {name} failed ({type(error).__name__}); its log says where.")

    def _watch(self, raw: str) -> None:
        """Notice that an operator has switched Socket Mode off: reconnecting, as the SDK would, is in vain then."""
        if LINK_DISABLED in raw and json.loads(raw).get("reason") == LINK_DISABLED:
            self._fail(SlackFatalError(LINK_DISABLED).sentence)

    def _fail(self, sentence: str) -> None:
        LOG.error("bot_ends", reason=sentence)
        self.failure = sentence
        self.ended.set()


def build(settings: Settings, tokens: Tokens, redis_url: str, clock: Callable[[], float] = time.time) -> Bot:
    """Put a bot together; raises SettingsError where Slack does not take its tokens."""
    quick = _client(settings, tokens, CALL_SECONDS)
    author = _identity(settings, quick)
    people, work = for_people(redis_url), for_work(redis_url, "srbot-publisher")
    time_work, copy_work = (for_work(redis_url, name) for name in ("srbot-timekeeper", "srbot-copier"))
    ledger = Ledger(people)
    context = Context(
        settings=settings,
        ledger=ledger,
        findings=Findings(people),
        questions=Questions(people),
        directory=Directory(quick),
        links=Links(quick),
        voice=Voice(quick),
        rules=Rules(Policies(people, fallback_of(settings)), Freezes(people), Groups(quick), clock),
        clock=clock,
        codes=_codes(settings, people),
    )
    listeners = ThreadPoolExecutor(THREADS, "srbot-listener")
    app = App(client=quick, logger=_quiet(), listener_executor=listeners, token_verification_enabled=True)
    app.use(Gate(context))
    register_all(app, context)
    return Bot(
        handler=SocketModeHandler(app, tokens.app.reveal(), concurrency=THREADS),
        publisher=_publisher(context, _client(settings, tokens, WRITE_SECONDS), work, author),
        timekeeper=Timekeeper(Ledger(time_work), Questions(time_work), context.rules, clock),
        context=context,
        listeners=listeners,
        connections=(people, work, time_work, copy_work),
        copier=None if settings.audit_folder is None else Copier(copy_work, CopyFolder(settings.audit_folder)),
    )


def run(
    settings: Settings, tokens: Tokens, redis_url: str, stop: Event, say_ready: Callable[[], None] = lambda: None
) -> None:
    """Run a bot until told to stop; raises SettingsError when Slack refuses it for good."""
    logs.configure()
    bot = build(settings, tokens, redis_url)
    try:
        bot.start()
        say_ready()
        while not stop.wait(0.2) and not bot.ended.is_set():
            pass
    finally:
        bot.close()
    if bot.failure:
        raise SettingsError((bot.failure,))


def _codes(settings: Settings, redis: Redis) -> Codes:
    folder = settings.codes_folder
    return Codes(None if folder is None else SecretsFolder(folder), Guesses(redis))


def _client(settings: Settings, tokens: Tokens, seconds: int) -> WebClient:
    """A client that sends nothing twice by itself: a repeated chat.postMessage is a second message."""
    return WebClient(
        token=tokens.bot.reveal(),
        base_url=settings.slack.api_url,
        timeout=seconds,
        retry_handlers=[],
        logger=_quiet(),
    )


def _quiet() -> logging.Logger:
    return logging.getLogger("slack_bolt.srbot")


def _identity(settings: Settings, client: WebClient) -> Author:
    """Give as whom we post. The token must be this workspace's: else cards would go to another company's Slack."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        name = name_of(error)
        if name in FATAL:
            raise SettingsError((SlackFatalError(name).sentence,)) from None
        raise SettingsError((f"Slack does not say who srbot is: {name}.",)) from None
    except (OSError, HTTPException) as error:
        message = f"{settings.slack.api_url}: can't be reached ({type(error).__name__})."
        raise SettingsError((message,)) from None
    team = answer.get("team_id")
    if team != settings.slack.team:
        raise SettingsError((f"slack.team: the bot token belongs to workspace {team}, not to this one.",))
    return Author(settings.slack.app, str(answer.get("bot_id") or ""))


def _publisher(context: Context, client: WebClient, redis: Redis, author: Author) -> Publisher:
    outbox = Outbox(redis, f"bot-{new_id()}")
    poster = Poster(client, Pacing(time.monotonic), outbox.hold_lease, author)
    homes = HomeShower(
        context.settings, Homes(redis), context.directory, context.rules, context.links, poster, context.clock
    )
    shower = Shower(context.settings, Ledger(redis), Findings(redis), Questions(redis), outbox, poster)
    return Publisher(outbox, shower, homes)
