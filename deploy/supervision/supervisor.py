"""Runs a set of processes as one: they start in order, are looked after, and end in reverse order."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from deploy.supervision.child import Announcement, Child, Running
from deploy.supervision.pauses import Pauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from types import FrameType

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A dead process is noticed this late at most; a signal or a ready line is noticed at once.
TICK = 0.1
# The second Ctrl-C kills.
IMPATIENT = 2


class NotReadyError(Exception):
    """A process did not say that it is ready."""


class AskedToStopError(Exception):
    """Ctrl-C or SIGTERM came while the processes were being started."""


@dataclass(frozen=True, slots=True)
class End:
    """Why everything ended; code is for sys.exit."""

    code: int
    reason: str


@dataclass(slots=True)
class _Place:
    """A child's place in the order: who runs there, or when the next one is due."""

    child: Child
    running: Running | None = None
    due: float = 0.0
    deaths: int = 0


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"srbot: {line}\n")


def _nothing(_child: Child, _facts: dict[str, Any]) -> None:
    pass


@dataclass(slots=True)
class Supervisor:
    """Start processes within `with`, from the main thread; leaving it ends them all.

    folder: their output goes to <folder>/logs/<name>.log. echo: gets a sentence for each death and restart.
    on_ready: gets each ready line, that of a restarted process too.
    watches: each gives None while its thing lives, else the sentence that ends everything.
    """

    folder: Path
    echo: Callable[[str], None] = _to_stderr
    on_ready: Callable[[Child, dict[str, Any]], None] = _nothing
    watches: Sequence[Callable[[], str | None]] = ()
    pauses: Pauses = field(default_factory=Pauses)
    _places: list[_Place] = field(default_factory=list, init=False)
    _wake: SimpleQueue[Announcement | None] = field(default_factory=SimpleQueue, init=False)
    _signals: list[int] = field(default_factory=list, init=False)
    _undo: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, init=False)

    def __enter__(self) -> Self:
        (self.folder / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in filter(_not_ignored, ENDING_SIGNALS):
            self._undo.callback(signal.signal, number, signal.signal(number, self._on_signal))
        self._undo.callback(self._end_all)
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def start(self, child: Child) -> dict[str, Any]:
        """Start a process and give what its ready line says ({} when it says none).

        Raises NotReadyError with the end of its log, AskedToStopError.
        """
        place = _Place(child)
        self._places.append(place)
        running = self._spawn(place)
        while child.ready_within is not None and running.facts is None:
            self._stop_if_asked()
            self._check_start(running)
            self._rest()
        self._stop_if_asked()
        return running.facts or {}

    def pid(self, name: str) -> int | None:
        """Give the process of that name; None while it waits to be started again, or when there is none."""
        return next((place.running.pid for place in self._places if place.child.name == name and place.running), None)

    def wait(self, done: Callable[[], bool] = lambda: False) -> End:
        """Look after the processes until one that must live dies, a watch speaks, a signal comes, or done()."""
        while (end := self._tend()) is None:
            if done():
                return End(0, "done")
            self._rest()
        return end

    def _tend(self) -> End | None:
        if self._signals:
            return End(0, _asked(self._signals))
        for watch in self.watches:
            if sentence := watch():
                return End(1, sentence)
        return next(filter(None, map(self._tend_one, self._places)), None)

    def _tend_one(self, place: _Place) -> End | None:
        if place.running is None:
            if time.monotonic() >= place.due:
                self._spawn(place)
            return None
        if place.running.late:
            self.echo(f"{place.child.name} did not get ready again, it is killed")
            place.running.kill()
        code = place.running.poll()
        return None if code is None else self._bury(place, place.running, code)

    def _bury(self, place: _Place, running: Running, code: int) -> End | None:
        running.kill()  # what it left in its group
        name, how = place.child.name, _describe(code)
        place.running = None
        if place.child.when_dead == "end":
            return End(code if code > 0 else int(code < 0), f"{name} {how}, its log is {running.log}")
        place.deaths = self.pauses.deaths(place.deaths, time.monotonic() - running.started)
        pause = self.pauses.after(place.deaths)
        place.due = time.monotonic() + pause
        self.echo(f"{name} {how}, it is started again in {pause:g} s; its log is {running.log}")
        return None

    def _spawn(self, place: _Place) -> Running:
        log = self.folder / "logs" / f"{place.child.name}.log"
        place.running = Running(place.child, log, self._wake.put)
        return place.running

    def _check_start(self, running: Running) -> None:
        code, name = running.poll(), running.child.name
        if code is not None and running.facts is None:
            running.kill()
            message = f"{name} {_describe(code)} before it was ready. The end of {running.log}:\n{running.tail()}"
            raise NotReadyError(message)
        if running.late:
            within = running.child.ready_within
            message = f"{name} was not ready within {within:g} s. The end of {running.log}:\n{running.tail()}"
            raise NotReadyError(message)

    def _stop_if_asked(self) -> None:
        if self._signals:
            raise AskedToStopError(_asked(self._signals))

    def _rest(self) -> None:
        with contextlib.suppress(Empty):
            said = self._wake.get(timeout=TICK)
            if said is not None:
                said.running.facts = said.facts
                self.on_ready(said.running.child, said.facts)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signals.append(number)
        self._wake.put(None)  # may be called from a handler, unlike the other queues

    def _end_all(self) -> None:
        while self._places:
            running = self._places.pop().running
            if running is not None:
                self._end(running)

    def _end(self, running: Running) -> None:
        deadline = time.monotonic() + running.child.stop_within
        running.terminate()
        while running.poll() is None:
            if len(self._signals) >= IMPATIENT or time.monotonic() >= deadline:
                break
            self._rest()
        running.kill()


def _asked(signals: Sequence[int]) -> str:
    return f"asked to stop ({signal.Signals(signals[0]).name})"


def _describe(code: int) -> str:
    return f"ended with exit code {code}" if code >= 0 else f"was killed by signal {-code}"


def _not_ignored(number: signal.Signals) -> bool:
    """Tell whether nobody (nohup, a shell's &) asked us to ignore it."""
    return signal.getsignal(number) is not signal.SIG_IGN


def run(children: Iterable[Child], supervisor: Supervisor) -> End:
    """Start the children in order and look after them until the end; whatever happens, none is left."""
    try:
        with supervisor:
            for child in children:
                supervisor.start(child)
            return supervisor.wait()
    except NotReadyError as failure:
        return End(1, str(failure))
    except AskedToStopError as stop:
        return End(0, str(stop))
