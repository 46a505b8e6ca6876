"""The fields of a class as a flavour has them, their defaults, and their form on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.classes.schema.tables import TEXTS
from deploy.sandbox.pool.wire import NULL, Wire, date

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour

EPOCH = "19700101T00:00:00Z"
_EMPTY: dict[str, object] = {"string": "", "int": 0, "float": 0.0, "bool": False, "datetime": EPOCH}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    """string, int, float, bool, datetime, map, ref:CLASS, set:string, set:int or set:ref:CLASS."""
    writable: bool
    since: str
    default: object


@cache
def fields_of(cls: str, flavour: Flavour) -> dict[str, Field]:
    rows = (_field(line) for line in TEXTS[cls].split("\n") if line)
    return {row.name: row for row in rows if flavour.has(row.since)}


def complete(cls: str, flavour: Flavour, record: dict[str, Any]) -> dict[str, Any]:
    """The record with every field that its class has in this flavour, and no other."""
    return {name: record.get(name, _copied(field.default)) for name, field in fields_of(cls, flavour).items()}


def to_wire(kind: str, value: Any) -> Wire:  # noqa: ANN401 - the kind says what it is
    if kind in {"int", "set:int"}:
        return [str(one) for one in value] if isinstance(value, list) else str(value)
    if kind == "datetime":
        return date(value)
    result: Wire = value
    return result


def record_to_wire(cls: str, flavour: Flavour, record: dict[str, Any]) -> dict[str, Wire]:
    rows = fields_of(cls, flavour)
    return {name: to_wire(row.kind, record.get(name, _copied(row.default))) for name, row in rows.items()}


def _field(line: str) -> Field:
    name, kind, mode, since, default = line.split(" ")
    return Field(name, kind, mode == "rw", since, _default(kind, default))


def _default(kind: str, text: str) -> object:
    if text != "-":
        return {"true": True, "false": False}.get(text, int(text) if kind == "int" else text)
    if kind.startswith("set:"):
        return []
    if kind.startswith("ref:"):
        return NULL
    return {} if kind == "map" else _EMPTY[kind]


def _copied(value: object) -> object:
    if isinstance(value, list):
        return list(value)
    return dict(value) if isinstance(value, dict) else value
