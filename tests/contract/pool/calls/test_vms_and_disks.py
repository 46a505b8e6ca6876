"""Disks, VBDs and VMs as readers of XenAPI: records, lists, what follows from what, and who may write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool
from tests.contract.pool.rows.row import EVERY
from tests.contract.pool.wire_client import Client, control, log_in

SCENARIO = """
[pool]
name = "small"

[[hosts]]
name = "one"
address = "127.0.0.1"

[[hosts]]
name = "two"
address = "127.0.0.2"

[[srs]]
name = "disks"
type = "nfs"
hosts = ["one", "two"]
unplugged = ["two"]
uuid = "11111111-2222-4333-8444-555555555555"
size = 1099511627776
shared = true

[[srs.vdis]]
uuid = "22222222-2222-4333-8444-555555555555"
name = "root"
size = 10737418240

[[vms]]
name = "guest"
host = "one"

[[vms.vbds]]
vdi = "{vdi}"
attached = true

[[srs.vdis]]
uuid = "23232323-2222-4333-8444-555555555555"
name = "memory"
size = 1073741824
type = "suspend"

[[vms]]
name = "asleep"
memory = "23232323-2222-4333-8444-555555555555"

[[stored.33333333-2222-4333-8444-555555555555]]
uuid = "44444444-2222-4333-8444-555555555555"
name = "left"
size = 1
"""
ROOT = "22222222-2222-4333-8444-555555555555"


@pytest.fixture(params=EVERY)
def client(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Client]:
    with running_pool(tmp_path / "pool", flavour=request.param) as running:
        yield log_in(running)


def test_vms_disks_and_what_joins_them_lead_to_each_other(client: Client) -> None:
    (vm,) = client.call("VM.get_by_name_label", "web-1")
    record = client.call("VM.get_record", vm)
    assert (record["power_state"], record["resident_on"]) == ("Running", client.host())
    assert client.call("host.get_resident_VMs", client.host()) == [vm]
    vbds = [client.call("VBD.get_record", ref) for ref in record["VBDs"]]
    assert [(vbd["type"], vbd["mode"], vbd["empty"], vbd["currently_attached"]) for vbd in vbds] == [
        ("Disk", "RW", False, True),
        ("CD", "RO", True, False),
    ]
    assert client.call("VDI.get_VBDs", vbds[0]["VDI"]) == [record["VBDs"][0]]
    sr = client.call("VDI.get_SR", vbds[0]["VDI"])
    assert vbds[0]["VDI"] in client.call("SR.get_VDIs", sr)
    assert sorted(vm["name_label"] for vm in client.call("VM.get_all_records").values()) == [
        "batch-1",
        "desktop-1",
        "web-1",
    ]


def test_the_disks_of_an_sr_are_found_by_a_query(client: Client) -> None:
    (sr,) = client.call("SR.get_by_name_label", "netapp-gold")
    found = client.call("VDI.get_all_records_where", f'field "SR" = "{sr}" and field "managed" = "true"')
    assert len(found) == 4
    (snapshot,) = (vdi for vdi in found.values() if vdi["is_a_snapshot"])
    assert found[snapshot["snapshot_of"]]["name_label"] == "web-1 system"
    (reference,) = (ref for ref, vdi in found.items() if vdi == snapshot)
    assert found[snapshot["snapshot_of"]]["snapshots"] == [reference]


def test_fields_of_later_releases_are_left_out_of_earlier_ones(client: Client) -> None:
    vdi = next(iter(client.call("VDI.get_all_records").values()))
    assert ("cbt_enabled" in vdi) is client.pool.do(lambda model: model.flavour.has("inverness"))


def test_a_reader_may_read_disks_and_not_take_them(client: Client) -> None:
    auditor = log_in(client.pool, "auditor")
    (vdi,) = (ref for ref, one in auditor.call("VDI.get_all_records").items() if one["name_label"] == "spare")
    for method, value in (("VDI.set_name_label", ("x",)), ("VDI.set_other_config", ({},)), ("VDI.destroy", ())):
        denied = auditor.details(method, vdi, *value)
        assert denied[:2] == ["RBAC_PERMISSION_DENIED", method.lower()]
        assert "Roles with this permission: vm-admin," in denied[2]
    operator = log_in(client.pool, "operator")
    operator.call("VDI.add_to_other_config", vdi, "key", "value")
    assert operator.call("VDI.get_other_config", vdi) == {"key": "value"}
    task = operator.call("Async.VDI.destroy", vdi)
    assert operator.finished(task)["status"] == "success"


def test_what_a_scenario_lays_on_the_storage_is_there(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO.format(vdi=ROOT))
    with running_pool(tmp_path / "pool", scenario=lambda: read_scenario(path)) as pool:
        client = log_in(pool)
        report = pool.report()
        vdi, memory = report["vdis"]
        vm, asleep = report["vms"]
        assert (vdi["name_label"], vdi["vms"], vdi["attached"]) == ("root", ["guest"], True)
        assert vdi["sr_uuid"] == report["srs"][0]["uuid"]
        assert (vm["name_label"], vm["power_state"], vm["host_name"]) == ("guest", "Running", "one")
        assert (asleep["power_state"], asleep["suspend_VDI"]) == ("Suspended", memory["ref"])
        suspended = 'field "power_state" = "Suspended"'
        assert list(client.call("VM.get_all_records_where", suspended)) == [asleep["ref"]]
        assert client.call("VM.get_suspend_VDI", vm["ref"]) == "OpaqueRef:NULL"
        assert [pbd["currently_attached"] for pbd in report["pbds"]] == [True, False]
        assert report["stored"]["33333333-2222-4333-8444-555555555555"][0]["name"] == "left"
        assert client.details("PBD.unplug", report["pbds"][0]["ref"]) == ["VDI_IN_USE", vdi["ref"]]


def test_a_disk_that_a_scenario_does_not_have_is_told(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO.format(vdi="nothing"))
    with (
        pytest.raises(Exception, match="nothing"),
        running_pool(tmp_path / "pool", scenario=lambda: read_scenario(path)),
    ):
        pass


def test_disks_and_vms_outlive_the_process_and_are_reported(tmp_path: Path) -> None:
    with running_pool(tmp_path / "pool") as pool:
        control(pool, "vm", {"vm": "web-1"})
        before = pool.report()
    with running_pool(tmp_path / "pool") as pool:
        after = pool.report()
    for kind in ("vdis", "vms"):
        assert {one["ref"]: one for one in after[kind]} == {one["ref"]: one for one in before[kind]}
    assert after["stored"] == before["stored"]
    assert not any(vdi["attached"] for vdi in after["vdis"])
