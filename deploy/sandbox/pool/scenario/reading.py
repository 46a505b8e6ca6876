"""A scenario from a TOML file: [pool], [names], [[hosts]], [[srs]], [[arrays]] with their targets and LUNs.

Also [[nfs]] and [[clusters]] with exports, [[smb]] with shares, [iso_files] with the images in folders of dom0,
 [[disks]] and [[adapters]]; vdis within [[srs]], [[vms]] with their
vbds, and [stored] with the disks on LUNs and shares of SRs that the pool doesn't know.

With `storage = "network"` in [pool] the storage is real, and none of it may be described; [network] says how it is
looked at, with the fields of `Network`.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.network.settings import Network, NetworkSettingsError, network_from
from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario, SrSpec, VbdSpec, VmSpec
from deploy.sandbox.pool.storage.arrays import array_from_json, with_tuples
from deploy.sandbox.pool.storage.disks.disk import adapter_from_json, disk_from_json
from deploy.sandbox.pool.storage.files.servers import cluster_from_json, nfs_from_json, smb_from_json
from deploy.sandbox.pool.storage.vdis import stored_from_json

if TYPE_CHECKING:
    from pathlib import Path

_SIMULATED, _REAL = "simulated", "network"
_DESCRIBED = ("names", "arrays", "nfs", "smb", "clusters", "iso_files", "disks", "adapters", "stored", "vms")
_ROOT_ONLY = {"root": "pool-admin"}


def read_scenario(path: Path) -> Scenario:
    """Keys are the fields of `Scenario` and of what it holds; an unknown one is a TypeError that names it."""
    body = tomllib.loads(path.read_text("utf-8"))
    return Scenario(
        pool=body["pool"]["name"],
        hosts=tuple(HostSpec(**host) for host in body["hosts"]),
        srs=tuple(_sr(sr) for sr in body.get("srs", ())),
        arrays=tuple(array_from_json(_with_portals(array)) for array in body.get("arrays", ())),
        names=dict(body.get("names", {})),
        users=tuple({**_ROOT_ONLY, **body.get("users", {})}.items()),
        nfs=tuple(nfs_from_json(server) for server in body.get("nfs", ())),
        smb=tuple(smb_from_json(server) for server in body.get("smb", ())),
        disks=tuple(disk_from_json(disk) for disk in body.get("disks", ())),
        adapters=tuple(adapter_from_json(adapter) for adapter in body.get("adapters", ())),
        vms=tuple(_vm(vm) for vm in body.get("vms", ())),
        stored=tuple((uuid, stored_from_json(vdis)) for uuid, vdis in body.get("stored", {}).items()),
        clusters=tuple(cluster_from_json(one) for one in body.get("clusters", ())),
        iso_folders={**dict.fromkeys(body["pool"].get("iso_folders", ()), ()), **_files(body)},
        zfs_folders=tuple(body["pool"].get("zfs_folders", ())),
        smb_licensed=body["pool"].get("smb_licensed", False),
        network=_network(body),
    )


def _files(body: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {path: tuple(names) for path, names in body.get("iso_files", {}).items()}


def _network(body: dict[str, Any]) -> Network | None:
    """NetworkSettingsError for settings that contradict each other, or that there aren't."""
    storage, given = body["pool"].get("storage", _SIMULATED), dict(body.get("network", {}))
    if storage not in {_SIMULATED, _REAL}:
        message = f'[pool] storage: {storage!r} is neither "{_SIMULATED}" nor "{_REAL}"'
        raise NetworkSettingsError(message)
    if storage == _SIMULATED and not given:
        return None
    described = [name for name in _DESCRIBED if body.get(name)]
    if storage == _SIMULATED or described:
        stray = "network" if storage == _SIMULATED else described[0]
        message = f'[{stray}] has nothing to say with storage = "{storage}"'
        raise NetworkSettingsError(message)
    return network_from(given)


def _sr(body: dict[str, Any]) -> SrSpec:
    vdis = stored_from_json(body.get("vdis", ()))
    return SrSpec(**with_tuples({**body, "vdis": vdis}, "hosts", "unplugged"))


def _vm(body: dict[str, Any]) -> VmSpec:
    return VmSpec(**{**body, "vbds": tuple(VbdSpec(**vbd) for vbd in body.get("vbds", ()))})


def _with_portals(array: dict[str, Any]) -> dict[str, Any]:
    """A portal may be given as its address alone."""
    portals = [portal if isinstance(portal, dict) else {"address": portal} for portal in array["portals"]]
    return {"targets": [], **array, "portals": portals}
