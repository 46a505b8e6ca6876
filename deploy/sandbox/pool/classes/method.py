"""What a XenAPI method is to the dispatcher: its parameters, who may call it, what carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.pool.wire import ApiFailureError, Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.scenario.shape import Role

VOID: Wire = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls what, where."""

    model: Model
    method: str
    host: str
    """The host whose listener took the call."""
    session: str
    originator: str

    def fail(self, *details: str) -> ApiFailureError:
        return ApiFailureError(*details)


Run = Callable[..., Awaitable[Wire]]
"""Takes the Call and the checked arguments."""


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    kind: str
    """string, int, float, bool, map, record, set:string, ref:CLASS, or ref?:CLASS where NULL will do."""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    params: tuple[Param, ...]
    run: Run
    role: Role = "pool-operator"
    asynchronous: bool = False
    """Whether Async.<name> exists."""
    session: bool = True


def params(text: str) -> tuple[Param, ...]:
    """`self:ref:SR value:string sm_config:map?` and the like; a question mark at the end: may be left out."""
    return tuple(_param(word) for word in text.split())


def _param(word: str) -> Param:
    name, kind = word.split(":", 1)
    return Param(name, kind.removesuffix("?"), required=not kind.endswith("?"))
