"""The whole pool in memory: its objects, the hosts' conditions, the arrays and what is on every LUN."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.storage.arrays import Array, Content, Lun, array_from_json
from deploy.sandbox.pool.storage.disks.disk import Disk, disk_from_json
from deploy.sandbox.pool.storage.files.servers import Cluster, NfsServer, SmbServer, nfs_from_json, smb_from_json
from deploy.sandbox.pool.storage.vdis import StoredVdi, stored_from_json
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.sandbox.pool.faults import Faults
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.network.settings import Network
    from deploy.sandbox.pool.scenario.shape import Role
    from deploy.sandbox.pool.state.accounts import Calls
    from deploy.sandbox.pool.state.objects import Objects, Record
    from deploy.sandbox.pool.state.passwords import Hidden, PasswordFiles
    from deploy.sandbox.pool.state.storing import Store
    from deploy.sandbox.pool.storage.disks.disk import Adapter
    from deploy.sandbox.pool.storage.disks.volumes import Medium


UPGRADING = "rolling_upgrade_in_progress"
"""The key of the pool's other_config. Source: xapi: xapi_globs.ml."""
CONTROL = "control"
"""The originator of what was done to the storage from outside."""


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
    mount: float = 1.0
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
    pool: str = ""
    """The name of the pool that did it."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """An SR was plugged or overwritten while another pool had it plugged, which XenServer doesn't notice."""

    at: float
    scsi_id: str
    sr_uuid: str
    method: str
    host: str
    """The host's name; empty where the LUN was overwritten."""


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
    maps: frozenset[str] = frozenset()
    """SCSIids on which the host has a multipath map that no SR of its own made."""
    mounts: frozenset[str] = frozenset()
    """UUIDs of SRs at whose mount points something is mounted that no PBD knows of."""
    daemon_iqn: str = ""
    """The name that its iSCSI daemon goes by; empty before its first discovery."""
    contacts: Counter[str] = field(default_factory=Counter)
    """How often it came through to which portal (`address:port`)."""
    logins: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many sessions it began at which portal and target."""
    sessions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By PBD, the portals to which it keeps a session."""


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
    nfs: dict[str, NfsServer] = field(default_factory=dict)
    smb: dict[str, SmbServer] = field(default_factory=dict)
    disks: dict[str, Disk] = field(default_factory=dict)
    """By SCSIid."""
    adapters: tuple[Adapter, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    iso_folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Folders in dom0, on every host, and the names of the disk images in them."""
    zfs_folders: tuple[str, ...] = ()
    """Folders in dom0, on every host, that ZFS is mounted on."""
    folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By export or share, the UUIDs of the SRs in it, where these are others than at the start."""
    assumed: set[str] = field(default_factory=set)
    """UUIDs of SRs from the start whose storage nobody has described; it is taken to be there."""
    smb_licensed: bool = False
    network: Network | None = None
    """How real storage is looked at, where the storage isn't simulated."""
    contents: dict[str, Content] = field(default_factory=dict)
    overwrites: list[Overwrite] = field(default_factory=list)
    corruptions: list[Corruption] = field(default_factory=list)
    neighbours: list[Model] = field(default_factory=list)
    """Other pools on the same storage network."""
    stored: dict[str, tuple[StoredVdi, ...]] = field(default_factory=dict)
    """By the UUID of an SR, the virtual disks that lie on its storage, whether a pool knows it or not."""
    conditions: dict[str, Condition] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    def load(self) -> None:
        """Everything that the store holds; sessions are gone, as after a restart of xapi."""
        self.objects.load()
        self.arrays = {name: array_from_json(body) for name, body in self.store.load("array").items()}
        self.nfs = {name: nfs_from_json(body) for name, body in self.store.load("nfs").items()}
        self.smb = {name: smb_from_json(body) for name, body in self.store.load("smb").items()}
        self.disks = {name: disk_from_json(body) for name, body in self.store.load("disk").items()}
        self.folders = {name: tuple(uuids) for name, uuids in self.store.load("folder").items()}
        self.assumed = set(self.store.load("assumed"))
        self.contents = {key: Content(**body) for key, body in self.store.load("content").items()}
        self.overwrites = [_overwrite(body) for body in self.store.load("overwrite").values()]
        self.stored = {uuid: stored_from_json(vdis) for uuid, vdis in self.store.load("stored").items()}
        self.names = self.store.load("name")
        self.conditions = {ref: Condition() for ref in self.objects.tables["host"]}

    def now(self) -> str:
        return time.strftime("%Y%m%dT%H:%M:%SZ", time.gmtime(self.clock()))

    def pool(self) -> tuple[str, Record]:
        return next(iter(self.objects.tables["pool"].items()))

    def upgrading(self) -> bool:
        """Whether a rolling upgrade is under way."""
        return UPGRADING in self.pool()[1].get("other_config", {})

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

    def put_nfs(self, server: NfsServer) -> None:
        self.nfs[server.name] = server
        self.store.put("nfs", server.name, asdict(server))

    def put_smb(self, server: SmbServer) -> None:
        self.smb[server.name] = server
        self.store.put("smb", server.name, asdict(server))

    def put_disk(self, disk: Disk) -> None:
        self.disks[disk.scsi_id] = disk
        self.store.put("disk", disk.scsi_id, asdict(disk))

    def put_folders(self, where: str, uuids: tuple[str, ...]) -> None:
        """Which SRs lie in an export or a share from now on."""
        self.folders[where] = uuids
        self.store.put("folder", where, uuids)

    def put_stored(self, sr_uuid: str, vdis: tuple[StoredVdi, ...]) -> None:
        """What lies on the storage of an SR from now on."""
        self.stored[sr_uuid] = vdis
        self.store.put("stored", sr_uuid, [asdict(vdi) for vdi in vdis])

    def assume(self, uuid: str) -> None:
        self.assumed.add(uuid)
        self.store.put("assumed", uuid, True)  # noqa: FBT003 - a document

    def put_name(self, name: str, address: str) -> None:
        self.names[name] = address
        self.store.put("name", name, address)

    def content(self, lun: Medium) -> Content:
        return self.contents.get(lun.scsi_id, lun.content)

    def blank(self, lun: Medium, method: str, originator: str) -> None:
        self.overwrite(lun, Content(), method, originator)

    def overwrite(self, lun: Medium, after: Content, method: str, originator: str) -> None:
        before, name = self.content(lun), self.pool()[1]["name_label"]
        if originator != CONTROL:
            self._note_corruption(lun, method, "")
        entry = Overwrite(self.clock(), lun.scsi_id, before, after, method, originator, name)
        self.contents[lun.scsi_id] = after
        self.store.put("content", lun.scsi_id, asdict(after))
        self.overwrites.append(entry)
        self.store.put("overwrite", f"{len(self.overwrites):08d}", asdict(entry))

    def rename_content(self, lun: Medium, scsi_id: str) -> None:
        """What was written on the LUN stays with the disk when that gets another SCSIid."""
        content = self.contents.pop(lun.scsi_id, None)
        if content is not None:
            self.store.drop("content", lun.scsi_id)
            self.contents[scsi_id] = content
            self.store.put("content", scsi_id, asdict(content))

    def entitle(self, sr_uuid: str, name: str, description: str) -> None:
        """The SR's own record of its name, on its LUN; nothing else there changes."""
        for scsi_id, content in self.written().items():
            if content.sr_uuid == sr_uuid:
                self.contents[scsi_id] = replace(content, sr_name=name, sr_description=description)
                self.store.put("content", scsi_id, asdict(self.contents[scsi_id]))

    def note_attached(self, lun: Medium, host: str) -> None:
        """A host of this pool plugs the SR on this LUN."""
        self._note_corruption(lun, "PBD.plug", self.objects.get("host", host)["name_label"])

    def holds(self, scsi_id: str) -> bool:
        """Whether a PBD of this pool has the LUN plugged."""
        pbds = list(self.objects.tables["PBD"].values())
        return any(pbd["currently_attached"] and pbd["device_config"].get("SCSIid") == scsi_id for pbd in pbds)

    def _note_corruption(self, lun: Medium, method: str, host: str) -> None:
        content = self.content(lun)
        if content.attached_elsewhere or any(pool.holds(lun.scsi_id) for pool in self.neighbours):
            self.corruptions.append(Corruption(self.clock(), lun.scsi_id, content.sr_uuid, method, host))

    def luns(self) -> Iterator[Lun]:
        return (lun for array in self.arrays.values() for target in array.targets for lun in target.luns)

    def media(self) -> Iterator[Medium]:
        """Everything that an SR can be on."""
        yield from self.luns()
        yield from self.disks.values()

    def written(self) -> dict[str, Content]:
        """What is on every medium that is not blank, by SCSIid."""
        luns = {lun.scsi_id: lun.content for array in self.arrays.values() for lun in array.written}
        contents = luns | {disk.scsi_id: disk.content for disk in self.disks.values()} | self.contents
        return {scsi_id: content for scsi_id, content in contents.items() if content.kind != "blank"}

    def pbds_of(self, *, sr: str = "", host: str = "") -> dict[str, Record]:
        pbds = self.objects.tables["PBD"].items()
        return {ref: pbd for ref, pbd in pbds if sr in {"", pbd["SR"]} and host in {"", pbd["host"]}}


def _overwrite(body: dict[str, Any]) -> Overwrite:
    return Overwrite(**{**body, "before": Content(**body["before"]), "after": Content(**body["after"])})
