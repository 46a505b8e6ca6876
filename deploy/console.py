"""How srbot's commands speak: what they print, and how they say what an operator can mend."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NoReturn

import click

from bot.settings import Settings, SettingsError, load
from deploy.audit.refused import TrailBrokenError
from deploy.embedded import (
    FolderInUseError,
    NoServerError,
    ServerFailedError,
    UnsafeFolderError,
)
from deploy.ledger import NoAnswerError
from deploy.policies.refused import PolicyRefusedError
from deploy.processes import CONFIG
from deploy.requests.refused import RequestRefusedError
from deploy.sandbox.house import NotASandboxError
from deploy.supervision import AskedToStopError, NotReadyError

EXPECTED: Final = (
    SettingsError,
    NoServerError,
    NoAnswerError,
    FolderInUseError,
    ServerFailedError,
    UnsafeFolderError,
    NotReadyError,
    NotASandboxError,
    PolicyRefusedError,
    RequestRefusedError,
    TrailBrokenError,
)
"""What an operator can mend: shown as a sentence, without a traceback."""

UNREADABLE: Final = 2
"""The exit code for a file that can't be read, as for other wrong arguments."""

FILE: Final = click.Path(dir_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    "config",
    envvar=CONFIG,
    default="srbot.toml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration file.",
)


def say(lines: Callable[[Settings], Iterator[str]], config: Path) -> None:
    """Print what a command says; what it refuses goes to the other stream, with the exit code 1."""
    settings = load_settings(config)
    with explained():
        for line in lines(settings):
            click.echo(line)


def load_settings(config: Path) -> Settings:
    with explained():
        return load(config, os.environ)


class explained:  # noqa: N801 - reads as a word in a with statement
    """Show what an operator can mend as a sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, EXPECTED):
            fail(str(error))
        if isinstance(error, AskedToStopError):
            sys.exit(0)


def note(sentence: str) -> None:
    click.echo(f"srbot: {sentence}", err=True)


def fail(reason: str, code: int = 1) -> NoReturn:
    note(reason)
    sys.exit(code)
