"""How long a person waits for an ack: srbot beside a bare Bolt listener, on the same local Slack."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.embedded import Server
from deploy.processes import bot_process
from deploy.sandbox.configuration import write_configuration
from deploy.sandbox.house import House
from deploy.sandbox.tour.person import Person, Seen
from deploy.supervision import Child, Supervisor
from tests.bench.figures import Row
from tests.bench.load import Timing, at_a_steady_rate

REQUESTER, OUTSIDER = "U0REQUEST1", "U0OUTSIDE1"
CHANNEL = "C0STORAGE1"
NOBODY = "http://127.0.0.1:9"
"""A pool that is never asked: no worker runs here."""


def measure(folder: Path, ledger: Server, environ: dict[str, str]) -> list[Row]:
    """Measure the bare listener, then srbot, in one run on one local Slack."""
    house = House(folder)
    house.pool.mkdir(parents=True)
    for name in ("root-password", "chap-tecmint"):
        (house.pool / name).write_text("unused\n")
    with Supervisor(folder) as slack_runs:
        facts = slack_runs.start(_local_slack(house, environ))
        page = Person(facts["url"], REQUESTER, "Requester")
        bare = _bare(folder / "bare", house, facts["api_url"], environ, page)
        own = _own(folder / "own", house, facts["api_url"], ledger, environ, page)
    return [Row(f"ack of {what}", bare[base], own[what]) for what, base in _PAIRS.items()]


_PAIRS = {"a command that asks for storage": "command", "a command that asks for help": "command", "a click": "click"}


def _local_slack(house: House, environ: dict[str, str]) -> Child:
    argv = (sys.executable, "-P", "-m", "deploy.sandbox.slack", "--data", str(house.slack), "--port", "0")
    return Child("slack", argv, environ, ready_within=30.0)


def _bare(folder: Path, house: House, api_url: str, environ: dict[str, str], page: Person) -> dict[str, Timing]:
    tokens = {
        "BARE_API_URL": api_url,
        "BARE_BOT_TOKEN": (house.slack / "bot-token").read_text().strip(),
        "BARE_APP_TOKEN": (house.slack / "app-token").read_text().strip(),
    }
    argv = (sys.executable, "-m", "tests.bench.bare_bolt", CHANNEL)
    with Supervisor(folder) as runs:
        runs.start(Child("bare", argv, environ | tokens, ready_within=30.0))
        card = page.sees(CHANNEL, "Press")
        return {
            "command": at_a_steady_rate(lambda: page.types(CHANNEL, "/sr help")),
            "click": at_a_steady_rate(lambda: page.presses(card, "Press")),
        }


def _own(
    folder: Path, house: House, api_url: str, ledger: Server, environ: dict[str, str], page: Person
) -> dict[str, Timing]:
    config = write_configuration(house, api_url, NOBODY, notice_seconds=600)
    tokens = {
        "SRBOT_SLACK_BOT_TOKEN_FILE": str(house.slack / "bot-token"),
        "SRBOT_SLACK_APP_TOKEN_FILE": str(house.slack / "app-token"),
    }
    with Supervisor(folder) as runs:
        runs.start(bot_process(config, ledger.url, environ | tokens))
        helped = at_a_steady_rate(lambda: page.types(CHANNEL, "/sr help"))
        page.types(CHANNEL, "/sr add iscsi 10.0.0.5")
        outsider = Person(page.url, OUTSIDER, "Outsider")
        click = at_a_steady_rate(_press(outsider, page.sees(CHANNEL, "Cancel")))
        asked = at_a_steady_rate(lambda: page.types(CHANNEL, "/sr add iscsi 10.0.0.5"))
    return {"a command that asks for storage": asked, "a command that asks for help": helped, "a click": click}


def _press(person: Person, card: Seen) -> Callable[[], Any]:
    """Press a button that only somebody else may press: checked against the ledger, refused, nothing changed."""
    return lambda: person.presses(card, "Cancel")
