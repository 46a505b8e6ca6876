"""The stand-ins alone, and a configuration for them: what an installation has around it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.sandbox.configuration import write_configuration
from deploy.sandbox.house import House
from deploy.supervision import Child, Supervisor
from tests.e2e.sandboxes import environment

READY_WITHIN = 30.0
NOTICE_SECONDS = 1


@dataclass(frozen=True)
class Surroundings:
    """A local Slack and a pool that run, and what the parts of srbot must be told of them."""

    house: House

    @property
    def config(self) -> str:
        return str(self.house.config)

    @property
    def tokens(self) -> dict[str, str]:
        names = {"SRBOT_SLACK_BOT_TOKEN_FILE": "bot-token", "SRBOT_SLACK_APP_TOKEN_FILE": "app-token"}
        return {variable: str(self.house.slack / name) for variable, name in names.items()}


def _stand_in(name: str, data: Path, *more: str) -> Child:
    argv = (sys.executable, "-P", "-m", f"deploy.sandbox.{name}", "--data", str(data), *more)
    return Child(name, argv, environment(), ready_within=READY_WITHIN)


@contextmanager
def surroundings(folder: Path) -> Iterator[Surroundings]:
    house = House(folder / "surroundings")
    house.prepare(fresh=False)
    with Supervisor(house.folder) as supervisor:
        slack = supervisor.start(_stand_in("slack", house.slack))
        pool = supervisor.start(_stand_in("pool", house.pool, "--delays", "none"))
        write_configuration(house, slack["api_url"], pool["url"], NOTICE_SECONDS)
        house.remember({"page_url": slack["url"], "control_url": pool["control_url"]})
        yield Surroundings(house)
