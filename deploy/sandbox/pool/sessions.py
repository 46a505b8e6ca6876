"""Who is logged in: sessions of users, with their roles and originators.

Source: xapi: xapi_session.ml, db_gc.ml (limit of sessions per originator, idle time).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

from deploy.sandbox.pool.state.accounts import CLIENT, Client
from deploy.sandbox.pool.wire import NULL, ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.scenario.shape import Role
    from deploy.sandbox.pool.state.objects import Record

MAX_PER_ORIGINATOR = 500
MAX_IDLE_SECONDS = 86_400
_LOOK_SECONDS = 0.01
# Each may do what those before it may. Source: docs.xenserver.com: role-based access control.
_RANKS: Final[dict[Role, int]] = {
    "read-only": 0,
    "client-cert": 1,
    "vm-operator": 2,
    "vm-admin": 3,
    "vm-power-admin": 4,
    "pool-operator": 5,
    "pool-admin": 6,
}


async def log_in(model: Model, host: str, credentials: tuple[str, str], originator: str) -> str:
    """A new session's reference; a wrong name or password is told only after a while."""
    user, password = credentials
    role, expected = model.users.get(user, (None, None))
    if role is None or expected is None or not expected.matches(password):
        await model.delays.spend(model.delays.refused_login)
        code = "SESSION_AUTHENTICATION_FAILED"
        raise ApiFailureError(code, user, "Authentication failure")
    _make_room(model, originator)
    CLIENT.set(Client(originator))
    return model.objects.add("session", _record(model, host, user, originator))


def check(model: Model, ref: object) -> Record:
    """The session's record, marked as active now; SESSION_INVALID where it is none."""
    table = model.objects.tables["session"]
    if not isinstance(ref, str) or ref not in table:
        code = "SESSION_INVALID"
        raise ApiFailureError(code, str(ref))
    table[ref]["last_active"] = model.now()
    table[ref]["seen"] = model.clock()
    return table[ref]


async def ended(model: Model, ref: str) -> None:
    """Wait until a session is gone."""
    while ref in model.objects.tables["session"]:  # noqa: ASYNC110 - sessions end in many places
        await asyncio.sleep(_LOOK_SECONDS)


def permit(session: Record, method: str, role: Role) -> None:
    if _RANKS[cast("Any", session["role"])] < _RANKS[role]:
        roles = ", ".join(name for name in _RANKS if _RANKS[name] >= _RANKS[role])
        text = f"No permission in user session. (Roles with this permission: {roles})"
        code = "RBAC_PERMISSION_DENIED"
        raise ApiFailureError(code, method, text)


def _make_room(model: Model, originator: str) -> None:
    """Idle sessions go, and the longest unused ones of an originator that has too many; not those with work left."""
    table = {ref: one for ref, one in model.objects.tables["session"].items() if not _works(model, ref)}
    for ref in [ref for ref, record in table.items() if model.clock() - record["seen"] > MAX_IDLE_SECONDS]:
        model.objects.remove("session", ref)
    same = sorted((record["seen"], ref) for ref, record in table.items() if record["originator"] == originator)
    for _, ref in same[: max(0, len(same) - MAX_PER_ORIGINATOR + 1)]:
        model.objects.remove("session", ref)


def _works(model: Model, session: str) -> bool:
    tasks = model.objects.tables["task"].values()
    return any(task.get("session") == session and task["status"] == "pending" for task in tasks)


def _record(model: Model, host: str, user: str, originator: str) -> Record:
    return {
        "this_host": host,
        "this_user": NULL,
        "last_active": model.now(),
        "validation_time": model.now(),
        "is_local_superuser": user == "root",
        "auth_user_name": user,
        "originator": originator,
        "role": model.users[user][0],
        "seen": model.clock(),
    }
