"""What the simulated storage manager prints, in every release, is read back as what there is."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.found import Lun, Portal, Target
from bot.storage import FoundSr, Reading, read_luns, read_srs, read_targets
from bot.storage.documents.devices import Device, read_devices
from bot.storage.documents.exports import Export as ExportRead
from bot.storage.documents.exports import read_exports
from deploy.sandbox.pool.flavours import FLAVOURS, Flavour
from deploy.sandbox.pool.storage.disks.devlist import laid_out
from deploy.sandbox.pool.storage.disks.disk import Adapter, Disk, Port
from deploy.sandbox.pool.storage.documents import (
    ExportRow,
    Layout,
    LunRow,
    SrRow,
    TargetRow,
    exports,
    luns,
    srs,
    srs_in_folders,
    targets,
)

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

WORD = st.text(ascii_letters + digits + ":.-_<>&'\"é漢", min_size=1, max_size=40)
"""No IQN is `*`, which stands for every target."""

ADDRESSES = st.sampled_from(["192.0.2.7", "2001:db8::1", "storage.example.com"])
PORTALS = st.builds(Portal, ADDRESSES, st.integers(1, 65535))
TREES = st.lists(
    st.builds(Target, WORD, st.lists(PORTALS, min_size=1, max_size=4, unique=True).map(tuple)),
    unique_by=lambda target: target.iqn,
    max_size=8,
)
LUNS = st.lists(
    st.builds(Lun, st.integers(0, 16383), st.none() | WORD, st.none() | WORD, st.integers(1, 2**60), WORD),
    unique_by=lambda lun: lun.lun_id,
    max_size=8,
)
DISKS = st.builds(
    Disk, WORD, st.integers(1, 2**60), st.just("hba"), vendor=st.just("") | WORD, serial=st.just("") | WORD, hba=WORD
)
ADAPTERS = st.builds(Adapter, WORD, WORD, WORD, port=st.none() | st.builds(Port, WORD, WORD))
each_flavour = pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)


def discovered(portal: Portal) -> str:
    """Discovery reports IPv6 in brackets."""
    return f"[{portal.address}]" if ":" in portal.address else portal.address


@each_flavour
@given(tree=TREES)
def test_any_tree_of_targets_is_read_back(flavour: Flavour, tree: list[Target]) -> None:
    rows = [TargetRow(discovered(portal), portal.port, target.iqn) for target in tree for portal in target.portals]
    text = targets(layout(flavour), rows, "storage.example.com")
    assert read_targets(text) == Reading(tuple(tree), complete=True)


@each_flavour
@given(found=LUNS)
def test_any_list_of_luns_is_read_back(flavour: Flavour, found: list[Lun]) -> None:
    rows = [
        LunRow(lun.lun_id or 0, lun.scsi_id or "", lun.size or 0, lun.vendor or "", lun.serial or "") for lun in found
    ]
    ordered = tuple(sorted(found, key=lambda lun: lun.lun_id or 0))
    assert read_luns(luns(layout(flavour), rows)) == Reading(ordered, complete=True)


@each_flavour
@given(uuids=st.lists(st.uuids().map(str), max_size=2, unique=True), size=st.integers(1, 2**60))
def test_any_list_of_srs_is_read_back(flavour: Flavour, uuids: list[str], size: int) -> None:
    text = srs(layout(flavour), [SrRow(uuid, "/dev/sda", size) for uuid in uuids])
    found = tuple(FoundSr(uuid, size, ("/dev/sda",), None) for uuid in uuids)
    assert read_srs(text) == Reading(found, complete=True)


@each_flavour
@given(
    uuids=st.lists(st.uuids().map(str), max_size=4, unique=True),
    versions=st.none() | st.lists(st.sampled_from(["3", "4"]), unique=True).map(tuple),
)
def test_any_list_of_folders_is_read_back(flavour: Flavour, uuids: list[str], versions: tuple[str, ...] | None) -> None:
    text = srs_in_folders(layout(flavour), uuids, versions)
    assert read_srs(text) == Reading(tuple(FoundSr(uuid, None, (), None) for uuid in uuids), complete=True)


@each_flavour
@given(rows=st.lists(st.builds(ExportRow, WORD, WORD, WORD), max_size=8))
def test_any_list_of_exports_is_read_back(flavour: Flavour, rows: list[ExportRow]) -> None:
    expected = tuple(ExportRead(row.server, row.path, row.access) for row in rows)
    assert read_exports(exports(layout(flavour), rows)) == Reading(expected, complete=True)


@each_flavour
@given(disks=st.lists(DISKS, max_size=8), adapters=st.lists(ADAPTERS, max_size=3))
def test_any_list_of_disks_is_read_back(flavour: Flavour, disks: list[Disk], adapters: list[Adapter]) -> None:
    expected = tuple(
        Device(
            path=disk.path,
            vendor=disk.vendor or None,
            serial=disk.serial or None,
            size=disk.size,
            scsi_id=disk.scsi_id if flavour.names_hba_ids else None,
            lun=disk.lun,
            paths=len(disk.names) if flavour.names_hba_ids else None,
        )
        for disk in disks
    )
    text = laid_out(layout(flavour), disks, adapters, detailed=flavour.names_hba_ids)
    assert read_devices(text) == Reading(expected, complete=True)


def layout(flavour: Flavour) -> Layout:
    return Layout(flavour.padded_xml)
