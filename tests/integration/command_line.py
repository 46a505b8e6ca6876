"""A desk at which people type `srbot request`, against a real server, with the clock turned."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from bot.codes import SecretsFolder
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import Ledger
from bot.request.model import Request
from bot.settings import Settings, load
from deploy.cli import main
from deploy.sandbox.slack.serving import Running
from tests import stories
from tests.authenticator import App
from tests.servers import empty_url
from tests.stories import START

CONFIGURATION = """
[slack]
team = "T0SANDBOX1"
app = "A0SRBOT001"
api_url = "{api_url}"

[pools.xenct]
url = "https://xenct-xen1.example"
user = "root"
password_env = "XENCT_PASSWORD"

[channels.{channel}]
pools = ["xenct"]
approvers = ["UAPPROVER1", "UAPPROVER2"]

[targets]
networks = ["10.0.0.0/16"]

[codes]
folder = "codes"

[accounts]
{account} = "{person}"
"""
ACCOUNT = pwd.getpwuid(os.getuid()).pw_name


@dataclass
class Desk:
    """`at` is the time there. Whoever sits down has codes."""

    folder: Path
    environ: dict[str, str]
    redis: Redis
    api_url: str = "http://127.0.0.1:9/api/"
    person: str = ""
    channel: str = "C1"
    at: float = START
    apps: dict[str, App] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "srbot.toml"

    @property
    def settings(self) -> Settings:
        return load(self.config, {})

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.redis)

    def sits(self, person: str, *, enrolled: bool = True) -> None:
        """Let somebody else sit down."""
        text = CONFIGURATION.format(api_url=self.api_url, account=ACCOUNT, person=person, channel=self.channel)
        self.config.write_text(text, encoding="utf-8")
        self.person = person
        if enrolled and person not in self.apps:
            self.apps[person] = App(SecretsFolder(self.folder / "codes").enrol(person))

    def reaches(self, slack: Running, channel: str = "storage") -> None:
        """Be a desk of this workspace, with the bot's tokens, and of one of its channels."""
        self.api_url, self.channel = slack.api_url, slack.channels[channel]
        self.environ |= {"SRBOT_SLACK_BOT_TOKEN": slack.bot_token, "SRBOT_SLACK_APP_TOKEN": slack.app_token}

    def code(self) -> str:
        """Give the next code that was not used yet."""
        self.at += 30
        return self.apps[self.person].shows(self.at)

    def types(self, *words: str, answers: tuple[str, ...] = (), **environ: str | None) -> Result:
        given = "".join(f"{answer}\n" for answer in answers)
        arguments = ["request", *words, "--config", str(self.config)]
        return CliRunner().invoke(main, arguments, input=given, env={**self.environ, **environ})

    def told(self, *words: str, answers: tuple[str, ...] = ()) -> str:
        done = self.types(*words, answers=answers)
        assert done.exit_code == 0, done.output
        return done.stdout

    def confirms(self, *words: str, typed: tuple[str, ...] = ()) -> str:
        """Type a line and the code that it asks for."""
        return self.told(*words, answers=(*typed, self.code()))

    def refused(self, *words: str, answers: tuple[str, ...] = (), **environ: str | None) -> str:
        done = self.types(*words, answers=answers, **environ)
        assert done.exit_code == 1, done.output
        assert "Traceback" not in done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return " ".join(done.stderr.split())

    def applies(self, text: str) -> None:
        Policies(self.redis, fallback_of(self.settings)).apply(text, "somebody", START)

    def recorded(self, story: stories.Story, name: str = "abc234xyz") -> str:
        self.ledger.open(replace(story.events[0], request=name, channel=self.channel))  # type: ignore[call-arg]  # the first is Asked
        for event in story.events[1:]:
            self.ledger.commit(name, lambda _, happened=event: [happened])  # type: ignore[misc]  # a lambda's default
        return name

    def now(self, name: str = "abc234xyz") -> Request:
        request = self.ledger.load(name)
        assert request is not None
        return request

    def everything(self) -> str:
        """Give all that stands in Redis."""
        held: Any = self.redis.keys("*")
        return " ".join(str(self.redis.dump(key)) + str(key) for key in held)


def turns_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(time=lambda: desk.at)
    for module in ("deploy.requests.desk", "deploy.requests.doing"):
        monkeypatch.setattr(f"{module}.time", clock)


@contextmanager
def desk_of(person: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Set a desk up, on an empty server, without the proxies of this machine."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)
    url = empty_url()
    with Redis.from_url(url) as redis:
        desk = Desk(folder, {"SRBOT_REDIS_URL": url}, redis)
        turns_clock(desk, monkeypatch)
        desk.sits(person)
        yield desk
