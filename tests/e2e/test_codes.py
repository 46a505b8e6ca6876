from __future__ import annotations

import os
import pwd
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings.sealed import Secret
from tests.authenticator import App
from tests.e2e import asking
from tests.e2e.parts import surroundings
from tests.e2e.sandboxes import SRBOT, Command, Sandbox, environment, eventually
from tests.servers import empty_url

POLICY = """
[rules.all]
decide = ["1 of {first} or {second}"]
step_up = "always"
"""
SECRET = re.compile(r"secret=([A-Z2-7]{32})")
MADE = re.compile(r"Request ([a-z0-9]{9}) is made")


@dataclass
class Installation:
    """A bot and a worker that run, and a terminal beside them."""

    sandbox: Sandbox
    config: Path
    env: dict[str, str]

    def types(self, *words: str, typed: str = "") -> str:
        """Run a command to its end; without a terminal of its own it takes what it asks for from its input."""
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [SRBOT, *words, "--config", str(self.config)],
            env=self.env,
            input=f"{typed}\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            start_new_session=True,
        )
        assert done.returncode == 0, done.stderr
        assert not typed or typed not in done.stdout + done.stderr
        return done.stdout

    def app_of(self, person: str) -> App:
        found = SECRET.search(self.types("code", "enrol", person))
        assert found is not None
        return App(Secret(found[1]))

    def is_account_of(self, person: str) -> None:
        """Let whoever runs this be somebody else."""
        before, _, _ = self.config.read_text(encoding="utf-8").partition("\n[accounts]")
        account = pwd.getpwuid(os.getuid()).pw_name
        self.config.write_text(f'{before}\n[accounts]\n{account} = "{person}"\n', encoding="utf-8")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("codes")
    with surroundings(folder) as around, ExitStack() as ending:
        config = Path(around.config)
        env = environment(SRBOT_REDIS_URL=empty_url())
        bot = Command("bot", "--config", around.config, said=folder / "bot.out", env=env | around.tokens)
        ending.callback(bot.interrupted)
        worker = Command("worker", "xenct", "--config", around.config, said=folder / "worker.out", env=env)
        ending.callback(worker.interrupted)
        for part in (bot, worker):
            part.says('{"ready": true}')
        yield Installation(Sandbox(around.house.folder, bot), config, env)


def test_an_sr_is_made_with_a_code_in_slack_and_another_one_from_the_command_line(
    installation: Installation, tmp_path: Path
) -> None:
    sandbox = installation.sandbox
    requester, first, second = (sandbox.id_of(role) for role in ("requester", "approver-1", "approver-2"))
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY.format(first=first, second=second), encoding="utf-8")
    installation.types("policy", "apply", str(policy))

    app = installation.app_of(first)
    asking.gets_a_plan(sandbox, "Coded")
    sandbox.person("requester").presses(asking.is_shown(sandbox, "Coded", "Request approval"), "Request approval")
    card = asking.is_shown(sandbox, "Coded", "Each approval wants a one-time code")
    approver = sandbox.person("approver-1")
    approver.presses(card, "Approve…")
    view = eventually("the dialog", approver.dialog)
    assert "errors" in approver.submits(view, {"code": app.does_not_show(time.time())})
    assert approver.submits(view, {"code": app.shows(time.time())})["response_action"] is None
    asking.is_shown(sandbox, "Coded", " is ready")

    app = installation.app_of(requester)
    installation.is_account_of(requester)
    words = ("request", "add", "iscsi", "10.0.1.11", "name=From the desk", "--channel", sandbox.storage)
    made = MADE.search(installation.types(*words, typed=app.shows(time.time())))
    assert made is not None
    asking.picks_a_lun(sandbox, "From the desk")
    asking.is_shown(sandbox, "From the desk", "Request approval")
    installation.types("request", "confirm", made[1], typed=app.shows(time.time() + 30))
    app = installation.app_of(second)
    installation.is_account_of(second)
    assert made[1] in installation.types("request", "list", "waiting")
    installation.types("request", "approve", made[1], typed=app.shows(time.time()))
    card = asking.is_shown(sandbox, "From the desk", " is ready")

    def said_thrice() -> bool:
        thread = sandbox.person("requester").reads(sandbox.storage, card.ts)
        return str(thread).count("(from the command line, ") == 3

    eventually("where it was asked, confirmed and approved", said_thrice)
    assert sandbox.sr("From the desk") is not None
