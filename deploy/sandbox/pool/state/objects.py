"""The pool's database: records of every class by reference, and which change came when."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deploy.sandbox.pool.state.accounts import Lives
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.sandbox.pool.state.storing import Store

Record: TypeAlias = dict[str, Any]
"""Field to value; integers are int and dates text, they get their wire form when they are read."""
CLASSES = ("session", "pool", "host", "SR", "PBD", "SM", "secret", "task", "VM", "VDI", "VBD")
VOLATILE = frozenset({"session"})
Operation = Literal["add", "mod", "del"]


@dataclass(frozen=True, slots=True)
class Change:
    generation: int
    cls: str
    operation: Operation
    ref: str
    born: int = 0
    """The generation that brought the object; 0 for those that were there at the start."""


def new_uuid() -> str:
    return str(uuid.uuid4())


@dataclass(slots=True)
class Objects:
    store: Store
    make_uuid: Callable[[], str] = new_uuid
    generation: int = 0
    tables: dict[str, dict[str, Record]] = field(default_factory=dict)
    changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    """The last change of each object, in the order of their generations."""
    lives: Lives = field(default_factory=Lives)
    _waiters: set[asyncio.Future[None]] = field(default_factory=set)

    def load(self) -> None:
        for cls in CLASSES:
            self.tables[cls] = {} if cls in VOLATILE else self.store.load(cls)
        self.generation = self.store.load("generation").get("last", 0)

    def add(self, cls: str, record: Record) -> str:
        """Store a record, given a uuid and a reference where it has none; returns the reference."""
        record = {**record, "uuid": record.get("uuid") or self.make_uuid()}
        ref = f"OpaqueRef:{self.make_uuid()}"
        self._write(cls, ref, record, "add")
        self.lives.begin(cls, ref)
        return ref

    def get(self, cls: str, ref: str) -> Record:
        """The record; HANDLE_INVALID where there is none."""
        try:
            return self.tables[cls][ref]
        except KeyError:
            code = "HANDLE_INVALID"
            raise ApiFailureError(code, cls, ref) from None

    def find(self, cls: str, uuid_text: str) -> str | None:
        return next((ref for ref, record in self.tables[cls].items() if record["uuid"] == uuid_text), None)

    def set(self, cls: str, ref: str, **fields: object) -> None:
        self._write(cls, ref, {**self.get(cls, ref), **fields}, "mod")

    def remove(self, cls: str, ref: str) -> Record:
        record = self.get(cls, ref)
        del self.tables[cls][ref]
        if cls not in VOLATILE:
            self.store.drop(cls, ref)
        self.lives.end(cls, ref)
        self._changed(cls, ref, "del")
        return record

    def since(self, generation: int) -> list[Change]:
        """The last change of each object that changed; what was born since then is an `add`."""
        found = [change for change in self.changes.values() if change.generation > generation]
        return [_as_seen(change, generation) for change in found]

    async def changed(self, seconds: float) -> None:
        """Wait for the next change, at most so long."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return
        finally:
            self._waiters.discard(waiter)

    def _write(self, cls: str, ref: str, record: Record, operation: Operation) -> None:
        self.tables[cls][ref] = record
        if cls not in VOLATILE:
            self.store.put(cls, ref, record)
        self._changed(cls, ref, operation)

    def _changed(self, cls: str, ref: str, operation: Operation) -> None:
        if cls in VOLATILE:
            return
        self.generation += 1
        self.store.put("generation", "last", self.generation)
        before = self.changes.pop((cls, ref), None)
        born = self.generation if operation == "add" else (before.born if before else 0)
        self.changes[cls, ref] = Change(self.generation, cls, operation, ref, born)
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


def _as_seen(change: Change, generation: int) -> Change:
    if change.operation == "del":
        return change
    return replace(change, operation="add" if change.born > generation else "mod")
