"""What a pool holds: its hosts, SRs and PBDs, each class read in one call and kept to what we need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.request.plan import Service
from workers.xen.errors import BadAnswerError
from workers.xen.session import PoolSession


@dataclass(frozen=True, slots=True)
class Host:
    """`name` is the host's own in the pool, `enabled`: not in maintenance."""

    ref: str
    uuid: str
    name: str
    iqn: str
    multipathing: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Sr:
    """Sizes in bytes; None where xapi does not know them (-1). `virtual` is what its `disks` may grow to."""

    ref: str
    uuid: str
    name: str
    description: str
    type: str
    content_type: str
    size: int | None
    used: int | None
    other_config: Mapping[str, str]
    sm_config: Mapping[str, str]
    shared: bool = True
    is_tools: bool = False
    virtual: int | None = None
    disks: int = 0


@dataclass(frozen=True, slots=True)
class Pbd:
    ref: str
    host: str
    sr: str
    attached: bool
    device_config: Mapping[str, str]
    other_config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """The SRs of a pool with their PBDs."""

    srs: tuple[Sr, ...]
    pbds: tuple[Pbd, ...]

    def pbds_of(self, sr: Sr) -> tuple[Pbd, ...]:
        return tuple(pbd for pbd in self.pbds if pbd.sr == sr.ref)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of a pool, by name, and which of them is the master."""

    all: tuple[Host, ...]
    master: Host

    def only(self, uuid: str) -> Hosts:
        """Leave out all hosts but one; an empty UUID leaves out none."""
        return Hosts(tuple(host for host in self.all if uuid in {"", host.uuid}), self.master)

    def name_of(self, ref: str) -> str:
        """Give the name of a host; empty for one that is not in the pool any more."""
        return next((host.name for host in self.all if host.ref == ref), "")


def concerned(hosts: Iterable[Host], sr: Sr, pbds: Iterable[Pbd]) -> tuple[Host, ...]:
    """Give the hosts that an SR is for: all where it is shared, else those that have one of its PBDs."""
    having = {pbd.host for pbd in pbds}
    return tuple(host for host in hosts if sr.shared or host.ref in having)


def read_master(session: PoolSession) -> str:
    """Give the reference of the pool's master: one call."""
    pools = _records(session, "pool")
    for record in pools.values():
        return str(record["master"])
    raise BadAnswerError(session.host, "has no pool")


def read_services(session: PoolSession, sr: str) -> tuple[Service, ...]:
    """Read what the pool uses an SR for by itself: one call."""
    pool: Mapping[str, Any] = next(iter(_records(session, "pool").values()), {})
    return tuple(service for field, service in _SERVICES.items() if str(pool.get(field)) == sr)


_SERVICES: Final[Mapping[str, Service]] = {
    "default_SR": Service.NEW_DISKS,
    "suspend_image_SR": Service.SUSPENDED_VMS,
    "crash_dump_SR": Service.CRASH_DUMPS,
}


def read_default_sr(session: PoolSession) -> str:
    """Give the reference of the pool's default SR: one call."""
    return next((str(record["default_SR"]) for record in _records(session, "pool").values()), "")


def read_hosts(session: PoolSession, master: str | None = None) -> Hosts:
    """Read the pool's hosts: two calls, or one where the master's reference is known."""
    master = master or read_master(session)
    hosts = read_all_hosts(session)
    found = next((host for host in hosts if host.ref == master), None)
    if found is None:
        raise BadAnswerError(session.host, "has no master")
    return Hosts(hosts, found)


def read_all_hosts(session: PoolSession) -> tuple[Host, ...]:
    """Read the pool's hosts, sorted by name: one call. Where several have the same, the UUID tells them apart."""
    records = _records(session, "host")
    names = Counter(record["name_label"] for record in records.values())
    hosts = [_host(ref, record, unique=names[record["name_label"]] == 1) for ref, record in records.items()]
    return tuple(sorted(hosts, key=lambda host: (host.name, host.uuid)))


def read_contents(session: PoolSession) -> Contents:
    """Read all SRs and PBDs: two calls."""
    srs = tuple(_sr(ref, record) for ref, record in _records(session, "SR").items())
    pbds = tuple(_pbd(ref, record) for ref, record in _records(session, "PBD").items())
    return Contents(srs, pbds)


def _records(session: PoolSession, of: str) -> dict[str, Any]:
    records = session.call(f"{of}.get_all_records")
    if not isinstance(records, dict):
        raise BadAnswerError(session.host, f"{of}.get_all_records")
    return records


def _host(ref: str, record: Mapping[str, Any], *, unique: bool) -> Host:
    # Both fields came with 7.5; other_config has them in every release (xapi: xapi_host.ml, set_iscsi_iqn).
    other = record["other_config"]
    iqn = record.get("iscsi_iqn") or other.get("iscsi_iqn", "")
    multipathing = record.get("multipathing", False) or other.get("multipathing") == "true"
    uuid, name = record["uuid"], record["name_label"]
    return Host(ref, uuid, name if unique else f"{name} ({uuid})", iqn, multipathing, record["enabled"])


def _sr(ref: str, record: Mapping[str, Any]) -> Sr:
    return Sr(
        ref=ref,
        uuid=record["uuid"],
        name=record["name_label"],
        description=record["name_description"],
        type=record["type"],
        content_type=record["content_type"],
        size=_bytes(record["physical_size"]),
        used=_bytes(record["physical_utilisation"]),
        other_config=record["other_config"],
        sm_config=record["sm_config"],
        shared=record["shared"],
        is_tools=record.get("is_tools_sr", False),  # came with 7.0 (xapi: datamodel.ml)
        virtual=_bytes(record["virtual_allocation"]),
        disks=len(record["VDIs"]),
    )


def _bytes(text: str) -> int | None:
    number = int(text)
    return number if number >= 0 else None


def _pbd(ref: str, record: Mapping[str, Any]) -> Pbd:
    attached, config = record["currently_attached"], record["device_config"]
    return Pbd(ref, record["host"], record["SR"], attached, config, record["other_config"])
