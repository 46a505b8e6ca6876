from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.sandboxes import srbot

pytestmark = pytest.mark.counted

CONFIG = """
[slack]
team = "nothing"
colour = "blue"

[pools.xenct]
url = "ftp://xen1.example"
user = "root"
password = "canary-in-the-file"

[channels.C1]
pools = ["nopool"]
"""


def test_help_names_every_command(tmp_path: Path) -> None:
    done = srbot("--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("bot", "doctor", "run", "sandbox", "worker"):
        assert f"\n  {command} " in done.stdout
    assert "Slack" in done.stdout


def test_the_version_is_told(tmp_path: Path) -> None:
    done = srbot("--version", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("srbot, version ")


@pytest.mark.parametrize("command", [("doctor",), ("bot",), ("worker", "xenct"), ("run",)])
def test_all_mistakes_of_a_configuration_are_listed_at_once(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "srbot.toml"
    path.write_text(CONFIG)
    done = srbot(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    for place in ("slack.team", "slack.app", "slack.colour", "pools.xenct.url", "pools.xenct.password", "channels.C1"):
        assert place in done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = srbot("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("srbot: srbot.toml")
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_told_with_the_usage(tmp_path: Path) -> None:
    for option in ("--flavour", "--delays"):
        done = srbot("sandbox", option, "quick", cwd=tmp_path)
        assert done.returncode == 2
        assert "Usage: srbot sandbox" in done.stderr
    assert not (tmp_path / ".sandbox").exists()
