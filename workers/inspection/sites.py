"""Storage that is named by keys alone: a device or folder of one host, or what a driver of its own leads to.

Whether it may be used, who uses it, and which SRs are on it. All of it is asked for the plan, and again for the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.request.devices import is_by_id, scsi_ids
from bot.request.found import HostSight, Usage
from bot.request.grammar import AddLocal, render
from bot.request.grammar.rendering import full_line
from bot.request.model import Kind
from bot.request.plan import Plan
from bot.request.reach import Given, reach_of
from bot.request.spelling import one_spelling
from bot.settings import Settings, allowed, path_allowed
from workers.inspection.planning import may_be_attached
from workers.inspection.supported import supported_types
from workers.troubles import CannotDoError
from workers.usage import Others, Used
from workers.xen.probes.files import FileProber
from workers.xen.records import Contents, Host, Hosts, Pbd
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting

DEVICE: Final = "device"
_ON_DEVICES: Final = ("lvm", "ext", "largeblock")
"""The types whose probes tell SRs on a device; that of ext sees those of xfs too (XCP-ng: XFSSR.py)."""

_PLACES: Final = ("device", "location", "server", "serverpath", "masterhost", "rootpath", "group-name")


@dataclass(frozen=True, slots=True)
class Seen:
    """An SR on storage: the types whose probes found it, and its size in bytes where one told that."""

    types: tuple[str, ...]
    size: int | None


def refuse_out_of_bounds(settings: Settings, config: Given) -> None:
    """Raise CannotDoError where a key leads to an address or a local path that is not allowed."""
    config = tuple(config)
    refuse_places(settings, config)
    device = dict(config).get(DEVICE)
    if device is not None and not is_by_id(device):
        raise CannotDoError("device_not_by_id", path=device)


def refuse_places(settings: Settings, config: Given) -> None:
    """Raise CannotDoError as `refuse_out_of_bounds`, whatever a device is called."""
    reach = reach_of(config)
    for address in reach.addresses:
        if not allowed(settings.targets, address):
            raise CannotDoError("address_not_allowed", address=address)
    for path in reach.paths:
        if not path_allowed(settings.local_paths, path):
            raise CannotDoError("path_not_allowed", path=path)


def host_named(hosts: Hosts, wanted: str) -> Host:
    """Give the host of this UUID or name, that takes part in the pool; raises CannotDoError."""
    found = [host for host in hosts.all if wanted == host.uuid] or [host for host in hosts.all if wanted == host.name]
    if len(found) != 1:
        raise CannotDoError("host_unknown", host=wanted)
    if not found[0].enabled:
        raise CannotDoError("host_disabled", host=found[0].name)
    return found[0]


def sights_of(host: Host | None) -> tuple[HostSight, ...]:
    """Say in a plan which host has what only one of them has."""
    return () if host is None else (HostSight(host.name, "", host.multipathing, sees=True, uuid=host.uuid),)


def host_of(plan: Plan, hosts: Hosts) -> Host:
    """Give the host that has a plan's storage, of shared storage the master; raises CannotDoError."""
    return host_named(hosts, plan.host) if plan.host else hosts.master


def is_on_device(plan: Plan) -> bool:
    """Say whether a plan is about a device, which other pools may see too."""
    return DEVICE in dict(plan.config)


def taken_by(plan: Plan, hosts: Hosts, used: Used, pools: Mapping[str, Contents]) -> Usage | None:
    """Give the SR that is on a plan's storage already, as far as the pools say: `pools` by name, its own too.

    That which the plan attaches is none, where it is known to the plan's own pool alone and no host has it attached.
    """
    found = [*_on_the_device(plan, used, pools), *_at_the_place(plan, hosts, pools[plan.pool])]
    held = plan.held.uuid if plan.held else ""
    return next(
        (one for one in found if one.sr_uuid != held or not may_be_attached(plan.purpose, one, plan.pool)), None
    )


def known_pools(own: str, contents: Contents, others: Others) -> dict[str, Contents]:
    """Give what the pools hold that answered."""
    return {own: contents, **{name: one for name, one in others.items() if one is not None}}


def _on_the_device(plan: Plan, used: Used, pools: Mapping[str, Contents]) -> Iterable[Usage]:
    """A disk has several names in dom0, and more than one host may see it."""
    if not is_on_device(plan):
        return
    wanted = scsi_ids(dict(plan.config)[DEVICE])
    for scsi_id in sorted(wanted):
        yield from used.by(scsi_id)
    for pool, contents in pools.items():
        named = [pbd for pbd in contents.pbds if wanted & scsi_ids(pbd.device_config.get(DEVICE, "/"))]
        yield from (_usage(pool, contents, pbd) for pbd in named)


def _at_the_place(plan: Plan, hosts: Hosts, contents: Contents) -> Iterable[Usage]:
    """The same folder or server and path, on the same host where it is that of one."""
    wanted = place_of(dict(plan.config))
    here = host_of(plan, hosts).ref if plan.host else None
    for pbd in contents.pbds:
        if (here is None or pbd.host == here) and place_of(pbd.device_config) == wanted:
            yield _usage(plan.pool, contents, pbd)


def place_of(config: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Give the keys that say where storage is; a config that names no place is one as a whole."""
    named = {key: one_spelling(key, value) for key, value in config.items() if key in _PLACES}
    return frozenset((named or config).items())


def _usage(pool: str, contents: Contents, pbd: Pbd) -> Usage:
    sr = next((sr for sr in contents.srs if sr.ref == pbd.sr), None)
    return Usage(pool, sr.uuid if sr else "", sr.name if sr else "", pbd.attached)


def refuse_taken(usage: Usage | None) -> None:
    """Raise CannotDoError for storage that an SR is on already."""
    if usage is not None:
        raise CannotDoError("place_taken", sr_name=usage.sr_name, sr_uuid=usage.sr_uuid, pool=usage.pool)


def srs_on(session: PoolSession, waiting: Waiting, plan: Plan, host: Host) -> tuple[str, ...]:
    """Give the UUIDs of the SRs that are on a plan's storage, as its host sees them.

    Raises XenError and CannotDoError where that can't be read. A plan that says that nobody could look gives none.
    """
    return tuple(sorted(found_on(session, waiting, plan, host)))


def found_on(session: PoolSession, waiting: Waiting, plan: Plan, host: Host) -> dict[str, Seen]:
    """Give what a host sees on a plan's storage, by the UUIDs of the SRs. Raises as `srs_on`."""
    found: dict[str, Seen] = {}
    for sr_type in _looks(session, plan) if plan.looked else ():
        reading = FileProber(session, waiting, host.ref, sr_type, dict(plan.config)).look().srs
        if not reading.complete:
            raise CannotDoError("storage_unreadable")
        for one in reading.items:
            before = found.get(one.uuid, Seen((), None))
            found[one.uuid] = Seen((*before.types, sr_type), one.size if before.size is None else before.size)
    return found


def _looks(session: PoolSession, plan: Plan) -> tuple[str, ...]:
    """A device is looked at as every type of SR that can be on one; and as the one that is wanted."""
    if not is_on_device(plan):
        return (plan.sr_type,)
    types = supported_types(session)
    return tuple(sr_type for sr_type in dict.fromkeys((*_ON_DEVICES, plan.sr_type)) if sr_type in types)


def refuse_held(uuids: tuple[str, ...], plan: Plan) -> None:
    """Raise CannotDoError for storage with an SR on it: nothing is made over that. Says how to attach it instead."""
    if uuids:
        typed = _to_attach(plan) if len(uuids) == 1 and is_on_device(plan) and plan.host else ""
        raise CannotDoError("storage_holds_sr", sr_uuid=", ".join(uuids), typed=typed)


def _to_attach(plan: Plan) -> str:
    host = next((sight.host for sight in plan.hosts), plan.host)
    return full_line(render(AddLocal(Kind.LOCAL, host, dict(plan.config)[DEVICE], "", plan.pool, attach=True)))
