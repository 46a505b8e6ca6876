"""What befalls the pool as a whole: xapi starts anew, another host becomes master.

Source: xapi: xapi.ml (pending tasks of a xapi that is gone fail at its start), xapi_pool.ml.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from deploy.sandbox.pool import tasks

if TYPE_CHECKING:
    from deploy.sandbox.pool.faults import Fault
    from deploy.sandbox.pool.model import Model

Fate: TypeAlias = Literal["failed", "lost"]
KINDS = ("restart", "master")


class AccidentError(ValueError):
    """It can't happen so; the message says why."""


def restart_xapi(model: Model, fate: str) -> None:
    """Sessions are gone, calls are cut, and pending tasks have failed or are `lost`."""
    if fate not in {"failed", "lost"}:
        message = "tasks must be failed or lost"
        raise AccidentError(message)
    for ref in list(model.objects.tables["session"]):
        model.objects.remove("session", ref)
    tasks.end_all(model, cast("Fate", fate))


def move_master(model: Model, host: str, fate: str) -> None:
    """The host of that name is master, and xapi starts anew there."""
    ref = model.host_named(host)
    if not model.conditions[ref].listening:
        message = "the address of that host could not be bound on this machine"
        raise AccidentError(message)
    pool, _ = model.pool()
    model.objects.set("pool", pool, master=ref)
    restart_xapi(model, fate)


async def befall(model: Model, fault: Fault) -> None:
    """What a fault of these kinds does, `seconds` from now; the call during which it comes is cut by it."""
    await asyncio.sleep(fault.seconds)
    if fault.kind == "master":
        move_master(model, fault.details[0], "failed")
    else:
        restart_xapi(model, fault.details[0] if fault.details else "failed")
    await asyncio.sleep(0)
