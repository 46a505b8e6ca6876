"""Logging in and out.

Source: xapi: xapi_session.ml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool import sessions
from deploy.sandbox.pool.classes.method import VOID, Call, Method, params

if TYPE_CHECKING:
    from deploy.sandbox.pool.wire import Wire

_LOGIN = "uname:string pwd:string version:string? originator:string?"


def methods() -> list[Method]:
    return [
        Method("session.login_with_password", params(_LOGIN), _log_in, "read-only", session=False),
        Method("session.logout", (), _log_out, "read-only"),
    ]


async def _log_in(call: Call, *args: str) -> Wire:
    user, password, _, originator = (*args, "", "")[:4]
    return await sessions.log_in(call.model, call.host, (user, password), originator)


async def _log_out(call: Call) -> Wire:
    call.model.objects.remove("session", call.session)
    return VOID
