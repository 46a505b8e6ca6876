"""Attempts that were killed in the middle, and what they leave on a pool."""

from __future__ import annotations

from contextlib import AbstractContextManager

from tests.integration.workers.world import World
from workers.xen.secrets import TAG
from workers.xen.session import PoolSession


class Killed:
    """An attempt that was killed in the middle: what it opened stays open, and nobody of its process runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._login: AbstractContextManager[PoolSession] = world.workplace.log_in("xenct")
        self.session = self._login.__enter__()
        world.workplace.running.clear()

    def leave_a_secret(self) -> str:
        record = {"value": "canary", "other_config": {TAG: self.session.attempt}}
        return str(self.session.call("secret.create", record))

    def leave_a_task(self, method: str = "Async.SR.scan") -> str:
        sr = next(sr["ref"] for sr in self._world.pool.report()["srs"] if sr["type"] == "lvmoiscsi")
        return str(self.session.call(method, sr))


def somebody_comes(world: World) -> None:
    with world.workplace.log_in("xenct"):
        pass


def held(world: World) -> dict[str, bytes]:
    return world.workplace.pools.held("xenct")
