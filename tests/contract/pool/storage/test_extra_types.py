"""What creating, plugging and destroying leaves of the types that only XCP-ng has, and of a folder with ISOs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.wire_client import Client, log_in

CEPH = {"server": "ceph1.example", "serverpath": "/"}
MOOSE = {"masterhost": "mfsmaster.example", "rootpath": "/"}
GLUSTER = {"server": "gluster1.example:/gv0"}
DOCUMENTED = {
    "zfs": {"location"},
    "xfs": {"device"},
    "largeblock": {"device"},
    "cephfs": {"server", "serverpath", "serverport", "options"},
    "glusterfs": {"server", "backupservers", "fetchattempts"},
    "moosefs": {"masterhost", "masterport", "rootpath", "options"},
}
SCENARIO = """
[pool]
name = "bench"
zfs_folders = ["/tank"]
iso_folders = ["/empty"]
[iso_files]
"/isos" = ["a.iso", "b.txt"]
[[hosts]]
name = "bench-1"
address = "127.0.0.1"
[[clusters]]
type = "cephfs"
name = "ceph"
address = "192.0.2.1"
unreachable_from = ["bench-2"]
[[clusters.exports]]
path = "/"
folder = {srs = ["u-1"]}
"""


@pytest.fixture
def xcpng(tmp_path: Path) -> Iterator[Client]:
    with running_pool(tmp_path / "pool", flavour="xcpng-8.3") as running:
        yield log_in(running)


def create(client: Client, kind: str, config: dict[str, str], *, shared: bool, content: str = "user") -> str:
    arguments: tuple[Any, ...] = (client.host(), config, "0", "new", "", kind, content, shared, {})
    return str(client.call("SR.create", *arguments))


def attached(client: Client, sr: str) -> list[bool]:
    return [client.call("PBD.get_currently_attached", ref) for ref in client.call("SR.get_PBDs", sr)]


def take_down(client: Client, sr: str) -> None:
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    client.call("SR.destroy", sr)


def test_each_driver_documents_its_keys_and_whether_it_can_look_before(xcpng: Client) -> None:
    records = {record["type"]: record for record in xcpng.call("SM.get_all_records").values()}
    assert {kind: set(records[kind]["configuration"]) for kind in DOCUMENTED} == DOCUMENTED
    looking = {kind for kind in DOCUMENTED if "SR_PROBE" in records[kind]["capabilities"]}
    assert looking == set(DOCUMENTED) - {"zfs"}


@pytest.mark.parametrize(("kind", "config", "where"), [("cephfs", CEPH, "ceph:/"), ("moosefs", MOOSE, "moose:/")])
def test_an_sr_in_a_cluster_is_a_folder_of_its_own(
    xcpng: Client, kind: str, config: dict[str, str], where: str
) -> None:
    sr = create(xcpng, kind, config, shared=True)
    uuid = xcpng.call("SR.get_uuid", sr)
    assert attached(xcpng, sr) == [True, True]
    assert xcpng.pool.report()["folders"][where] == [uuid]
    assert uuid in xcpng.call("SR.probe", xcpng.host(), config, kind)
    take_down(xcpng, sr)
    assert xcpng.pool.report()["folders"][where] == []


def test_a_host_without_a_way_to_the_cluster_stays_unplugged(xcpng: Client) -> None:
    sr = create(xcpng, "glusterfs", GLUSTER, shared=True)
    by_host = {xcpng.call("PBD.get_host", ref): ref for ref in xcpng.call("SR.get_PBDs", sr)}
    slave = by_host[xcpng.host("xenct-xen2")]
    assert not xcpng.call("PBD.get_currently_attached", slave)
    details = xcpng.details("PBD.plug", slave)
    assert details[0] == "SR_BACKEND_FAILURE_12"


def test_a_folder_that_was_taken_away_is_not_plugged_again(xcpng: Client) -> None:
    sr = create(xcpng, "cephfs", CEPH, shared=True)
    for ref in xcpng.call("SR.get_PBDs", sr):
        xcpng.call("PBD.unplug", ref)
    xcpng.pool.do(lambda model: model.put_folders("ceph:/", ()))
    assert xcpng.details("PBD.plug", xcpng.call("SR.get_PBDs", sr)[0])[0] == "SR_BACKEND_FAILURE_12"


def test_what_a_cluster_holds_outlives_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with running_pool(tmp_path / "pool", flavour="xcpng-8.3") as running:
            client = log_in(running)
            if not running.report()["folders"]:
                create(client, "cephfs", CEPH, shared=True)
            assert len(running.report()["folders"]["ceph:/"]) == 1


@pytest.mark.parametrize(("kind", "device"), [("xfs", "35000c500a1b2c3d1"), ("largeblock", "35000c500a1b2c3d9")])
def test_an_sr_on_a_disk_erases_it(xcpng: Client, kind: str, device: str) -> None:
    sr = create(xcpng, kind, {"device": f"/dev/disk/by-id/scsi-{device}"}, shared=False)
    assert attached(xcpng, sr) == [True]
    content = xcpng.pool.report()["contents"][device]
    assert (content["kind"], content["sr_uuid"]) == (
        "local-ext" if kind == "xfs" else "local-largeblock",
        xcpng.call("SR.get_uuid", sr),
    )
    take_down(xcpng, sr)
    assert device not in xcpng.pool.report()["contents"]


def test_zfs_wants_its_mount_point_at_each_plug(xcpng: Client) -> None:
    sr = create(xcpng, "zfs", {"location": "/tank/vms/"}, shared=False)
    (pbd,) = xcpng.call("SR.get_PBDs", sr)
    xcpng.call("PBD.unplug", pbd)
    xcpng.pool.do(lambda model: setattr(model, "zfs_folders", ()))
    assert xcpng.details("PBD.plug", pbd)[2] == "The SR is not available [opterr=Invalid ZFS path]"
    xcpng.call("SR.destroy", sr)


def test_a_folder_of_a_host_shows_its_images(client: Client) -> None:
    config = {"location": "/srv/isos", "legacy_mode": "true"}
    sr = create(client, "iso", config, shared=False, content="iso")
    client.call("SR.scan", sr)
    names = [client.call("VDI.get_name_label", vdi) for vdi in client.call("SR.get_VDIs", sr)]
    assert sorted(names) == ["Rocky-9.4-x86_64-minimal.iso", "debian-12.5.0-amd64-netinst.iso"]


def test_a_file_describes_clusters_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario.iso_folders == {"/empty": (), "/isos": ("a.iso", "b.txt")}
    assert scenario.zfs_folders == ("/tank",)
    (cluster,) = scenario.clusters
    assert (cluster.unreachable_from, cluster.exports[0].folder.srs) == (("bench-2",), ("u-1",))
    with running_pool(tmp_path / "pool", flavour="xcpng-8.2", scenario=lambda: scenario) as running:
        assert _probed(running) == 1


def _probed(running: RunningPool) -> int:
    client = log_in(running)
    config: dict[str, Any] = {"server": "192.0.2.1", "serverpath": "/"}
    return int(str(client.call("SR.probe", client.host("bench-1"), config, "cephfs")).count("<UUID>"))
