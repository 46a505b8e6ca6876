"""Every method of the pool by its name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes import event, host, pbd, secret, session, sr, task, vdi
from deploy.sandbox.pool.classes.accessors import class_methods
from deploy.sandbox.pool.classes.method import Call, Method
from deploy.sandbox.pool.state.objects import CLASSES

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.wire import Wire

ASYNC = "Async."


@cache
def methods_of(flavour: Flavour) -> dict[str, Method]:
    """What a class does of its own goes before what every class has."""
    general = [method for cls in CLASSES for method in class_methods(cls, flavour)]
    own = [method for module in (event, pbd, secret, session, task, vdi) for method in module.methods()]
    every = [
        *general,
        *host.methods(flavour),
        *sr.methods(flavour),
        *own,
        _LIST,
    ]
    return {method.name: method for method in every}


def find(flavour: Flavour, name: str) -> Method | None:
    """The method, for `Async.X` only where X has such a form."""
    method = methods_of(flavour).get(name.removeprefix(ASYNC))
    if method is None or (name.startswith(ASYNC) and not method.asynchronous):
        return None
    return method


async def _list(call: Call) -> Wire:
    methods = methods_of(call.model.flavour).values()
    names = [method.name for method in methods]
    names += [ASYNC + method.name for method in methods if method.asynchronous]
    return [*sorted(names)]


_LIST = Method("system.listMethods", (), _list, "read-only", session=False)
