"""Tasks of asynchronous calls: pending, then success with a result or failure with an error.

Source: xapi: taskHelper.ml, xapi_globs.ml (how long tasks are kept).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from deploy.sandbox.pool.state.accounts import CLIENT
from deploy.sandbox.pool.wire import NULL, ApiFailureError, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from deploy.sandbox.pool.model import Model

KEPT_SECONDS = 3_900
PENDING_KEPT_SECONDS = 86_400
KEPT_FINISHED = 200
_EPOCH = "19700101T00:00:00Z"


def start(model: Model, host: str, label: str, work: Callable[[str], Awaitable[Wire]]) -> str:
    """Begin the work and return its task at once; `work` gets the task's reference."""
    ref = create(model, host, label)
    running = asyncio.get_running_loop().create_task(_carry_out(model, ref, work))
    model.running.add(running)
    running.add_done_callback(model.running.discard)
    return ref


def create(model: Model, host: str, label: str, description: str = "") -> str:
    collect(model)
    client = CLIENT.get()
    session = model.objects.tables["session"].get(client.session, {})
    record = {
        "session": client.session,
        "originator": client.originator,
        "owner": session.get("auth_user_name", ""),
        "name_label": label,
        "name_description": description,
        "allowed_operations": ["cancel", "destroy"],
        "created": model.now(),
        "finished": _EPOCH,
        "status": "pending",
        "resident_on": host,
        "progress": 0.0,
        "type": "<none/>",
        "subtask_of": NULL,
        "started": model.clock(),
        "ended": 0.0,
    }
    return model.objects.add("task", record)


def destroy(model: Model, ref: str) -> None:
    """A pending task goes when it ends, a finished one at once."""
    record = model.objects.get("task", ref)
    if record["status"] == "pending":
        operations = {**record.get("current_operations", {}), "task": "destroy"}
        model.objects.set("task", ref, current_operations=operations)
    else:
        model.objects.remove("task", ref)


def cancel(model: Model, ref: str) -> None:
    """Noted only: the storage manager's operations don't look at it."""
    record = model.objects.get("task", ref)
    if record["status"] == "pending":
        operations = {**record.get("current_operations", {}), "task": "cancel"}
        model.objects.set("task", ref, current_operations=operations)


def collect(model: Model) -> None:
    """Drop what xapi's garbage collector would drop."""
    now, tasks = model.clock(), model.objects.tables["task"]
    done = sorted((record["ended"], ref) for ref, record in tasks.items() if record["status"] != "pending")
    stale = [ref for ended, ref in done if now - ended > KEPT_SECONDS]
    stale += [ref for _, ref in done[: max(0, len(done) - KEPT_FINISHED)]]
    stale += [
        ref
        for ref, record in tasks.items()
        if record["status"] == "pending" and now - record["started"] > PENDING_KEPT_SECONDS
    ]
    for ref in set(stale):
        model.objects.remove("task", ref)


def end_all(model: Model, fate: str) -> None:
    """What a restart of xapi makes of pending tasks: `failed`, or `lost` with their records."""
    for running in model.running:
        running.cancel()
    pending = [ref for ref, record in model.objects.tables["task"].items() if record["status"] == "pending"]
    for ref in pending:
        if fate == "lost":
            model.objects.remove("task", ref)
        else:
            _finish(model, ref, status="failure", error_info=["INTERNAL_ERROR", "xapi restarted"])


def wrapped(result: Wire) -> str:
    """A result as a task holds it: `<value>` with the text escaped; nothing for void."""
    if result == "":
        return ""
    if isinstance(result, list):
        inner = "".join(f"<value>{escape(str(one), {chr(34): '&quot;'})}</value>" for one in result)
        return f"<value><array><data>{inner}</data></array></value>"
    return f"<value>{escape(str(result), {chr(34): '&quot;'})}</value>"


async def _carry_out(model: Model, ref: str, work: Callable[[str], Awaitable[Wire]]) -> None:
    try:
        result = await work(ref)
    except ApiFailureError as failure:
        _finish(model, ref, status="failure", error_info=list(failure.details))
    else:
        _finish(model, ref, status="success", progress=1.0, result=wrapped(result))


def _finish(model: Model, ref: str, **fields: object) -> None:
    record = model.objects.tables["task"].get(ref)
    if record is None:
        return
    if "destroy" in record.get("current_operations", {}).values():
        model.objects.remove("task", ref)
        return
    done = {"finished": model.now(), "ended": model.clock(), "current_operations": {}, "allowed_operations": []}
    model.objects.set("task", ref, **done, **fields)
