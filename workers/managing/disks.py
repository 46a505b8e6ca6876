"""What an SR holds: its virtual disks, and which VMs they belong to."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any, Final

from bot.request.found import Disk, Losses
from workers.xen.records import Sr
from workers.xen.session import PoolSession

SUSPENDED: Final = 'field "power_state" = "Suspended"'
"""VMs whose memory is on a disk, snapshots with memory too (XenAPI: VM.suspend_VDI)."""

LISTED: Final = 30
"""Disks that a plan names; the others are counted."""


def read_losses(session: PoolSession, sr: Sr) -> Losses:
    """Read what would go with an SR. Raises XenError."""
    return summed_up(read_disks(session, sr).values())


def read_disks(session: PoolSession, sr: Sr) -> dict[str, Disk]:
    """Read all disks of an SR by reference: three calls, and one for each VM that has some. Raises XenError.

    What is not managed is the common parent of a disk and its snapshot, and goes with them.
    """
    vdis: Mapping[str, Any] = session.call("VDI.get_all_records_where", f'field "SR" = "{sr.ref}"')
    owners = _owners(session, vdis)
    memories = _memories(session, vdis)
    return {ref: _disk(record, owners[ref], memories.get(ref, ())) for ref, record in vdis.items() if record["managed"]}


def summed_up(disks: Iterable[Disk]) -> Losses:
    """Put first what is in use, then the memory of VMs, then what belongs to one, then by name."""
    found = sorted(disks, key=lambda disk: (not disk.attached, not disk.memory_of, not disk.vms, disk.name, disk.uuid))
    seen = repr(sorted(astuple(disk) for disk in found)).encode()
    return Losses(
        count=len(found),
        size=sum(disk.size for disk in found),
        disks=tuple(found[:LISTED]),
        fingerprint=hashlib.sha256(seen).hexdigest() if found else "",
        uuids=tuple(disk.uuid for disk in found),
    )


def _memories(session: PoolSession, vdis: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """Give the names of the VMs whose memory is on a disk, by the disk's reference; no VBD leads there."""
    if not vdis:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for record in session.call("VM.get_all_records_where", SUSPENDED).values():
        if record["suspend_VDI"] in vdis:
            found[record["suspend_VDI"]].add(record["name_label"])
    return {ref: tuple(sorted(names)) for ref, names in found.items()}


def _disk(record: Mapping[str, Any], owners: list[tuple[str, bool]], memory_of: tuple[str, ...]) -> Disk:
    vms = tuple(sorted({name for name, _ in owners}))
    attached = any(open_now for _, open_now in owners)
    return Disk(record["uuid"], record["name_label"], int(record["virtual_size"]), vms, attached, memory_of)


def _owners(session: PoolSession, vdis: Mapping[str, Any]) -> Mapping[str, list[tuple[str, bool]]]:
    """Give the names of the VMs of each disk, and whether it is open there."""
    owners: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    if not vdis:
        return owners
    names: dict[str, str] = {}
    for vbd in session.call("VBD.get_all_records").values():
        if vbd["VDI"] not in vdis:
            continue
        if vbd["VM"] not in names:
            names[vbd["VM"]] = session.call("VM.get_name_label", vbd["VM"])
        owners[vbd["VDI"]].append((names[vbd["VM"]], vbd["currently_attached"]))
    return owners
