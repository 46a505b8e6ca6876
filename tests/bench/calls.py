"""How many XenAPI calls the steps of the main job make, CHAP included, beside the polls of their tasks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.integration.workers.world import World, a_world

POLL = "task.get_record"


def count(folder: Path) -> list[str]:
    """Count them on the simulated pool's EqualLogic; gives the lines of a table."""
    with a_world(folder) as world:
        request_id = world.ask()
        counted = {"targets": _calls(world, lambda: world.targets(request_id))}
        counted["LUNs"] = _calls(world, lambda: world.luns(request_id))
        world.pick(request_id)
        counted["inspection"] = _calls(world, lambda: world.inspect(request_id))
    with a_world(folder / "run") as world:
        approved = world.approved()
        counted["run"] = _calls(world, lambda: world.create(approved))
    return ["| step | XenAPI calls, login and logout included |", "|---|---|"] + [
        f"| {step} | {calls} |" for step, calls in counted.items()
    ]


def _calls(world: World, work: Callable[[], object]) -> int:
    before = world.calls()
    work()
    after = world.calls()
    return sum(number - before.get(method, 0) for method, number in after.items() if method != POLL)
