"""The list of disks behind a host's adapters, as a probe that names no SCSIid prints it.

Disks that dom0 is on, and those whose SCSIid a PBD or an SR of the pool names, are left out. Source: sm: devscan.py,
util.py test_SCSIid; the appendix on probes in XenCert's guide (the layout of old releases).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage.documents import Layout

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.disks.disk import Adapter, Disk, Port

# Old releases list neither.
_YOUNGER = frozenset({"numpaths", "SCSIid"})


def devlist(model: Model, host: str) -> str:
    name = model.objects.get("host", host)["name_label"]
    disks = [disk for disk in model.disks.values() if _listed(model, disk, name)]
    adapters = [adapter for adapter in model.adapters if adapter.is_in(name)]
    return laid_out(Layout(model.flavour.padded_xml), disks, adapters, detailed=model.flavour.names_hba_ids)


def laid_out(layout: Layout, disks: list[Disk], adapters: list[Adapter], *, detailed: bool) -> str:
    """With the empty line that print adds; `detailed` is as today's releases tell it."""
    entries = [_disk(layout, disk, detailed=detailed) for disk in disks]
    entries += [_adapter(layout, adapter, detailed=detailed) for adapter in adapters]
    return layout.document("Devlist", entries) + "\n"


def _listed(model: Model, disk: Disk, host_name: str) -> bool:
    here = disk.bus == "hba" and disk.seen_by(host_name) and host_name not in disk.boots
    return here and not _used_by_the_pool(model, disk)


def _used_by_the_pool(model: Model, disk: Disk) -> bool:
    pbds = model.objects.tables["PBD"].values()
    srs = model.objects.tables["SR"].values()
    configs = [pbd["device_config"] for pbd in pbds] + [sr["sm_config"] for sr in srs]
    return any(config.get("SCSIid") == disk.scsi_id for config in configs)


def _disk(layout: Layout, disk: Disk, *, detailed: bool) -> str:
    others = "".join(f" [{name}]" for name in disk.names[1:])
    leaves = [
        ("path", disk.path + others),
        ("numpaths", str(len(disk.names))),
        ("SCSIid", disk.scsi_id),
        ("vendor", disk.vendor),
        ("serial", disk.serial),
        ("size", str(disk.size)),
        ("adapter", str(disk.adapter)),
        ("channel", str(disk.channel)),
        ("id", str(disk.id)),
        ("lun", str(disk.lun)),
        ("hba", disk.hba),
    ]
    inner = "".join(layout.leaf(name, text) for name, text in leaves if detailed or name not in _YOUNGER)
    return f"\t<BlockDevice>\n{inner}\t</BlockDevice>\n"


def _adapter(layout: Layout, adapter: Adapter, *, detailed: bool) -> str:
    number = adapter.name.removeprefix("host")
    leaves = [("host", adapter.name), ("name", adapter.driver), ("manufacturer", adapter.manufacturer), ("id", number)]
    inner = "".join(layout.leaf(name, text) for name, text in leaves)
    if adapter.port and detailed:
        inner += _port(layout, adapter.port)
    return f"\t<Adapter>\n{inner}\t</Adapter>\n"


def _port(layout: Layout, port: Port) -> str:
    leaves = [
        ("node_name", port.node_name),
        ("port_name", port.port_name),
        ("port_state", port.port_state),
        ("speed", port.speed),
        ("supported_speeds", port.supported_speeds),
    ]
    inner = "".join(layout.leaf(name, text, depth=3) for name, text in leaves if text)
    return f"\t\t<fc_host>\n{inner}\t\t</fc_host>\n"
