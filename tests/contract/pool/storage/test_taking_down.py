"""Unplugging, forgetting and destroying SRs that hold disks, on each release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.serving import running_pool
from tests.contract.pool.rows.row import EVERY
from tests.contract.pool.storage.test_scanning import named, names, unplug, vdis
from tests.contract.pool.wire_client import Client, control, log_in, netapp

XEN1, XEN2 = "xenct-xen1", "xenct-xen2"


@pytest.fixture(params=EVERY)
def client(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Client]:
    with running_pool(tmp_path / "pool", flavour=request.param) as running:
        yield log_in(running)


def pbd_on(client: Client, sr: str, host: str) -> str:
    (ref,) = (ref for ref in client.call("SR.get_PBDs", sr) if client.call("PBD.get_host", ref) == client.host(host))
    return str(ref)


def in_use(client: Client) -> str:
    """The disk that a VM has open."""
    (vdi,) = (vdi for vdi in client.pool.report()["vdis"] if vdi["attached"])
    return str(vdi["ref"])


def test_a_host_on_which_a_vm_has_a_disk_open_stays_attached(client: Client) -> None:
    sr, vdi = named(client, "netapp-gold"), in_use(client)
    assert client.details("PBD.unplug", pbd_on(client, sr, XEN1)) == ["VDI_IN_USE", vdi]
    client.call("PBD.unplug", pbd_on(client, sr, XEN2))
    control(client.pool, "vm", {"vm": "web-1", "host": XEN2})
    client.call("PBD.unplug", pbd_on(client, sr, XEN1))


def test_a_vm_that_is_halted_holds_nobody_back(client: Client) -> None:
    sr = named(client, "netapp-gold")
    assert control(client.pool, "vm", {"vm": "web-1"})[0] == 200
    unplug(client, sr)
    assert client.call("VM.get_power_state", client.call("VM.get_by_name_label", "web-1")[0]) == "Halted"
    assert control(client.pool, "vm", {"vm": "nobody"})[0] == 400


def test_the_master_may_be_unplugged_before_the_others(client: Client) -> None:
    sr = named(client, "netapp-silver")
    client.call("PBD.unplug", pbd_on(client, sr, XEN1))
    client.call("PBD.unplug", pbd_on(client, sr, XEN2))


def test_a_forgotten_sr_takes_its_disks_records_along_and_leaves_the_disks(client: Client) -> None:
    sr = named(client, "netapp-gold")
    uuid = client.call("SR.get_uuid", sr)
    control(client.pool, "vm", {"vm": "web-1"})
    assert client.details("SR.forget", sr) == ["SR_HAS_PBD", sr]
    unplug(client, sr)
    client.call("SR.forget", sr)
    report = client.pool.report()
    assert uuid not in [vdi["sr_uuid"] for vdi in report["vdis"]]
    assert len(report["stored"][uuid]) == 5
    assert report["overwrites"] == []
    (vm,) = client.call("VM.get_by_name_label", "batch-1")
    assert client.call("VM.get_VBDs", vm) == []
    (web,) = client.call("VM.get_by_name_label", "web-1")
    (drive,) = client.call("VM.get_VBDs", web)
    assert client.call("VBD.get_type", drive) == "CD"


def test_a_drive_whose_image_went_is_empty(client: Client) -> None:
    library = named(client, "ISO library")
    image = client.call("SR.get_VDIs", library)[0]
    (drive,) = (ref for ref in client.call("VBD.get_all") if client.call("VBD.get_type", ref) == "CD")
    client.pool.do(lambda model: model.objects.set("VBD", drive, VDI=image, empty=False))
    assert client.call("VDI.get_VBDs", image) == [drive]
    unplug(client, library)
    client.call("SR.forget", library)
    assert (client.call("VBD.get_VDI", drive), client.call("VBD.get_empty", drive)) == ("OpaqueRef:NULL", True)


def test_an_sr_with_disks_is_destroyed_only_after_them(client: Client) -> None:
    sr = named(client, "netapp-silver")
    uuid = client.call("SR.get_uuid", sr)
    assert client.details("SR.destroy", sr) == ["SR_HAS_PBD", sr]
    unplug(client, sr)
    assert client.details("SR.destroy", sr) == ["SR_NOT_EMPTY"]
    disks = client.call("SR.get_VDIs", sr)
    assert client.details("VDI.destroy", disks[0]) == ["SR_HAS_NO_PBDS", sr]
    client.call("PBD.plug", pbd_on(client, sr, XEN1))
    for disk in disks:
        client.call("VDI.destroy", disk)
    assert client.call("SR.get_physical_utilisation", sr) == "0"
    unplug(client, sr)
    client.call("SR.destroy", sr)
    report = client.pool.report()
    (overwrite,) = report["overwrites"]
    assert (overwrite["before"]["sr_uuid"], overwrite["after"]["kind"]) == (uuid, "blank")
    assert uuid not in report["stored"]


def test_disks_that_the_pool_has_not_looked_for_are_kept_too(client: Client) -> None:
    control(client.pool, "delays", {"factor": 1.0, "scan": 60.0, "plug": 0.0, "login": 0.0, "discovery": 0.0})
    uuid = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
    sr = client.call("SR.introduce", uuid, "old", "", "lvmoiscsi", "user", True)  # noqa: FBT003 - positional
    client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": netapp(7)})
    assert client.details("SR.destroy", sr) == ["SR_NOT_EMPTY"]
    assert client.pool.report()["overwrites"] == []


def test_a_disk_that_is_open_is_not_destroyed(client: Client) -> None:
    vdi = in_use(client)
    assert client.details("VDI.destroy", vdi) == ["VDI_IN_USE", vdi, "destroy"]
    library = named(client, "ISO library")
    image = client.call("SR.get_VDIs", library)[0]
    assert client.details("VDI.destroy", image) == ["SR_OPERATION_NOT_SUPPORTED", library]


def test_what_is_in_a_drive_of_the_host_is_no_disk(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "DVD drives")[0]
    disc = client.pool.do(lambda model: model.objects.add("VDI", {"SR": sr, "location": "/dev/xapi/cd/sr0"}))
    assert client.details("VDI.destroy", disc) == ["VDI_IS_A_PHYSICAL_DEVICE", disc]


def test_the_common_parent_of_disks_goes_with_the_last_of_them(client: Client) -> None:
    sr = named(client, "netapp-gold")
    uuid = client.call("SR.get_uuid", sr)
    control(client.pool, "vm", {"vm": "web-1"})
    for vdi in vdis(client, sr):
        if vdi["managed"]:
            client.call("VDI.destroy", client.call("VDI.get_by_uuid", vdi["uuid"]))
    assert names(client, sr) == ["base copy"]
    assert uuid not in client.pool.report()["stored"]
    client.call("SR.scan", sr)
    assert vdis(client, sr) == []


def test_an_sr_on_which_hosts_keep_their_cache_is_not_destroyed(client: Client) -> None:
    sr = client.create(netapp(4))
    unplug(client, sr)
    host = client.host(XEN2)
    client.pool.do(lambda model: model.objects.set("host", host, local_cache_sr=sr))
    assert client.details("SR.destroy", sr) == ["SR_IS_CACHE_SR", host]


def test_an_sr_of_several_hosts_stays_shared(client: Client) -> None:
    sr = named(client, "netapp-gold")
    pbds = client.call("SR.get_PBDs", sr)
    assert client.details("SR.set_shared", sr, False) == ["SR_HAS_MULTIPLE_PBDS", *pbds]  # noqa: FBT003 - positional
    client.call("SR.set_shared", sr, True)  # noqa: FBT003 - positional


def test_a_repair_finds_a_host_whose_pbd_is_unplugged(client: Client) -> None:
    sr = named(client, "netapp-vdi")
    attached = [client.call("PBD.get_currently_attached", pbd_on(client, sr, host)) for host in (XEN1, XEN2)]
    assert attached == [True, False]
    client.call("PBD.plug", pbd_on(client, sr, XEN2))
