"""Workers as real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.sandbox.pool.serving import running_pool
from tests.integration.workers.world import World, make_world
from tests.pool_passwords import with_known_root

MAIN = "import sys; from workers.process import main; sys.exit(main('xenct'))"
WITHIN = 15.0


class Workers:
    """Starts workers, and ends those that are left."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._running: list[subprocess.Popen[bytes]] = []
        self.log = world.folder / "worker.log"

    def start(self, **environ: str) -> subprocess.Popen[bytes]:
        needed = {name: value for name, value in self._world.environ.items() if name != "RQ_WORKER_ID"}
        measuring = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
        whole = {**needed, **measuring, "PATH": os.environ["PATH"], **environ}
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "-c", MAIN], env=whole, stderr=log, cwd=Path.cwd())  # noqa: S603 - our own program
        self._running.append(process)
        return process

    def close(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def a_world_of_processes(folder: Path) -> Iterator[World]:
    """A world whose workers are quick to notice that one of them has died."""
    with running_pool(with_known_root(folder / "pool")) as pool:
        world = make_world(folder, pool, heartbeat=1)
        try:
            yield world
        finally:
            world.ledger.redis.close()


@contextmanager
def the_workers_of(world: World) -> Iterator[Workers]:
    workers = Workers(world)
    yield workers
    workers.close()
