# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""What creating, plugging and destroying leaves on Fibre Channel LUNs and on local disks."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.rows.disks import BLANK, HELD, ROOT, SCRATCH, VMFS
from tests.contract.pool.rows.row import failure
from tests.contract.pool.wire_client import Client, control

LOCAL, FURTHER = "35000c500a1b2c3d1", "35000c500a1b2c3d4"
IN_USE = ["SR_DEVICE_IN_USE"]


def arguments(client: Client, kind: str, config: dict[str, str], *, shared: bool) -> list[Any]:
    return [client.host(), config, "0", "new", "", kind, "user", shared, {}]


def create(client: Client, kind: str, config: dict[str, str]) -> str:
    return str(client.call("SR.create", *arguments(client, kind, config, shared=kind == "lvmohba")))


def pbds(client: Client, sr: str) -> list[dict[str, Any]]:
    return [client.call("PBD.get_record", ref) for ref in client.call("SR.get_PBDs", sr)]


def unplug(client: Client, sr: str) -> None:
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)


def put_disk(client: Client, scsi_id: str, **fields: object) -> None:
    assert control(client.pool, "array", {"op": "put_disk", "disk": {"scsi_id": scsi_id, **fields}})[0] == 200


def test_an_sr_on_fibre_channel_overwrites_the_lun_and_plugs_every_host(pool: RunningPool, client: Client) -> None:
    sr = create(client, "lvmohba", {"SCSIid": HELD})
    record = client.call("SR.get_record", sr)
    assert record["sm_config"] == {"allocation": "thick", "use_vhd": "true", "devserial": f"scsi-{HELD}"}
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [True, True]
    assert all(pbd["other_config"] == {} for pbd in pbds(client, sr))
    (overwrite,) = pool.report()["overwrites"]
    assert (overwrite["scsi_id"], overwrite["before"]["sr_name"]) == (HELD, "fc-archive")
    assert overwrite["after"]["sr_uuid"] == record["uuid"]


def test_a_lun_that_an_sr_of_the_pool_is_on_is_listed_no_more(client: Client) -> None:
    create(client, "lvmohba", {"SCSIid": BLANK})
    printed = client.details("SR.probe", client.host(), {}, "lvmohba")[3]
    assert (BLANK in printed, HELD in printed) == (False, True)


def test_a_host_that_does_not_see_the_lun_stays_unplugged(client: Client) -> None:
    sr = create(client, "lvmohba", {"SCSIid": VMFS})
    attached = {pbd["host"]: pbd["currently_attached"] for pbd in pbds(client, sr)}
    assert attached == {client.host(): True, client.host("xenct-xen2"): False}
    uuid = client.call("SR.get_uuid", sr)
    (left,) = [ref for ref in client.call("SR.get_PBDs", sr) if not client.call("PBD.get_currently_attached", ref)]
    text = f"The SR is not available [opterr=no such volume group: VG_XenStorage-{uuid}]"
    assert client.details("PBD.plug", left) == failure(47, text)


def test_a_lun_that_is_open_on_the_host_is_in_use(client: Client) -> None:
    create(client, "lvmohba", {"SCSIid": BLANK})
    again = arguments(client, "lvmohba", {"SCSIid": BLANK}, shared=True)
    assert client.details("SR.create", *again) == IN_USE


def test_with_multipathing_a_lun_in_use_cannot_be_probed(client: Client) -> None:
    for host in ("xenct-xen1", "xenct-xen2"):
        client.call("host.set_multipathing", client.host(host), True)
    sr = create(client, "lvmohba", {"SCSIid": BLANK})
    assert client.details("SR.probe", client.host(), {"SCSIid": BLANK}, "lvmohba") == IN_USE
    assert f"/dev/mapper/{HELD}" in client.call("SR.probe", client.host(), {"SCSIid": HELD}, "lvmohba")
    (told, _) = (pbd["other_config"] for pbd in pbds(client, sr))
    assert told == {"multipathed": "true", f"mpath-{BLANK}": "[2, 2]"}


def test_destroying_an_sr_blanks_its_lun_and_forgetting_keeps_it(pool: RunningPool, client: Client) -> None:
    kept, gone = create(client, "lvmohba", {"SCSIid": BLANK}), create(client, "lvmohba", {"SCSIid": HELD})
    for sr in (kept, gone):
        unplug(client, sr)
    client.call("SR.forget", kept)
    client.call("SR.destroy", gone)
    contents = pool.report()["contents"]
    assert contents[BLANK]["kind"] == "sr"
    assert HELD not in contents


@pytest.mark.parametrize("kind", ["lvmohba", "lvm", "ext"])
def test_an_sr_whose_disk_somebody_else_overwrote_can_be_neither_plugged_nor_destroyed(
    client: Client, kind: str
) -> None:
    scsi_id = BLANK if kind == "lvmohba" else LOCAL
    sr = create(client, kind, {"SCSIid": BLANK} if kind == "lvmohba" else {"device": "/dev/sdb"})
    unplug(client, sr)
    control(client.pool, "array", {"op": "content", "scsi_id": scsi_id, "content": {"kind": "vmfs"}})
    first, *_ = client.call("SR.get_PBDs", sr)
    code = "SR_BACKEND_FAILURE_52" if kind == "ext" else "SR_BACKEND_FAILURE_47"
    assert client.details("PBD.plug", first)[0] == code
    assert client.details("SR.destroy", sr)[0] == code


@pytest.mark.parametrize(("kind", "content"), [("lvm", "sr"), ("ext", "local-ext")])
def test_a_local_sr_takes_its_disk_and_gives_it_back(
    pool: RunningPool, client: Client, kind: str, content: str
) -> None:
    sr = create(client, kind, {"device": f"/dev/disk/by-id/scsi-{LOCAL}"})
    (pbd,) = pbds(client, sr)
    assert pbd["currently_attached"] is True
    assert client.call("SR.get_sm_config", sr)["devserial"] == f"scsi-{LOCAL}"
    assert pool.report()["contents"][LOCAL]["kind"] == content
    assert client.details("SR.create", *arguments(client, kind, {"device": "/dev/sdb"}, shared=False)) == IN_USE
    unplug(client, sr)
    client.call("SR.destroy", sr)
    assert LOCAL not in pool.report()["contents"]


def test_a_local_sr_may_be_on_several_disks(pool: RunningPool, client: Client) -> None:
    put_disk(client, FURTHER, size=10 * 1024**3, hosts=["xenct-xen1"], names=["sdz"])
    sr = create(client, "lvm", {"device": "/dev/sdb,/dev/sdz"})
    record = client.call("SR.get_record", sr)
    assert record["sm_config"]["devserial"] == f"scsi-{LOCAL},scsi-{FURTHER}"
    contents = pool.report()["contents"]
    assert contents[LOCAL]["sr_uuid"] == contents[FURTHER]["sr_uuid"] == record["uuid"]
    listed = client.call("SR.probe", client.host(), {"device": "/dev/sdb,/dev/sdz"}, "lvm")
    assert listed.count("<SR>") == 1
    assert "<Devlist>/dev/sdb,/dev/sdz</Devlist>" in listed


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"read_only": True}, failure(54, "Logical Volume write error [opterr=device /dev/sdb]")),
        ({"block_size": 4096}, failure(77, "Logical Volume group creation failed")),
    ],
)
def test_a_disk_that_cannot_be_used_is_refused(client: Client, fields: dict[str, object], answer: list[str]) -> None:
    put_disk(client, LOCAL, **fields)
    assert client.details("SR.create", *arguments(client, "lvm", {"device": "/dev/sdb"}, shared=False)) == answer


def test_a_serial_that_an_sr_remembers_is_in_use(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    client.call("SR.add_to_sm_config", sr, "devserial", "scsi-ZC1A0001")
    assert client.details("SR.create", *arguments(client, "lvm", {"device": "/dev/sdb"}, shared=False)) == IN_USE


def test_the_local_sr_from_the_start_has_nothing_behind_it_and_can_be_plugged(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "Local storage")[0]
    (pbd,) = client.call("SR.get_PBDs", sr)
    client.call("PBD.unplug", pbd)
    client.call("PBD.plug", pbd)
    client.call("PBD.unplug", pbd)
    client.call("SR.destroy", sr)
    assert client.pool.report()["overwrites"] == []


def test_dom0s_disk_is_never_overwritten(client: Client) -> None:
    client.details("SR.create", *arguments(client, "ext", {"device": ROOT}, shared=False))
    client.details("SR.create", *arguments(client, "ext", {"device": SCRATCH}, shared=False)[:2], "0", "n", "", "warp")
    assert client.pool.report()["overwrites"] == []


def test_a_disk_that_is_put_there_is_there_after_a_restart(pool: RunningPool, client: Client) -> None:
    put_disk(client, FURTHER, size=10 * 1024**3, bus="hba", names=["sdz"], vendor="HITACHI")
    pool.do(lambda model: model.load())
    assert pool.do(lambda model: model.disks[FURTHER].vendor) == "HITACHI"
