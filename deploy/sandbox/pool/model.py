"""The whole pool in memory: its objects, the hosts' conditions, the arrays and what is on every LUN."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.storage.arrays import Array, Content, Lun, array_from_json
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.sandbox.pool.faults import Calls, Faults
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.scenario.shape import Role
    from deploy.sandbox.pool.state.objects import Objects, Record
    from deploy.sandbox.pool.state.passwords import Hidden, PasswordFiles
    from deploy.sandbox.pool.state.storing import Store


@dataclass(slots=True)
class Delays:
    """How long the storage manager takes, in seconds; `factor` scales all of it.

    Source: the waits in sm: BaseISCSI.py, and one run of the real drivers (1.6 s, 10.4 s, 9.7 s for the three probes).
    """

    factor: float = 1.0
    discovery: float = 2.0
    login: float = 4.0
    create: float = 4.5
    plug: float = 1.5
    scan: float = 0.5
    unreachable: float = 5.0
    refused_login: float = 5.0
    """xapi lets a wrong password wait."""

    async def spend(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.factor)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A LUN's content was replaced."""

    at: float
    scsi_id: str
    before: Content
    after: Content
    method: str
    originator: str


@dataclass(slots=True)
class Condition:
    """How a host is doing; not part of the pool's database."""

    up: bool = True
    listening: bool = True
    """Whether its address could be bound on this machine."""
    answers: tuple[str, ...] = ()
    """An ErrorDescription that every call to it gets, such as HOST_STILL_BOOTING."""
    probing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Probes of one host wait for each other: xapi holds a mutex."""


@dataclass(slots=True)
class Model:
    flavour: Flavour
    store: Store
    objects: Objects
    files: PasswordFiles
    faults: Faults
    calls: Calls
    delays: Delays = field(default_factory=Delays)
    users: dict[str, tuple[Role, Hidden]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, Array] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    overwrites: list[Overwrite] = field(default_factory=list)
    conditions: dict[str, Condition] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    def load(self) -> None:
        """Everything that the store holds; sessions are gone, as after a restart of xapi."""
        self.objects.load()
        self.arrays = {name: array_from_json(body) for name, body in self.store.load("array").items()}
        self.contents = {key: Content(**body) for key, body in self.store.load("content").items()}
        self.overwrites = [_overwrite(body) for body in self.store.load("overwrite").values()]
        self.names = self.store.load("name")
        self.conditions = {ref: Condition() for ref in self.objects.tables["host"]}

    def now(self) -> str:
        return time.strftime("%Y%m%dT%H:%M:%SZ", time.gmtime(self.clock()))

    def pool(self) -> tuple[str, Record]:
        return next(iter(self.objects.tables["pool"].items()))

    def master(self) -> str:
        master: str = self.pool()[1]["master"]
        return master

    def host_at(self, address: str) -> str:
        hosts = self.objects.tables["host"]
        return next(ref for ref, record in hosts.items() if record["address"] == address)

    def host_named(self, name: str) -> str:
        hosts = self.objects.tables["host"]
        found = next((ref for ref, record in hosts.items() if record["name_label"] == name), None)
        if found is None:
            code = "HANDLE_INVALID"
            raise ApiFailureError(code, "host", name)
        return found

    def initiator(self, host: str) -> str:
        """The host's IQN; it stands in other_config in every release."""
        iqn: str = self.objects.get("host", host)["other_config"].get("iscsi_iqn", "")
        return iqn

    def put_array(self, array: Array) -> None:
        self.arrays[array.name] = array
        self.store.put("array", array.name, asdict(array))

    def put_name(self, name: str, address: str) -> None:
        self.names[name] = address
        self.store.put("name", name, address)

    def content(self, lun: Lun) -> Content:
        return self.contents.get(lun.scsi_id, lun.content)

    def overwrite(self, lun: Lun, after: Content, method: str, originator: str) -> None:
        entry = Overwrite(self.clock(), lun.scsi_id, self.content(lun), after, method, originator)
        self.contents[lun.scsi_id] = after
        self.store.put("content", lun.scsi_id, asdict(after))
        self.overwrites.append(entry)
        self.store.put("overwrite", f"{len(self.overwrites):08d}", asdict(entry))

    def luns(self) -> Iterator[Lun]:
        return (lun for array in self.arrays.values() for target in array.targets for lun in target.luns)

    def pbds_of(self, *, sr: str = "", host: str = "") -> dict[str, Record]:
        pbds = self.objects.tables["PBD"].items()
        return {ref: pbd for ref, pbd in pbds if sr in {"", pbd["SR"]} and host in {"", pbd["host"]}}


def _overwrite(body: dict[str, Any]) -> Overwrite:
    return Overwrite(**{**body, "before": Content(**body["before"]), "after": Content(**body["after"])})
