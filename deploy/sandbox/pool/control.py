"""The control API: what tests and the sandbox do to the pool from outside of XenAPI.

Changes are POSTs with the header `X-Sandbox: 1`, which a page in a browser can't send here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from deploy.sandbox.pool import accidents, reporting
from deploy.sandbox.pool.classes.host import set_iqn, set_multipathing
from deploy.sandbox.pool.faults import KINDS, Fault
from deploy.sandbox.pool.model import UPGRADING, Model
from deploy.sandbox.pool.storage import orders
from deploy.sandbox.pool.wire import NULL, ApiFailureError

_HEADER = "X-Sandbox"
_HOSTS = frozenset({"127.0.0.1", "localhost"})


class ControlError(Exception):
    """The order can't be carried out; its message says why."""


def control(model: Model) -> web.Application:
    app = web.Application(middlewares=[_guard])
    app.router.add_get("/control/model", _reader(model, reporting.report))
    app.router.add_get("/control/calls", _reader(model, reporting.calls))
    for name, change in _CHANGES.items():
        app.router.add_post(f"/control/{name}", _changer(model, change))
    return app


def _reader(model: Model, read: Callable[[Model], dict[str, Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def get(_: web.Request) -> web.Response:
        return web.json_response(read(model))

    return get


def _changer(
    model: Model, change: Callable[[Model, dict[str, Any]], None]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def post(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        try:
            change(model, body)
        except (ControlError, ApiFailureError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"ok": False, "error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response({"ok": True})

    return post


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Only this machine's own clients: no foreign page, no name that was bent to this address."""
    if request.host.split(":")[0] not in _HOSTS:
        return web.json_response({"ok": False, "error": "unknown host name"}, status=403)
    if request.method == "POST" and request.headers.get(_HEADER) != "1":
        return web.json_response({"ok": False, "error": f"the header {_HEADER}: 1 is missing"}, status=403)
    return await handler(request)


def change_fault(model: Model, body: dict[str, Any]) -> None:
    """`{"clear": true}`, or a fault's fields."""
    if body.get("clear"):
        model.faults.scripted.clear()
        return
    if body.get("kind") not in KINDS:
        message = f"kind must be one of {', '.join(KINDS)}"
        raise ControlError(message)
    model.faults.scripted.append(Fault(**{**body, "details": tuple(body.get("details", ()))}))


def reset_calls(model: Model, _: dict[str, Any]) -> None:
    """Count calls, and what clients make and end, from now on."""
    model.calls.reset()
    model.objects.lives.reset()


def change_host(model: Model, body: dict[str, Any]) -> None:
    """`host` (its name) and what is to change.

    `up`, `enabled`, `iqn`, `multipathing`, `maps` (SCSIids that a multipath map is on), `mounts` (UUIDs of SRs that
    are mounted already), `answers` (an ErrorDescription for every call), or `state`: booting, emergency or running.
    """
    host = model.host_named(body["host"])
    condition = model.conditions[host]
    condition.up = body.get("up", condition.up)
    condition.maps = frozenset(body.get("maps", condition.maps))
    condition.mounts = frozenset(body.get("mounts", condition.mounts))
    condition.answers = tuple(body.get("answers", condition.answers))
    if "state" in body:
        condition.answers = _STATES[body["state"]]
    if "enabled" in body:
        model.objects.set("host", host, enabled=body["enabled"])
    if "iqn" in body:
        set_iqn(model, host, body["iqn"])
    if "multipathing" in body:
        set_multipathing(model, host, on=body["multipathing"])


def change_pool(model: Model, body: dict[str, Any]) -> None:
    """`upgrading`: whether a rolling upgrade is under way; `smb_licensed`: whether SRs may be made on SMB shares."""
    model.smb_licensed = body.get("smb_licensed", model.smb_licensed)
    if "upgrading" not in body:
        return
    ref, record = model.pool()
    config = {key: value for key, value in record.get("other_config", {}).items() if key != UPGRADING}
    model.objects.set("pool", ref, other_config={**config, UPGRADING: "true"} if body["upgrading"] else config)


def change_vm(model: Model, body: dict[str, Any]) -> None:
    """`vm` (its name) runs on `host` from now on with all its disks open, or is halted where `host` is empty.

    Its suspended memory goes either way; the disk that it was on stays.
    """
    found = (ref for ref, record in model.objects.tables["VM"].items() if record["name_label"] == body["vm"])
    vm, host = next(found, None), model.host_named(body["host"]) if body.get("host") else NULL
    if vm is None:
        message = "no VM has that name"
        raise ControlError(message)
    state = "Halted" if host == NULL else "Running"
    model.objects.set("VM", vm, power_state=state, resident_on=host, suspend_VDI=NULL)
    for vbd, record in list(model.objects.tables["VBD"].items()):
        if record["VM"] == vm:
            model.objects.set("VBD", vbd, currently_attached=host != NULL and not record["empty"])


def change_master(model: Model, body: dict[str, Any]) -> None:
    """Another host becomes master: sessions and pending tasks of the old one are gone."""
    accidents.move_master(model, body["host"], body.get("tasks", "failed"))


def restart(model: Model, body: dict[str, Any]) -> None:
    """Xapi starts anew; `tasks` says whether the pending ones are `failed` (default) or `lost`."""
    accidents.restart_xapi(model, body.get("tasks", "failed"))


def change_delays(model: Model, body: dict[str, Any]) -> None:
    """Any of the fields of Delays, in seconds, and `factor`."""
    model.delays = dataclasses.replace(model.delays, **body)


def change_array(model: Model, body: dict[str, Any]) -> None:
    """`op` and what it needs: see storage/orders.py."""
    orders.carry_out(model, body)


_STATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"running": (), "booting": ("HOST_STILL_BOOTING",), "emergency": ("HOST_IN_EMERGENCY_MODE",)}
)
_CHANGES: Mapping[str, Callable[[Model, dict[str, Any]], None]] = MappingProxyType(
    {
        "fault": change_fault,
        "calls": reset_calls,
        "host": change_host,
        "pool": change_pool,
        "vm": change_vm,
        "master": change_master,
        "restart": restart,
        "delays": change_delays,
        "array": change_array,
    }
)
