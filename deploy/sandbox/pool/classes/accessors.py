"""What every class has: records, lists, look-ups, and a getter, setter, adder and remover for each field.

Source: xapi-project.github.io/xen-api: the class reference; it is the same for all classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from deploy.sandbox.pool.classes.method import VOID, Call, Method, Run, params
from deploy.sandbox.pool.classes.schema.fields import Field, complete, fields_of, record_to_wire, to_wire
from deploy.sandbox.pool.classes.schema.query import parse
from deploy.sandbox.pool.wire import Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.scenario.shape import Role
    from deploy.sandbox.pool.state.objects import Record

# Sessions can't be listed, and a secret's content is not for readers.
_READERS: dict[str, Role] = {"secret": "pool-operator"}
_READERS_OF: dict[str, Role] = {"secret.get_other_config": "read-only"}
_WRITERS: dict[str, Role] = {
    "session": "pool-admin",
    "task": "read-only",
    "VM": "vm-admin",
    "VDI": "vm-admin",
    "VBD": "vm-admin",
}
# Fields that others than pool operators may write, of any class.
_WRITERS_OF: dict[str, Role] = {
    "tags": "vm-operator",
    "gui_config": "vm-operator",
    "wlb_enabled": "client-cert",
    "affinity": "vm-power-admin",
    "HVM_shadow_multiplier": "vm-power-admin",
}
_UNLISTED = frozenset({"session"})
_UNNAMED = frozenset({"session", "PBD", "VBD", "secret", "pool"})
# Fields that follow from others: the class, and the field of it, that name the object.
_DERIVED: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = MappingProxyType(
    {
        "SR": (("PBDs", "PBD", "SR"), ("VDIs", "VDI", "SR")),
        "host": (("PBDs", "PBD", "host"), ("resident_VMs", "VM", "resident_on")),
        "session": (("tasks", "task", "session"),),
        "VDI": (("VBDs", "VBD", "VDI"), ("snapshots", "VDI", "snapshot_of")),
        "VM": (("VBDs", "VBD", "VM"),),
    }
)
_ASYNCHRONOUS_SETTERS = frozenset({"SR.set_name_label", "SR.set_name_description", "SR.set_shared"})


def view(model: Model, cls: str, ref: str) -> Record:
    """The record with what follows from others: which PBDs and VDIs belong to an SR, and so on."""
    derived = {field: _pointing(model, other, by, ref) for field, other, by in _DERIVED.get(cls, ())}
    return {**model.objects.get(cls, ref), **derived}


def _pointing(model: Model, cls: str, field: str, ref: str) -> list[str]:
    """The objects of a class whose field names this one."""
    return [other for other, record in model.objects.tables[cls].items() if record.get(field) == ref]


def class_methods(cls: str, flavour: Flavour) -> list[Method]:
    methods = [*_lookups(cls), *_lists(cls)]
    for row in fields_of(cls, flavour).values():
        methods.append(_getter(cls, row))
        if row.writable:
            methods += _writers(cls, row)
    return methods


def _reader(cls: str, name: str, text: str, run: Run) -> Method:
    full = f"{cls}.{name}"
    return Method(full, params(text), run, _READERS_OF.get(full, _READERS.get(cls, "read-only")))


def _lookups(cls: str) -> list[Method]:
    async def get_record(call: Call, ref: str) -> Wire:
        return record_to_wire(cls, call.model.flavour, view(call.model, cls, ref))

    async def get_by_uuid(call: Call, uuid: str) -> Wire:
        ref = call.model.objects.find(cls, uuid)
        if ref is None:
            raise call.fail("UUID_INVALID", cls, uuid)
        return ref

    async def get_by_name_label(call: Call, label: str) -> Wire:
        rows = call.model.objects.tables[cls].items()
        return [ref for ref, record in rows if record.get("name_label") == label]

    found = [
        _reader(cls, "get_record", f"self:ref:{cls}", get_record),
        _reader(cls, "get_by_uuid", "uuid:string", get_by_uuid),
    ]
    if cls not in _UNNAMED:
        found.append(_reader(cls, "get_by_name_label", "label:string", get_by_name_label))
    return found


def _lists(cls: str) -> list[Method]:
    async def get_all(call: Call) -> Wire:
        return list(call.model.objects.tables[cls])

    async def get_all_records(call: Call) -> Wire:
        return await get_all_records_where(call, "true")

    async def get_all_records_where(call: Call, expression: str) -> Wire:
        return _matching(call.model, cls, expression)

    if cls in _UNLISTED:
        return []
    return [
        _reader(cls, "get_all", "", get_all),
        _reader(cls, "get_all_records", "", get_all_records),
        _reader(cls, "get_all_records_where", "expr:string", get_all_records_where),
    ]


def _matching(model: Model, cls: str, expression: str) -> dict[str, Wire]:
    test, flavour = parse(expression), model.flavour
    records = {ref: complete(cls, flavour, view(model, cls, ref)) for ref in model.objects.tables[cls]}
    return {ref: record_to_wire(cls, flavour, record) for ref, record in records.items() if test(record)}


def _getter(cls: str, row: Field) -> Method:
    async def get(call: Call, ref: str) -> Wire:
        record = complete(cls, call.model.flavour, view(call.model, cls, ref))
        return to_wire(row.kind, record[row.name])

    return _reader(cls, f"get_{row.name}", f"self:ref:{cls}", get)


def _writers(cls: str, row: Field) -> list[Method]:
    async def set_value(call: Call, ref: str, value: Any) -> Wire:  # noqa: ANN401 - its type was checked
        call.model.objects.set(cls, ref, **{row.name: value})
        return VOID

    name = f"{cls}.set_{row.name}"
    kind = row.kind.replace("ref:", "ref?:") if row.kind.startswith("ref:") else row.kind
    setter = _writer(cls, f"set_{row.name}", f"self:ref:{cls} value:{kind}", set_value)
    if name in _ASYNCHRONOUS_SETTERS:
        setter = Method(name, setter.params, setter.run, setter.role, asynchronous=True)
    if row.kind == "map":
        return [setter, *_map_writers(cls, row.name)]
    return [setter, *(_set_writers(cls, row.name) if row.kind == "set:string" else ())]


def _writer(cls: str, name: str, text: str, run: Run) -> Method:
    role = _WRITERS_OF.get(name.split("_", 1)[1].removeprefix("to_").removeprefix("from_"))
    return Method(f"{cls}.{name}", params(text), run, role or _WRITERS.get(cls, "pool-operator"))


def _map_writers(cls: str, name: str) -> list[Method]:
    async def add(call: Call, ref: str, key: str, value: str) -> Wire:
        before = call.model.objects.get(cls, ref).get(name, {})
        if key in before:
            raise call.fail("MAP_DUPLICATE_KEY", cls, name, ref, key)
        call.model.objects.set(cls, ref, **{name: {**before, key: value}})
        return VOID

    async def remove(call: Call, ref: str, key: str) -> Wire:
        before = call.model.objects.get(cls, ref).get(name, {})
        call.model.objects.set(cls, ref, **{name: {at: one for at, one in before.items() if at != key}})
        return VOID

    return [
        _writer(cls, f"add_to_{name}", f"self:ref:{cls} key:string value:string", add),
        _writer(cls, f"remove_from_{name}", f"self:ref:{cls} key:string", remove),
    ]


def _set_writers(cls: str, name: str) -> list[Method]:
    async def add(call: Call, ref: str, value: str) -> Wire:
        before = call.model.objects.get(cls, ref).get(name, [])
        call.model.objects.set(cls, ref, **{name: [*(one for one in before if one != value), value]})
        return VOID

    async def remove(call: Call, ref: str, value: str) -> Wire:
        before = call.model.objects.get(cls, ref).get(name, [])
        call.model.objects.set(cls, ref, **{name: [one for one in before if one != value]})
        return VOID

    text = f"self:ref:{cls} value:string"
    return [_writer(cls, f"add_{name}", text, add), _writer(cls, f"remove_{name}", text, remove)]
