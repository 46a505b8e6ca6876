"""One call from its name and arguments to its answer: arity, session, types, references, role, then the work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool import accidents, sessions, tasks
from deploy.sandbox.pool.classes import arguments, registry
from deploy.sandbox.pool.classes.method import Call
from deploy.sandbox.pool.network import driving
from deploy.sandbox.pool.state.accounts import CLIENT, Client
from deploy.sandbox.pool.storage.errors import as_failure
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.classes.method import Method
    from deploy.sandbox.pool.faults import Fault
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record
    from deploy.sandbox.pool.wire import Wire

# A hang has no end of its own: the caller gives up, or the pool stops.
FOREVER = 10.0**8
# That it is just these is a guess: xapi lists what is allowed for each kind of object, and probes are.
_NOT_WHILE_UPGRADING = frozenset({"SR.create", "SR.introduce", "PBD.create", "PBD.plug"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call as it came in."""

    model: Model
    host: str
    name: str
    arguments: list[Wire]
    late: bool = False
    """Done only after the caller has logged out."""


async def answer(arrived: Arrived) -> Wire:
    """The value, or an ApiFailureError for the caller."""
    model = arrived.model
    if arrived.host != model.master():
        raise ApiFailureError("HOST_IS_SLAVE", model.objects.get("host", model.master())["address"])
    method = registry.find(model.flavour, arrived.name)
    if method is None:
        raise ApiFailureError("MESSAGE_METHOD_UNKNOWN", arrived.name)
    if not method.session:
        return await _without_session(arrived, method)
    return await _within_session(arrived, method)


async def _without_session(arrived: Arrived, method: Method) -> Wire:
    arguments.check_arity(method, arrived.name, len(arrived.arguments))
    given = arguments.check_types(method, arrived.arguments)
    return await method.run(Call(arrived.model, arrived.name, arrived.host, "", ""), *given)


async def _within_session(arrived: Arrived, method: Method) -> Wire:
    arguments.check_arity(method, arrived.name, max(0, len(arrived.arguments) - 1))
    ref, *rest = arrived.arguments or [""]
    session = sessions.check(arrived.model, ref)
    given = arguments.check_types(method, rest)
    if arrived.late:
        await sessions.ended(arrived.model, str(ref))
    call = Call(arrived.model, method.name, arrived.host, str(ref), session["originator"])
    CLIENT.set(Client(call.originator, call.session))
    if not arrived.name.startswith(registry.ASYNC):
        return await _carry_out(call, method, session, given)

    async def work(_task: str) -> Wire:
        fault = await _struck(arrived.model, method.name)
        value = await _carry_out(call, method, session, given)
        if fault is not None:
            await befallen(arrived.model, fault)
        return value

    return tasks.start(arrived.model, arrived.host, arrived.name, work)


async def _carry_out(call: Call, method: Method, session: Record, given: list[object]) -> Wire:
    sessions.permit(session, method.name.lower(), method.role)
    _must_not_be_upgrading(call.model, method.name)
    _must_only_look(call.model, method.name)
    arguments.check_references(call.model, method, given)
    return await method.run(call, *given)


def _must_not_be_upgrading(model: Model, name: str) -> None:
    """While hosts of a pool run different releases."""
    if name in _NOT_WHILE_UPGRADING and model.upgrading():
        code = "NOT_SUPPORTED_DURING_UPGRADE"
        raise ApiFailureError(code)


def _must_only_look(model: Model, name: str) -> None:
    """Where the storage is real."""
    if model.network is not None and name in driving.CHANGING:
        raise as_failure(driving.refusal(), model.flavour.texts)


async def _struck(model: Model, name: str) -> Fault | None:
    """Faults of X within Async.X: they strike the task, not the request. Gives the one that comes after the effect."""
    fault = model.faults.strike(name, "delay", "hang", "error", *accidents.KINDS)
    if fault is not None and fault.kind == "error":
        raise ApiFailureError(*fault.details)
    if fault is not None and not fault.done:
        await befallen(model, fault)
        return None
    return fault


async def befallen(model: Model, fault: Fault) -> None:
    """A call is held up, or cut by what befalls the whole pool."""
    if fault.kind in {"delay", "hang"}:
        await asyncio.sleep(fault.seconds if fault.seconds or fault.kind == "delay" else FOREVER)
    if fault.kind in accidents.KINDS:
        await accidents.befall(model, fault)
