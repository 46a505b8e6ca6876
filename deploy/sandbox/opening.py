"""Opens the sandbox: an embedded ledger, the two stand-ins, a worker and the bot, each a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bot.settings import load
from deploy.embedded import choose
from deploy.processes import PLAIN_VARIABLES, bot_process, worker_process
from deploy.sandbox.configuration import write_configuration
from deploy.sandbox.house import House
from deploy.supervision import Child, Supervisor

POOL: Final = "xenct"
STAND_IN_READY_WITHIN: Final = 30.0
NOTICE_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox is to be: see `srbot sandbox --help`."""

    folder: Path
    fresh: bool = False
    port: int = 0
    flavour: str = "8"
    delays: str = "real"
    scenario: Path | None = None


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    house: House
    supervisor: Supervisor
    page_url: str
    pool_url: str
    control_url: str

    @property
    def people(self) -> dict[str, str]:
        """The ids of the people of the local Slack, by role."""
        workspace: dict[str, Any] = json.loads((self.house.slack / "workspace.json").read_text(encoding="utf-8"))
        return dict(workspace["users"])

    @property
    def root_password(self) -> str:
        return (self.house.pool / "root-password").read_text(encoding="utf-8").strip()


@contextmanager
def opened(options: Options, environ: Mapping[str, str], say: Callable[[str], None]) -> Iterator[Sandbox]:
    """Start everything and end it again. Raises what the ledger's server and the supervisor raise."""
    house = House(options.folder.absolute())
    house.prepare(fresh=options.fresh)
    plain = {name: environ[name] for name in PLAIN_VARIABLES if name in environ}
    with (
        choose({}, house.ledger) as ledger,
        Supervisor(house.folder, echo=say, watches=[lambda: _died(ledger.poll())]) as supervisor,
    ):
        slack = supervisor.start(_slack(house, options, plain))
        pool = supervisor.start(_pool(house, options, plain))
        config = write_configuration(house, slack["api_url"], pool["url"], NOTICE_SECONDS, options.scenario)
        settings = load(config, plain)
        supervisor.start(worker_process(POOL, settings, config, ledger.url, plain))
        supervisor.start(bot_process(config, ledger.url, plain | _token_files(house)))
        house.remember(_facts(slack, pool, ledger.url))
        yield Sandbox(house, supervisor, slack["url"], pool["url"], pool["control_url"])


def _slack(house: House, options: Options, env: Mapping[str, str]) -> Child:
    port = options.port or house.port("slack")
    return _stand_in("slack", env, "--data", str(house.slack), "--port", str(port))


def _pool(house: House, options: Options, env: Mapping[str, str]) -> Child:
    arguments = ["--data", str(house.pool), "--port", str(house.port("pool")), "--flavour", options.flavour]
    scenario = ["--scenario", str(options.scenario.absolute())] if options.scenario else []
    return _stand_in("pool", env, *arguments, "--delays", options.delays, *scenario)


def _stand_in(name: str, env: Mapping[str, str], *arguments: str) -> Child:
    argv = (sys.executable, "-P", "-m", f"deploy.sandbox.{name}", *arguments)
    return Child(name, argv, env, ready_within=STAND_IN_READY_WITHIN, when_dead="end")


def _token_files(house: House) -> dict[str, str]:
    return {
        "SRBOT_SLACK_BOT_TOKEN_FILE": str(house.slack / "bot-token"),
        "SRBOT_SLACK_APP_TOKEN_FILE": str(house.slack / "app-token"),
    }


def _facts(slack: Mapping[str, Any], pool: Mapping[str, Any], redis_url: str) -> dict[str, Any]:
    return {
        "page_url": slack["url"],
        "pool_url": pool["url"],
        "control_url": pool["control_url"],
        "redis_url": redis_url,
        "ports": {"slack": urlsplit(slack["url"]).port, "pool": urlsplit(pool["url"]).port},
    }


def _died(code: int | None) -> str | None:
    return None if code is None else f"the ledger's server ended with exit code {code}"
