"""What a scan finds, and what becomes of it: disks of SRs, images of libraries, on each release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.rows.row import EVERY, failure
from tests.contract.pool.wire_client import Client, control, log_in, netapp

DETACHED = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
IMAGES = ["Rocky-9.4-x86_64-minimal.iso", "debian-12.5.0-amd64-netinst.iso"]
BLANK_LUN = 4


@pytest.fixture(params=EVERY)
def client(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Client]:
    with running_pool(tmp_path / "pool", flavour=request.param) as running:
        yield log_in(running)


def named(client: Client, name: str) -> str:
    (ref,) = client.call("SR.get_by_name_label", name)
    return str(ref)


def vdis(client: Client, sr: str) -> list[dict[str, Any]]:
    return [client.call("VDI.get_record", ref) for ref in client.call("SR.get_VDIs", sr)]


def names(client: Client, sr: str) -> list[str]:
    return sorted(vdi["name_label"] for vdi in vdis(client, sr))


def plug(client: Client, sr: str, config: dict[str, str]) -> str:
    pbd = str(client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": config}))
    client.call("PBD.plug", pbd)
    return pbd


def reattached(client: Client) -> str:
    sr = str(client.call("SR.introduce", DETACHED, "old", "", "lvmoiscsi", "user", True))  # noqa: FBT003 - positional
    plug(client, sr, netapp(7))
    return sr


def unplug(client: Client, sr: str) -> None:
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)


def test_the_images_of_a_library_are_its_files(client: Client) -> None:
    found = vdis(client, named(client, "ISO library"))
    assert sorted(vdi["name_label"] for vdi in found) == IMAGES
    assert all(vdi["location"] == vdi["name_label"] and vdi["read_only"] and vdi["managed"] for vdi in found)


def test_a_scan_brings_new_images_and_takes_those_that_went(client: Client) -> None:
    sr = named(client, "ISO library")
    before = {vdi["name_label"]: vdi["uuid"] for vdi in vdis(client, sr)}
    exports = [{"path": "/export/iso", "folder": {"files": [IMAGES[0], "New.ISO", "disk.img", "readme.txt"]}}]
    control(client.pool, "array", {"op": "put_nfs", "server": {"name": "nas", "exports": exports}})
    assert names(client, sr) == IMAGES
    client.call("SR.scan", sr)
    after = {vdi["name_label"]: vdi["uuid"] for vdi in vdis(client, sr)}
    assert sorted(after) == ["New.ISO", IMAGES[0], "disk.img"]
    assert after[IMAGES[0]] == before[IMAGES[0]]


def test_a_library_that_cannot_be_read_keeps_its_images(client: Client) -> None:
    sr = named(client, "ISO library")
    control(client.pool, "array", {"op": "put_nfs", "server": {"name": "nas", "up": False}})
    assert client.details("SR.scan", sr) == failure(40, "The SR scan failed")
    assert names(client, sr) == IMAGES


def test_a_share_is_a_library_and_a_folder_of_the_host_has_no_images(client: Client) -> None:
    config = {"location": "//files.example/public", "type": "cifs"}
    sr = client.call("SR.create", client.host(), config, "0", "public", "", "iso", "iso", True, {})  # noqa: FBT003 - positional
    client.call("SR.scan", sr)
    assert names(client, sr) == IMAGES
    control(client.pool, "array", {"op": "put_smb", "server": {"name": "files", "up": False}})
    assert client.details("SR.scan", sr)[0] == "SR_BACKEND_FAILURE_40"
    local = {"location": "/opt/xensource/packages/iso", "legacy_mode": "true"}
    tools = client.call("SR.create", client.host(), local, "0", "tools", "", "iso", "iso", False, {})  # noqa: FBT003 - positional
    client.call("SR.scan", tools)
    assert vdis(client, tools) == []


def test_the_disks_of_an_sr_come_back_with_it(client: Client) -> None:
    sr = reattached(client)
    client.call("SR.scan", sr)
    assert names(client, sr) == ["projects-2023", "projects-2024"]
    uuids = {vdi["uuid"] for vdi in vdis(client, sr)}
    ref = client.call("SR.get_VDIs", sr)[0]
    client.call("VDI.set_name_label", ref, "kept")
    client.call("VDI.set_name_description", ref, "by its name")
    unplug(client, sr)
    client.call("SR.forget", sr)
    assert client.details("VDI.get_uuid", ref) == ["HANDLE_INVALID", "VDI", ref]
    sr = reattached(client)
    client.call("SR.scan", sr)
    assert {vdi["uuid"] for vdi in vdis(client, sr)} == uuids
    assert "kept" in names(client, sr)
    assert "by its name" in [vdi["name_description"] for vdi in vdis(client, sr)]


def test_the_masters_plug_begins_a_scan(client: Client) -> None:
    sr = reattached(client)
    token = ""
    while not client.call("SR.get_VDIs", sr):
        token = client.call("event.from", ["vdi"], token, 10.0)["token"]
    assert names(client, sr) == ["projects-2023", "projects-2024"]


def test_a_scan_that_a_plug_began_finds_nothing_where_the_pbd_is_gone(client: Client) -> None:
    control(client.pool, "delays", {"factor": 1.0, "plug": 0.0, "scan": 0.05, "login": 0.0, "discovery": 0.0})
    sr = reattached(client)
    unplug(client, sr)
    client.call("SR.forget", sr)
    sr = str(client.call("SR.introduce", DETACHED, "old", "", "lvmoiscsi", "user", True))  # noqa: FBT003 - positional
    client.call("SR.scan", named(client, "netapp-gold"))
    client.call("SR.scan", named(client, "netapp-gold"))
    assert vdis(client, sr) == []


def test_somebody_elses_new_disk_and_another_name_are_found_by_a_scan(client: Client) -> None:
    sr = named(client, "netapp-silver")
    uuid = client.call("SR.get_uuid", sr)
    first = vdis(client, sr)[0]
    disks = [
        {"uuid": first["uuid"], "name": "other", "size": 2**30},
        {"uuid": "11111111-2222-4333-8444-555555555555", "name": "new", "size": 2**31},
    ]
    control(client.pool, "array", {"op": "put_vdis", "sr_uuid": uuid, "vdis": disks})
    client.call("SR.scan", sr)
    assert names(client, sr) == ["new", "other"]


def test_a_shared_sr_is_scanned_by_the_master(client: Client) -> None:
    sr = named(client, "netapp-silver")
    for ref in client.call("SR.get_PBDs", sr):
        if client.call("PBD.get_host", ref) == client.host():
            client.call("PBD.unplug", ref)
    assert client.details("SR.scan", sr) == ["SR_HAS_NO_PBDS", sr]
    assert client.details("SR.update", sr) == ["SR_HAS_NO_PBDS", sr]


def test_an_sr_writes_its_name_to_its_lun_while_it_is_attached(client: Client) -> None:
    sr = client.create(netapp(BLANK_LUN))
    uuid = client.call("SR.get_uuid", sr)
    client.call("SR.set_name_label", sr, "written")
    client.call("SR.set_name_description", sr, "and described")
    client.call("SR.update", sr)
    assert _title(client.pool, uuid) == ("written", "and described")
    unplug(client, sr)
    client.call("SR.set_name_label", sr, "not written")
    assert client.call("SR.get_name_label", sr) == "not written"
    assert _title(client.pool, uuid) == ("written", "and described")
    assert len(client.pool.report()["overwrites"]) == 1
    client.call("PBD.plug", client.call("SR.get_PBDs", sr)[0])
    assert _title(client.pool, uuid)[0] == "not written"


def _title(pool: RunningPool, uuid: str) -> tuple[str, str]:
    (found,) = (one for one in pool.report()["contents"].values() if one["sr_uuid"] == uuid)
    return found["sr_name"], found["sr_description"]
