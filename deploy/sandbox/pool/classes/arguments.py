"""Checking what was sent against what a method takes.

Source: xapi: the generated server (arity before session, types before references).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.wire import NULL, ApiFailureError, Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.classes.method import Method, Param
    from deploy.sandbox.pool.model import Model

_INT64 = re.compile(r"-?\d{1,19}")


def check_arity(method: Method, name: str, given: int) -> None:
    """MESSAGE_PARAMETER_COUNT_MISMATCH counts without the session."""
    least = sum(param.required for param in method.params)
    if least <= given <= len(method.params):
        return
    expected = least if given < least else len(method.params)
    code = "MESSAGE_PARAMETER_COUNT_MISMATCH"
    raise ApiFailureError(code, name, str(expected), str(given))


def check_types(method: Method, given: list[Wire]) -> list[Any]:
    """The arguments, integers as int; FIELD_TYPE_ERROR names the parameter that has another type."""
    return [_checked(param, value) for param, value in zip(method.params, given, strict=False)]


def check_references(model: Model, method: Method, given: list[Any]) -> None:
    for param, value in zip(method.params, given, strict=False):
        if param.kind.startswith("ref"):
            optional, cls = param.kind.startswith("ref?"), param.kind.split(":")[1]
            if not (optional and value == NULL):
                model.objects.get(cls, value)


def check_fields(**given: tuple[Wire, str]) -> None:
    """The fields of a record that a constructor takes, each with its kind; FIELD_TYPE_ERROR names the wrong one."""
    for name, (value, kind) in given.items():
        if not _fits(kind, value):
            code = "FIELD_TYPE_ERROR"
            raise ApiFailureError(code, name)


def _checked(param: Param, value: Wire) -> Any:  # noqa: ANN401 - its kind says its type
    if not _fits(param.kind, value):
        code = "FIELD_TYPE_ERROR"
        raise ApiFailureError(code, param.name)
    return int(str(value)) if param.kind == "int" else value


def _fits(kind: str, value: Wire) -> bool:
    if kind == "string" or kind.startswith("ref"):
        return isinstance(value, str)
    if kind == "int":
        return not isinstance(value, bool) and bool(_INT64.fullmatch(str(value)))
    if kind == "map":
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if kind == "set:string":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, {"bool": bool, "float": float, "record": dict}[kind])
