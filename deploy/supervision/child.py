"""One process that runs beside others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from deploy.supervision.tether import tethered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TAIL_LINES = 15
# What a killed process' own children need at most to close the pipe.
LAST_WORDS_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run: argv[0] is an absolute path, env is its whole environment.

    ready_within: seconds until its first line on stdout, a JSON object, says that it is ready; None: it says nothing.
    when_dead: "restart" it with growing pauses, or "end" everything.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    ready_within: float | None = None
    when_dead: Literal["restart", "end"] = "restart"
    stop_within: float = 10.0


class Running:
    """A started Child; what it says goes to its log."""

    def __init__(self, child: Child, log: Path, announce: Callable[[Announcement], None]) -> None:
        self.child = child
        self.log = log
        self.started = time.monotonic()
        self.facts: dict[str, Any] | None = None  # for the one who gets the announcement to set
        self._announce = announce
        with log.open("ab") as stderr:
            self._process = self._spawn(stderr)
        self._stdout = cast("IO[bytes]", self._process.stdout)  # it is a pipe
        self._listener = threading.Thread(target=self._listen, name=f"log-{child.name}", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def late(self) -> bool:
        """It should have said by now that it is ready."""
        within = self.child.ready_within
        return within is not None and self.facts is None and time.monotonic() - self.started > within

    def poll(self) -> int | None:
        return self._process.poll()

    def terminate(self) -> None:
        """Ask the process itself, not its group: a worker ends its job's process in its own time."""
        self._process.terminate()

    def kill(self) -> None:
        """Kill the process and what it left in its group, and wait until its last words are in the log."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # nothing left; macOS refuses where only a zombie is
            self._process.kill()
        self._process.wait()
        self._listener.join(LAST_WORDS_WITHIN)

    def tail(self) -> str:
        """Give the end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])

    def _spawn(self, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the composition root's commands, no shell
            tethered(self.child.argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=dict(self.child.env),
            start_new_session=True,  # Ctrl-C is for the supervisor: it ends them in their order
        )

    def _listen(self) -> None:
        with self._stdout as stdout, self.log.open("ab", buffering=0) as log:
            for number, line in enumerate(stdout):
                log.write(line)
                if number == 0 and self.child.ready_within is not None:
                    self._heard(line)

    def _heard(self, line: bytes) -> None:
        facts = _parse(line)
        if facts is not None:
            self._announce(Announcement(self, facts))


@dataclass(frozen=True, slots=True)
class Announcement:
    """A process says that it is ready, and whatever else its line holds."""

    running: Running
    facts: dict[str, Any]


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        facts = json.loads(line)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None
