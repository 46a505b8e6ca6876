"""The XML that the storage manager prints, laid out as Python's minidom lays it out in dom0.

Compact layout: one element a line. Padded (Python 2.4, XenServer 6.x): every text on a line of its own. What goes to
stderr (targets, LUNs, exports) has one newline more than what is returned. Source: sm: BaseISCSI.py, LVHDoISCSISR.py,
lvutil.py, nfs.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from deploy.sandbox.pool.storage.arrays import ISCSI_PORT

_HEAD = '<?xml version="1.0" ?>\n'
_MEGABYTES_4 = 4 * 1024 * 1024
_LVM_METADATA = 3 * _MEGABYTES_4


@dataclass(frozen=True, slots=True)
class TargetRow:
    address: str
    """As discovery reports it: IPv6 in brackets; in the last row the text that was typed."""
    port: int
    iqn: str


@dataclass(frozen=True, slots=True)
class LunRow:
    lun_id: int
    scsi_id: str
    size: int
    vendor: str
    serial: str


@dataclass(frozen=True, slots=True)
class SrRow:
    uuid: str
    device: str
    size: int
    name: tuple[str, str, bool] | None = None
    """Label, description and whether pool metadata was found, where metadata was asked for."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    server: str
    """As it was typed."""
    path: str
    access: str


@dataclass(frozen=True, slots=True)
class Layout:
    padded: bool

    def leaf(self, name: str, text: str, depth: int = 2) -> str:
        """An element with a text, so many tabs deep."""
        tabs = "\t" * depth
        if self.padded:
            return f"{tabs}<{name}>\n{tabs}\t{escape(text)}\n{tabs}</{name}>\n"
        return f"{tabs}<{name}>{escape(text)}</{name}>\n"

    def entry(self, name: str, leaves: list[tuple[str, str]]) -> str:
        """An element with those of the leaves that have a text."""
        inner = "".join(self.leaf(leaf, text) for leaf, text in leaves if text)
        return f"\t<{name}>\n{inner}\t</{name}>\n" if inner else f"\t<{name}/>\n"

    def document(self, root: str, entries: list[str]) -> str:
        if not entries:
            return f"{_HEAD}<{root}/>\n"
        return f"{_HEAD}<{root}>\n{''.join(entries)}</{root}>\n"


def targets(layout: Layout, rows: list[TargetRow], typed: str) -> str:
    """The answer of a discovery; the last row is `*` with the address as it was typed."""
    numbered = enumerate([*rows, TargetRow(typed, ISCSI_PORT, "*")])
    return layout.document("iscsi-target-iqns", [_target(layout, at, row) for at, row in numbered]) + "\n"


def luns(layout: Layout, rows: list[LunRow]) -> str:
    return layout.document("iscsi-target", [_lun(layout, row) for row in rows]) + "\n"


def srs(layout: Layout, rows: list[SrRow]) -> str:
    return layout.document("SRlist", [_sr(layout, row) for row in rows])


def srs_in_folders(layout: Layout, uuids: list[str], versions: tuple[str, ...] | None = None) -> str:
    """SRs on a file server, where the folders' names are all that is known; with the NFS versions if asked for."""
    entries = [layout.entry("SR", [("UUID", uuid)]) for uuid in uuids]
    if versions is not None:
        entries.append(layout.entry("SupportedVersions", [("Version", version) for version in versions]))
    return layout.document("SRlist", entries)


def exports(layout: Layout, rows: list[ExportRow]) -> str:
    """What showmount lists, with the empty line that print adds."""
    leaves = [[("Target", row.server), ("Path", row.path), ("Accesslist", row.access)] for row in rows]
    return layout.document("nfs-exports", [layout.entry("Export", one) for one in leaves]) + "\n"


def volume_group_size(lun_size: int) -> int:
    """Bytes that LVM leaves of a LUN: whole extents of 4 MiB after its metadata."""
    return max(0, (lun_size - _LVM_METADATA) // _MEGABYTES_4 * _MEGABYTES_4)


def _target(layout: Layout, index: int, row: TargetRow) -> str:
    port = "" if row.port == ISCSI_PORT else str(row.port)
    leaves = [("Index", str(index)), ("IPAddress", row.address), ("Port", port), ("TargetIQN", row.iqn)]
    return layout.entry("TGT", leaves)


def _lun(layout: Layout, row: LunRow) -> str:
    size = str(row.size) if row.size else ""
    leaves = [("vendor", row.vendor), ("serial", row.serial), ("LUNid", str(row.lun_id))]
    return layout.entry("LUN", [*leaves, ("size", size), ("SCSIid", row.scsi_id)])


def _sr(layout: Layout, row: SrRow) -> str:
    leaves = [("UUID", row.uuid), ("Devlist", row.device), ("size", str(row.size))]
    if row.name is not None:
        label, description, metadata = row.name
        detected = "true" if metadata else "false"
        leaves += [("name_label", label), ("name_description", description)]
        leaves += [("pool_metadata_detected", detected)]
    return layout.entry("SR", leaves)
