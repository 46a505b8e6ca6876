"""The control API: what tests and the sandbox do to the pool from outside of XenAPI.

Changes are POSTs with the header `X-Sandbox: 1`, which a page in a browser can't send here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from aiohttp import web

from deploy.sandbox.pool import reporting, tasks
from deploy.sandbox.pool.classes.host import set_iqn
from deploy.sandbox.pool.faults import KINDS, Fault
from deploy.sandbox.pool.storage import altering
from deploy.sandbox.pool.storage.arrays import Content, array_from_json
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from deploy.sandbox.pool.model import Model

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
    model.calls.reset()


def change_host(model: Model, body: dict[str, Any]) -> None:
    """`host` (its name) and any of `up`, `enabled`, `iqn`, `answers` (an ErrorDescription for every call)."""
    host = model.host_named(body["host"])
    condition = model.conditions[host]
    condition.up = body.get("up", condition.up)
    condition.answers = tuple(body.get("answers", condition.answers))
    if "enabled" in body:
        model.objects.set("host", host, enabled=body["enabled"])
    if "iqn" in body:
        set_iqn(model, host, body["iqn"])


def change_master(model: Model, body: dict[str, Any]) -> None:
    """Another host becomes master: sessions and pending tasks of the old one are gone."""
    pool, _ = model.pool()
    host = model.host_named(body["host"])
    if not model.conditions[host].listening:
        message = "the address of that host could not be bound on this machine"
        raise ControlError(message)
    model.objects.set("pool", pool, master=host)
    restart(model, body)


def restart(model: Model, body: dict[str, Any]) -> None:
    """Xapi starts anew; `tasks` says whether the pending ones are `failed` (default) or `lost`."""
    fate = body.get("tasks", "failed")
    if fate not in {"failed", "lost"}:
        message = "tasks must be failed or lost"
        raise ControlError(message)
    for ref in list(model.objects.tables["session"]):
        model.objects.remove("session", ref)
    tasks.end_all(model, fate)


def change_delays(model: Model, body: dict[str, Any]) -> None:
    """Any of the fields of Delays, in seconds, and `factor`."""
    model.delays = dataclasses.replace(model.delays, **body)


def change_array(model: Model, body: dict[str, Any]) -> None:
    """`op` and what it needs: see each of the functions that are named for it below."""
    operations = {
        "chap": _chap,
        "portal": _portal,
        "put_target": _put_target,
        "remove_target": _remove_target,
        "put_lun": _put_lun,
        "remove_lun": _remove_lun,
        "put_array": _put_array,
        "content": _content,
        "name": _name,
    }
    operations[body["op"]](model, body)


def _chap(model: Model, body: dict[str, Any]) -> None:
    model.files.set_chap(body["user"], body["password"])


def _portal(model: Model, body: dict[str, Any]) -> None:
    array = model.arrays[body["array"]]
    model.put_array(altering.with_portal(array, body["address"], up=body["up"]))


def _put_target(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.with_target(model.arrays[body["array"]], body["target"]))


def _remove_target(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.without_target(model.arrays[body["array"]], body["iqn"]))


def _put_lun(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.with_lun(model.arrays[body["array"]], body["iqn"], body["lun"]))


def _remove_lun(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.without_lun(model.arrays[body["array"]], body["iqn"], body["lun_id"]))


def _put_array(model: Model, body: dict[str, Any]) -> None:
    model.put_array(array_from_json(body["array"]))


def _content(model: Model, body: dict[str, Any]) -> None:
    """Somebody else wrote to the LUN, another pool for instance."""
    found = next((lun for lun in model.luns() if lun.scsi_id == body["scsi_id"]), None)
    if found is None:
        message = "no LUN has that SCSIid"
        raise ControlError(message)
    model.overwrite(found, Content(**body["content"]), "control", "control")


def _name(model: Model, body: dict[str, Any]) -> None:
    model.put_name(body["name"], body["address"])


_CHANGES: dict[str, Callable[[Model, dict[str, Any]], None]] = {
    "fault": change_fault,
    "calls": reset_calls,
    "host": change_host,
    "master": change_master,
    "restart": restart,
    "delays": change_delays,
    "array": change_array,
}
