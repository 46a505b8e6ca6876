from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from deploy import testing
from tests import browser

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Note what would be run; a command whose last word is `bad` fails."""
    ran: list[list[str]] = []

    def run(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(list(command[2:]))
        return subprocess.CompletedProcess(command, int("bad" in command[-1]))

    monkeypatch.setattr("subprocess.run", run)
    return ran


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o700)
    return path


def test_arguments_go_to_pytest_without_floors(commands: list[list[str]]) -> None:
    assert testing.main(["tests/unit", "-x"], {}) == 0
    assert commands == [["pytest", "tests/unit", "-x"]]


def test_everything_runs_with_the_floors(commands: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert testing.main([], {}) == 0
    assert [command[0] for command in commands] == ["pytest", "coverage", "coverage"]
    assert "at least 100 %: yes" in capsys.readouterr().out


def test_a_coverage_below_its_floor_fails(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "HEART", ("bad",))
    assert testing.main([], {}) == 1
    assert len(commands) == 3
    assert "coverage of the heart, at least 100 %: no" in capsys.readouterr().out


def test_failed_tests_are_not_measured(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "ALL", ("bad",))
    assert testing.main([], {}) == 1
    assert len(commands) == 1


def test_proxies_and_an_operators_settings_are_kept_from_the_tests() -> None:
    environ = {
        "https_proxy": "http://proxy",
        "HTTP_PROXY": "http://proxy",
        "SRBOT_REDIS_URL": "redis://real",
        "SLACK_BOT_TOKEN": "canary",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SRBOT_CHROMIUM": "/opt/chrome",
        "PATH": "/bin",
    }
    assert testing.without_the_operators(environ) == {"SRBOT_CHROMIUM": "/opt/chrome", "PATH": "/bin"}


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"SRBOT_REQUIRE_BROWSER": "1"}])
def test_a_missing_browser_fails_where_it_is_required(
    environ: dict[str, str], tmp_path: Path, commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert testing.main([], environ | {"PATH": str(tmp_path)}) == 1
    assert not commands
    assert "no Chromium on this machine" in capsys.readouterr().err


@pytest.mark.parametrize("environ", [{}, {"CI": ""}, {"CI": "false"}, {"SRBOT_REQUIRE_BROWSER": "0"}])
def test_elsewhere_a_browser_is_not_required(environ: dict[str, str]) -> None:
    assert not testing.browser_required(environ)


def test_the_browser_is_the_one_that_is_named_else_the_first_on_the_path(tmp_path: Path) -> None:
    chrome = program(tmp_path, "google-chrome")
    assert testing.find_chromium({"PATH": str(tmp_path)}) == chrome
    named = program(tmp_path, "mine")
    assert testing.find_chromium({"PATH": str(tmp_path), "SRBOT_CHROMIUM": str(named)}) == named
    assert testing.find_chromium({"PATH": str(tmp_path), "SRBOT_CHROMIUM": "/nowhere/chrome"}) is None


def test_a_browser_test_is_skipped_with_a_plain_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("SRBOT_REQUIRE_BROWSER", raising=False)
    monkeypatch.setenv("SRBOT_CHROMIUM", "/nowhere/chrome")
    with pytest.raises(pytest.skip.Exception, match="no Chromium on this machine: install `chromium`"):
        browser.chromium()
    monkeypatch.setenv("SRBOT_CHROMIUM", str(program(tmp_path, "mine")))
    assert browser.chromium() == tmp_path / "mine"


def test_a_browser_test_fails_where_a_browser_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRBOT_REQUIRE_BROWSER", "1")
    monkeypatch.setenv("SRBOT_CHROMIUM", "/nowhere/chrome")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        browser.chromium()


def test_pytest_runs_with_this_python_at_the_root(capfd: pytest.CaptureFixture[str]) -> None:
    assert testing.main(["--version"], {"PATH": sys.executable}) == 0
    assert "pytest" in "".join(capfd.readouterr())
