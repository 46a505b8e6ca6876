"""The jobs that an accident may hit: a request as far as each of them, the job itself, and the way to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from bot.request import acting
from bot.request.model import ENDS, Request, State
from bot.request.plan import Purpose
from tests.faults.lun_bench import Bench
from tests.faults.lun_pools import HELD, IQNS, PICKED, TARGET, WANTED
from tests.integration.workers.world import EQUALLOGIC, REQUESTER, SCSI_ID, World, reason_of

LOOK: Final = "SR.probe"
PLUG: Final = "PBD.plug"
MOST_MOVES: Final = 20


class Job(StrEnum):
    TARGETS = "targets"
    LUNS = "luns"
    INSPECTION = "inspection"
    CREATE = "create"
    ATTACH = "attach"
    REPAIR = "repair"


CALL: Final[Mapping[Job, str]] = MappingProxyType(
    {
        Job.TARGETS: LOOK,
        Job.LUNS: LOOK,
        Job.INSPECTION: LOOK,
        Job.CREATE: "SR.create",
        Job.ATTACH: PLUG,
        Job.REPAIR: PLUG,
    }
)
"""The call for which a job is done."""


def as_far_as(bench: Bench, job: Job) -> str:
    """A request whose next step is this job; or one that was refused before it came so far."""
    world = bench.world
    if job in {Job.CREATE, Job.ATTACH, Job.REPAIR}:
        return _approved(bench, job)
    request_id = world.ask(EQUALLOGIC)
    if job is not Job.TARGETS:
        world.targets(request_id)
    if job is Job.INSPECTION:
        world.luns(request_id)
        world.pick(request_id)
    return request_id


def _approved(bench: Bench, job: Job) -> str:
    world = bench.world
    more: dict[str, Any] = {"target": PICKED, "lun": WANTED}
    if job is Job.ATTACH:
        _hold_an_sr(world)
        more["purpose"] = Purpose.ATTACH
    request_id = world.ask(EQUALLOGIC, **more)
    if world.inspect(request_id).state is State.CONFIRMING:
        world.approve(request_id)
    if job is Job.REPAIR:
        _seen_by(world, IQNS[:1])
        assert world.create(request_id).state is State.PARTIAL
        _seen_by(world, ())
    return request_id


def _hold_an_sr(world: World) -> None:
    if SCSI_ID not in world.pool.report()["contents"]:
        world.array(op="content", scsi_id=SCSI_ID, content={"kind": "sr", "sr_uuid": HELD, "sr_name": "theirs"})


def _seen_by(world: World, initiators: tuple[str, ...]) -> None:
    world.array(op="put_lun", array="shared", iqn=TARGET, lun={"lun_id": 0, "initiators": list(initiators)})


def do(bench: Bench, job: Job, request_id: str) -> Request:
    """The job as a worker does it."""
    world = bench.world
    jobs: dict[Job, Callable[[str], Request]] = {
        Job.TARGETS: world.targets,
        Job.LUNS: world.luns,
        Job.INSPECTION: world.inspect,
        Job.CREATE: world.create,
        Job.ATTACH: world.create,
        Job.REPAIR: world.repair,
    }
    return jobs[job](request_id)


def go_on(bench: Bench, request_id: str) -> Request:
    """What people and workers do until the request has ended: Try again, Retry, and the next step."""
    world = bench.world
    for _ in range(MOST_MOVES):
        request = world.look(request_id)
        if request.ended and request.state is not State.PARTIAL:
            return request
        _MOVES[request.state](world, request_id)
    message = f"{request_id} goes round in circles: {world.look(request_id)}"
    raise AssertionError(message)


def _try_again(world: World, request_id: str) -> Request:
    return world.happens(request_id, *acting.try_again(world.look(request_id), REQUESTER, world.clock()))


_MOVES: Final[dict[State, Callable[[World, str], object]]] = {
    State.PAUSED: _try_again,
    State.DISCOVERING_TARGETS: World.targets,
    State.DISCOVERING_LUNS: World.luns,
    State.CHOOSING_LUN: World.pick,
    State.INSPECTING: World.inspect,
    State.CONFIRMING: World.approve,
    State.QUEUED: World.create,
    State.PARTIAL: World.repair,
}


def reason(request: Request) -> str:
    """Why it stopped; of a request that is partial, why the host that is left behind is."""
    if request.trouble is not None:
        return reason_of(request)
    hosts = request.outcome.hosts if request.outcome is not None and request.state in ENDS else ()
    return next((host.trouble.reason for host in hosts if host.trouble is not None), "")
