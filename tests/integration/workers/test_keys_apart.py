"""Who holds which key: no process gets, or loads, what belongs to the other side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """
[slack]
team = "T0TEAM"
app = "A0APP"

[pools.xenct]
url = "https://xen1.example"
user = "root"
password_env = "XENCT_PASSWORD"

[channels.C0STORAGE]
pools = ["xenct"]
approvers = ["UAPPROVER1"]

[targets]
networks = ["10.0.0.0/24"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5"]
password_env = "TECMINT_PASSWORD"
"""

LOADED = "import json, sys; import deploy.cli, {entry}; print(json.dumps(sorted(sys.modules)))"
ENTRIES = {"bot": "bot.slack.app", "worker": "workers.process"}


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    measuring = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    env = {**measuring, "PATH": os.environ["PATH"], **environ}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments], env=env, cwd=Path.cwd(), capture_output=True, text=True, timeout=60, check=False
    )


def start(tmp_path: Path, command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    config = tmp_path / "srbot.toml"
    config.write_text(CONFIG, encoding="utf-8")
    return run("-m", "deploy.cli", *command.split(), "--config", str(config), **environ)


def loaded(process: str) -> set[str]:
    done = run("-c", LOADED.format(entry=ENTRIES[process]))
    assert done.returncode == 0, done.stderr
    return {str(name) for name in json.loads(done.stdout)}


def test_a_bot_with_passwords_of_the_pools_names_them_all_and_does_not_start(tmp_path: Path) -> None:
    done = start(tmp_path, "bot", XENCT_PASSWORD="canary-one", TECMINT_PASSWORD="canary-two")
    assert done.returncode == 1
    for name in ("XENCT_PASSWORD", "TECMINT_PASSWORD"):
        assert f"{name}: belongs to the workers, not here" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_a_bot_without_them_asks_for_what_is_its_own(tmp_path: Path) -> None:
    done = start(tmp_path, "bot")
    assert "belongs to" not in done.stderr
    assert "SRBOT_SLACK_BOT_TOKEN" in done.stderr


@pytest.mark.parametrize(
    ("process", "foreign"),
    [
        ("bot", {"XenAPI", "workers", "bot.settings.secrets"}),
        ("worker", {"slack_sdk", "slack_bolt", "bot.slack", "bot.codes", "pyotp"}),
    ],
)
def test_a_process_loads_nothing_that_talks_to_the_other_side(process: str, foreign: set[str]) -> None:
    own = loaded(process)
    assert ENTRIES[process] in own
    assert not own & foreign
