"""Tasks as callers make, cancel and destroy them.

Source: xapi: xapi_task.ml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool import sessions, tasks
from deploy.sandbox.pool.classes.method import VOID, Call, Method, params

if TYPE_CHECKING:
    from deploy.sandbox.pool.wire import Wire


def methods() -> list[Method]:
    text = params("label:string description:string")
    return [
        Method("task.create", text, _create, "read-only"),
        Method("task.destroy", params("self:ref:task"), _destroy, "read-only"),
        Method("task.cancel", params("task:ref:task"), _cancel, "read-only", asynchronous=True),
    ]


async def _create(call: Call, label: str, description: str) -> Wire:
    return tasks.create(call.model, call.host, label, description)


async def _destroy(call: Call, ref: str) -> Wire:
    _must_be_own(call, ref, "task.destroy/any")
    tasks.destroy(call.model, ref)
    return VOID


async def _cancel(call: Call, ref: str) -> Wire:
    _must_be_own(call, ref, "task.cancel/any")
    tasks.cancel(call.model, ref)
    return VOID


def _must_be_own(call: Call, ref: str, permission: str) -> None:
    """The tasks of other users are for those who may do so with any."""
    session = call.model.objects.get("session", call.session)
    if call.model.objects.get("task", ref).get("owner", "") != session["auth_user_name"]:
        sessions.permit(session, permission, "pool-operator")
