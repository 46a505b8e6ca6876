"""A stage for the bot: the local Slack, a real Valkey, and somebody who plays the worker."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from redis import Redis

from bot.codes import SecretsFolder
from bot.ledger.outbox import Outbox
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger, NewFinding
from bot.request import events as e
from bot.request import model
from bot.request.found import Finding, HeldSr, OfferedLun, Place, Target, Trouble
from bot.request.model import Outcome
from bot.settings import Settings, load
from bot.settings.environment import Tokens
from bot.settings.sealed import Secret
from bot.slack.app import Bot, build
from deploy.sandbox.slack.serving import Running, start
from deploy.sandbox.tour.person import Person, Seen
from tests import stories
from tests.authenticator import App
from tests.hanging_up import hang_up
from tests.integration.slack.hurrying import hurry_bot, hurry_limits

CONFIGURATION = """
[slack]
team = "{team}"
app = "{app}"
api_url = "{api_url}"

[pools.xenct]
url = "https://xenct-xen1.example"
user = "root"
password_env = "XENCT_PASSWORD"

[channels.{storage}]
pools = ["xenct"]
approvers = ["{first}", "{second}"]
may_override = ["{first}"]

[channels.{partners}]
pools = ["xenct"]
approvers = ["{first}"]

[channels.{random}]
pools = ["xenct"]
approvers = ["{first}"]

[targets]
networks = ["10.0.0.0/16"]
[codes]
folder = "codes"
[local]
paths = ["/dev/disk/by-id", "/srv/isos", "/tank"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5", "10.0.0.6", "10.0.0.8"]
password_env = "TECMINT_PASSWORD"

[credentials.other]
user = "other"
addresses = ["10.0.0.7", "10.0.0.8"]
password_env = "OTHER_PASSWORD"
"""
ASKS = '/sr add iscsi 10.0.0.5 name="Builds" reason="more: room"'
WITH_DIALOGS = ("requester", "approver-1", "approver-2", "outsider", "guest")
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


@dataclass
class Clock:
    """The wall clock, turned by tests."""

    offset: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


@dataclass
class Stage:
    """What a test plays on."""

    slack: Running
    settings: Settings
    redis: Redis
    redis_url: str
    clock: Clock = field(default_factory=Clock)
    bots: list[Bot] = field(default_factory=list)
    began: float = 0.0

    def begins_anew(self) -> None:
        """Let another test play on the same stage: what was asked is cancelled, what was said no longer counts."""
        for name in self.ledger.open_requests():
            self._is_over(name)
        self.wait("an empty outbox", self._hurried, 30)
        self.lookups_are_forgotten()
        for name in WITH_DIALOGS:
            self._dialogs_are_closed(name)
        self.began = time.time()

    def _is_over(self, name: str) -> None:
        if self.now(name).state is model.State.REPAIRING:
            self.step_fails(name, "internal")
        else:
            self.happens(name, e.Cancelled(at=self.clock()))

    def _dialogs_are_closed(self, name: str) -> None:
        person = self.person(name)
        view = person.dialog()
        if view is not None:
            person.closes(view)

    def lookups_are_forgotten(self) -> None:
        for bot in self.bots:
            bot.context.directory._kept.clear()

    def _hurried(self) -> bool:
        """Let no rate limit hold up what is left of the test before."""
        self.control("clock", {"advance": 61})
        for bot in self.bots:
            pacing = bot.publisher.shower.poster.pacing
            pacing._calls.clear()
            pacing._posted.clear()
            for waiting in list(bot.publisher._waiting.values()):
                waiting.due = 0.0
        return not Outbox(self.redis, "test").wait("0", 1)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.redis)

    @property
    def questions(self) -> Questions:
        return Questions(self.redis)

    @property
    def channel(self) -> str:
        return self.slack.channels["storage"]

    def app_of(self, name: str) -> App:
        """Enrol somebody for one-time codes; gives their authenticator app."""
        folder = SecretsFolder(self.settings.codes_folder or Path())
        return App(folder.enrol(self.slack.users[name], again=True))

    def person(self, name: str) -> Person:
        return Person(self.slack.url, self.slack.users[name], name, looks_every=0.02)

    def bot_starts(self) -> Bot:
        tokens = Tokens(Secret(self.slack.bot_token), Secret(self.slack.app_token))
        bot = build(self.settings, tokens, self.redis_url, self.clock)
        hurry_bot(bot)
        self.bots.append(bot)
        bot.start()
        return bot

    def bot_stops(self, bot: Bot) -> None:
        self.bots.remove(bot)
        hang_up(bot.handler)
        bot.close()

    def asked(self, text: str = ASKS) -> model.Request:
        """Let the requester ask; gives the request."""
        before = set(self.ledger.open_requests())
        self.person("requester").types(self.channel, text)
        (name,) = set(self.ledger.open_requests()) - before
        return self.now(name)

    def now(self, name: str) -> model.Request:
        request = self.ledger.load(name)
        assert request is not None
        return request

    def clicks(self, name: str, action: dict[str, Any], **more: object) -> dict[str, Any]:
        """Deliver a click that no button of the page stands for, with a URL to answer it at."""
        payload: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": self.slack.workspace["team_id"]},
            "api_app_id": self.slack.workspace["app_id"],
            "user": {"id": self.slack.users[name], "team_id": self.slack.workspace["team_id"]},
            "channel": {"id": self.channel},
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.1", **action}],
            "trigger_id": "1.2.3",
            "response_url": self.slack.url + self.slack.slack.hooks.issue(self.slack.users[name], self.channel),
            **more,
        }
        return dict(self.control("deliver", {"type": "interactive", "payload": payload}))

    def private_texts(self, name: str) -> list[str]:
        """Give what somebody was told privately so far."""
        return [str(seen.body["text"]) for seen in self.person(name).reads(self.channel) if self._is_private(seen)]

    def private(self, name: str, *texts: str, channel: str | None = None) -> Seen:
        """Wait for a private message to somebody that says all this."""
        person, where = self.person(name), channel or self.channel

        def look() -> Seen | None:
            return next((s for s in reversed(person.reads(where)) if self._is_private(s) and s.says(*texts)), None)

        return person.waits_for(" and ".join(texts), look, 10)

    def _is_private(self, seen: Seen) -> bool:
        return seen.private and float(seen.ts) >= self.began

    def card(self, *texts: str, without: Sequence[str] = ()) -> Seen:
        """Wait for the channel's newest public message to say all this, and nothing of the other."""
        person = self.person("requester")

        def look() -> Seen | None:
            seen = [s for s in person.reads(self.channel) if not s.private and s.body.get("bot_id")]
            seen = [s for s in seen if float(s.ts) >= self.began]
            good = seen and seen[-1].says(*texts) and not any(seen[-1].says(text) for text in without)
            return seen[-1] if good else None

        return person.waits_for(" and ".join(texts), look, 10)

    def thread(self, card: Seen, *texts: str) -> Seen:
        """Wait for a line of the thread that says all this."""
        person = self.person("requester")

        def look() -> Seen | None:
            return next((s for s in person.reads(self.channel, card.ts)[1:] if s.says(*texts)), None)

        return person.waits_for(" and ".join(texts), look, 20)

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = 10.0, every: float = 0.02) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, what
            time.sleep(every)

    def outbox_is_empty(self) -> None:
        self.wait("an empty outbox", lambda: not Outbox(self.redis, "test").wait("0", 1), 30)

    def control(self, what: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - whatever it answers
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Sandbox": "1", "Content-Type": "application/json"}
        request = Request(f"{self.slack.url}/control/{what}", data=data, headers=headers)  # noqa: S310 - http, ours
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)

    def transcript(self) -> list[dict[str, Any]]:
        return list(self.control(f"transcript?channel={self.channel}")["messages"])

    # What a worker commits.

    def happens(self, name: str, *events: e.Event, found: NewFinding | None = None) -> model.Request:
        return self.ledger.commit(name, lambda _: events, found)

    def _step(self, name: str) -> int:
        return self.now(name).work.step

    def targets_are_found(self, name: str, rows: Sequence[Target], finding: str = "targets1") -> model.Request:
        found = Finding(finding + name, len(rows))
        event = e.TargetsFound(at=self.clock(), step=self._step(name), finding=found)
        return self.happens(name, event, found=NewFinding(found, rows))

    def luns_are_found(self, name: str, rows: Sequence[OfferedLun], finding: str = "luns1") -> model.Request:
        found = Finding(finding + name, len(rows))
        event = e.LunsFound(at=self.clock(), step=self._step(name), finding=found)
        return self.happens(name, event, found=NewFinding(found, rows))

    def places_are_found(self, name: str, rows: Sequence[Place], finding: str = "places1") -> model.Request:
        found = Finding(finding + name, len(rows))
        event = e.PlacesFound(at=self.clock(), step=self._step(name), finding=found)
        return self.happens(name, event, found=NewFinding(found, rows))

    def srs_are_found(self, name: str, held: Sequence[HeldSr]) -> model.Request:
        plan = stories.nfs_plan(self.now(name).plan_number + 1)
        return self.happens(name, e.SrsFound(at=self.clock(), step=self._step(name), plan=plan, held=tuple(held)))

    def plan_is_made(self, name: str, /, **changes: Any) -> model.Request:  # noqa: ANN401 - fields of the plan
        plan = replace(stories.plan(self.now(name).plan_number + 1), **changes)
        return self.happens(name, e.PlanMade(at=self.clock(), step=self._step(name), plan=plan))

    def sr_is_found(self, name: str, /, **changes: Any) -> model.Request:  # noqa: ANN401 - fields of the plan
        plan = replace(stories.attach_plan(self.now(name).plan_number + 1), **changes)
        return self.happens(name, e.SrFound(at=self.clock(), step=self._step(name), plan=plan, may_override=True))

    def step_fails(self, name: str, reason: str, **facts: str) -> model.Request:
        trouble = Trouble(reason, "SR_BACKEND_FAILURE_141", tuple(facts.items()), f"{name}-{self._step(name)}")
        return self.happens(name, e.StepFailed(at=self.clock(), step=self._step(name), trouble=trouble))

    def is_taken_up(self, name: str) -> model.Request:
        return self.happens(name, e.StepStarted(at=self.clock(), step=self._step(name), worker="worker-1"))

    def is_created(self, name: str, outcome: Outcome | None = None) -> model.Request:
        done = outcome or stories.outcome()
        return self.happens(name, e.Created(at=self.clock(), step=self._step(name), outcome=done))

    def is_created_partly(self, name: str, outcome: Outcome | None = None) -> model.Request:
        done = outcome or stories.outcome(second_host=False)
        return self.happens(name, e.CreatedPartly(at=self.clock(), step=self._step(name), outcome=done))

    def managing_plan_is_made(self, name: str, /, **changes: Any) -> model.Request:  # noqa: ANN401 - fields of the plan
        now = self.now(name)
        plan = replace(stories.managing_plan(now.purpose, now.plan_number + 1), **changes)
        rivals = self.ledger.rivals_at(plan.runs_on, but=name)
        return self.happens(name, e.PlanMade(at=self.clock(), step=self._step(name), plan=plan, rivals=rivals))

    def changes_the_pool(self, name: str, doing: str) -> model.Request:
        event = e.Progressed(at=self.clock(), step=self._step(name), doing=doing, changing=True)
        return self.happens(name, event)

    def is_done(self, name: str) -> model.Request:
        outcome = stories.managed_outcome(self.now(name).purpose)
        return self.happens(name, e.Done(at=self.clock(), step=self._step(name), outcome=outcome))

    def luns_may_follow(self, name: str) -> model.Request:
        """The requester picks the target, elsewhere than in this channel's card."""
        picked = e.TargetPicked(at=self.clock(), actor=self.slack.users["requester"], target=stories.TARGET)
        return self.happens(name, picked)

    # Where a test starts.

    def choosing_lun(self, text: str = ASKS) -> str:
        """A request whose LUN is to be picked."""
        name = self.asked(text).id
        self.targets_are_found(name, [stories.TARGET])
        self.happens(name, e.TargetPicked(at=self.clock(), target=stories.TARGET, only_one=True))
        self.luns_are_found(name, [stories.FREE])
        return name

    def inspecting(self) -> str:
        """A request whose LUN is picked."""
        name = self.choosing_lun()
        self.happens(name, e.LunPicked(at=self.clock(), actor=self.slack.users["requester"], lun=stories.LUN))
        return name

    def confirming(self, **changes: object) -> str:
        """A request whose plan is shown and not yet sent to the approvers."""
        name = self.inspecting()
        self.plan_is_made(name, **changes)
        return name

    def awaiting(self, **changes: object) -> str:
        """A request that waits for its approval."""
        name = self.confirming(**changes)
        event = e.ApprovalRequested(at=self.clock(), actor=self.slack.users["requester"], plan_number=1)
        self.happens(name, event)
        return name

    def partial(self, outcome: Outcome | None = None) -> str:
        """A request whose SR is there, but not on every host."""
        name = self.awaiting()
        approved = e.Approved(at=self.clock(), actor=self.slack.users["approver-1"], plan_number=1, plan_digest="d")
        self.happens(name, approved, e.Queued(at=self.clock()))
        self.is_taken_up(name)
        self.is_created_partly(name, outcome)
        return name

    def dialog(self, name: str, text: str = "") -> dict[str, Any]:
        """Wait for the dialog that opens in front of somebody, with the text in it."""
        person = self.person(name)
        self.wait("a dialog", lambda: (view := person.dialog()) is not None and text in str(view))
        return person.dialog() or {}


@contextlib.contextmanager
def opened(folder: Path, redis_url: str, **options: object) -> Iterator[Stage]:
    """Raise the curtain; every bot that a test starts is ended."""
    for name in PROXIES:
        os.environ.pop(name, None)
    with start(folder / "slack", **options) as slack, Redis.from_url(redis_url) as redis:  # type: ignore[arg-type]  # as in start
        hurry_limits(slack)
        config = folder / "srbot.toml"
        users, channels = slack.users, slack.channels
        config.write_text(
            CONFIGURATION.format(
                team=slack.workspace["team_id"],
                app=slack.workspace["app_id"],
                api_url=slack.api_url,
                first=users["approver-1"],
                second=users["approver-2"],
                storage=channels["storage"],
                partners=channels["partners"],
                random=channels["random"],
            ),
            encoding="utf-8",
        )
        stage = Stage(slack, load(config, {}), redis, redis_url)
        try:
            yield stage
        finally:
            for bot in stage.bots:
                hang_up(bot.handler)
                bot.close()
