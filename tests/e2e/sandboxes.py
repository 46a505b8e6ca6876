"""The sandbox as a user starts it: `srbot sandbox` in a process of its own, which knows nothing of the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.request import ProxyHandler, Request, build_opener

from deploy.sandbox.tour.person import Person, page_state
from deploy.testing import without_the_operators

T = TypeVar("T")
Json = dict[str, Any]

SRBOT: Final = str(Path(sys.executable).with_name("srbot"))
OPEN_WITHIN: Final = 60.0
ENDS_WITHIN: Final = 60.0
IMPATIENT_AFTER: Final = 0.5
COMES_WITHIN: Final = 60.0
LOOKS_EVERY: Final = 0.05
OPEN: Final = "The sandbox is open"

_DIRECT = build_opener(ProxyHandler({}))


def eventually(what: str, look: Callable[[], T | None], seconds: float = COMES_WITHIN) -> T:
    """Wait until there is something to see."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        seen = look()
        if seen:
            return seen
        time.sleep(LOOKS_EVERY)
    message = f"waited {seconds:.0f} s for {what}"
    raise AssertionError(message)


def environment(**more: str) -> dict[str, str]:
    return without_the_operators(os.environ) | more


def srbot(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(  # noqa: S603 - our own command, no shell
        [SRBOT, *arguments],
        cwd=cwd,
        env=environment() if env is None else dict(env),
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN,
        check=False,
    )


class Command:
    """`srbot ...` that goes on until it is asked to end; what it says goes to a file."""

    def __init__(self, *arguments: str, said: Path, env: Mapping[str, str] | None = None) -> None:
        self._said = said
        with said.open("wb") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [SRBOT, *arguments],
                cwd=said.parent,
                env=environment() if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")

    def says(self, text: str, seconds: float = OPEN_WITHIN) -> None:
        """Wait until it says this; a command that ends before fails."""
        until = time.monotonic() + seconds
        while text not in self.said:
            code = self.process.poll()
            assert code is None, f"ended with exit code {code}: {self.said}"
            assert time.monotonic() < until, f"did not say {text!r} within {seconds:.0f} s: {self.said}"
            time.sleep(LOOKS_EVERY)

    def interrupted(self, *, impatient: bool = False) -> int:
        """Press Ctrl-C and wait for its end; impatient: press it again when that takes long."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        if impatient:
            try:
                return self.process.wait(IMPATIENT_AFTER)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGINT)
        return self.process.wait(ENDS_WITHIN)

    def ends(self) -> int:
        return self.process.wait(ENDS_WITHIN)


def order(url: str, body: Json | None = None) -> Any:  # noqa: ANN401 - JSON
    """Ask a stand-in's control API: a GET, or a POST of the body."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"X-Sandbox": "1", "Content-Type": "application/json"}
    with _DIRECT.open(Request(url, data=data, headers=headers), timeout=30) as answer:  # noqa: S310 - http, ours
        return json.load(answer)


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, by what its folder tells."""

    folder: Path
    command: Command

    @cached_property
    def facts(self) -> Json:
        return dict(json.loads((self.folder / "sandbox.json").read_text(encoding="utf-8")))

    @cached_property
    def _workspace(self) -> Json:
        return dict(json.loads((self.folder / "slack" / "workspace.json").read_text(encoding="utf-8")))

    @property
    def page_url(self) -> str:
        return str(self.facts["page_url"])

    @property
    def storage(self) -> str:
        """The id of #storage."""
        return str(self._workspace["channels"]["storage"])

    def id_of(self, role: str) -> str:
        return str(self._workspace["users"][role])

    def person(self, role: str) -> Person:
        return Person(self.page_url, self.id_of(role), role)

    def state(self) -> Json:
        return page_state(self.page_url, self.id_of("requester"))

    def model(self) -> Json:
        """Everything in the pool."""
        return dict(order(f"{self.facts['control_url']}/control/model"))

    def changes(self, what: str, **body: object) -> None:
        """Change the pool from outside of XenAPI."""
        order(f"{self.facts['control_url']}/control/{what}", body)

    def slack_log(self) -> list[Json]:
        return list(order(f"{self.page_url}/control/log"))

    def sr(self, name: str) -> Json | None:
        return next((sr for sr in self.model()["srs"] if sr["name_label"] == name), None)


def start(folder: Path, *options: str, name: str = "sandbox.out") -> Sandbox:
    """Start a sandbox in the folder and wait until it is open; whoever starts it ends it."""
    command = Command("sandbox", "--state", str(folder), "--delays", "none", *options, said=folder.parent / name)
    command.says(OPEN)
    return Sandbox(folder, command)


@contextmanager
def opened(folder: Path, *options: str, impatient: bool = False) -> Iterator[Sandbox]:
    """Give a sandbox and end it, with a second Ctrl-C where its worker must not finish its job."""
    sandbox = start(folder, *options)
    try:
        yield sandbox
    finally:
        sandbox.command.interrupted(impatient=impatient)
