# ruff: noqa: FBT003 - the booleans of XenAPI are positional
from __future__ import annotations

import pytest

from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.rows.row import LOGIN_TEXT
from tests.contract.pool.wire_client import (
    EQUALLOGIC_SCSI_ID,
    ONLY_XEN1,
    ONLY_XEN1_IQN,
    ONLY_XEN1_SCSI_ID,
    Client,
    control,
    netapp,
    netapp_scsi_id,
)

ONE_HOST = {"target": ONLY_XEN1, "targetIQN": ONLY_XEN1_IQN, "SCSIid": ONLY_XEN1_SCSI_ID}


def test_creating_overwrites_the_lun_and_plugs_every_host(pool: RunningPool, client: Client) -> None:
    sr = client.create(client.equallogic(), "gold")
    record = client.call("SR.get_record", sr)
    assert record["sm_config"]["devserial"] == f"scsi-{EQUALLOGIC_SCSI_ID}"
    assert record["physical_size"] == "107365793792"
    pbds = [client.call("PBD.get_record", ref) for ref in record["PBDs"]]
    assert [pbd["currently_attached"] for pbd in pbds] == [True, True]
    (overwrite,) = pool.report()["overwrites"]
    assert overwrite["scsi_id"] == EQUALLOGIC_SCSI_ID
    assert overwrite["before"]["kind"] == "blank"
    assert overwrite["after"]["sr_uuid"] == record["uuid"]
    assert (overwrite["method"], overwrite["originator"]) == ("SR.create", "test")


@pytest.mark.parametrize(("lun_id", "kind"), [(7, "sr"), (9, "vmfs"), (10, "ext4"), (12, "partition-table")])
def test_creating_destroys_whatever_was_on_the_lun(pool: RunningPool, client: Client, lun_id: int, kind: str) -> None:
    client.create(netapp(lun_id))
    (overwrite,) = pool.report()["overwrites"]
    assert (overwrite["before"]["kind"], overwrite["after"]["kind"]) == (kind, "sr")


def test_a_host_that_is_refused_stays_unplugged_and_plug_tells_why(client: Client) -> None:
    sr = client.create(ONE_HOST)
    records = client.call("PBD.get_all_records_where", f'field "SR" = "{sr}"')
    attached = {record["host"]: record["currently_attached"] for record in records.values()}
    assert attached == {client.host("xenct-xen1"): True, client.host("xenct-xen2"): False}
    (unplugged,) = [ref for ref, record in records.items() if not record["currently_attached"]]
    assert client.details("PBD.plug", unplugged) == ["SR_BACKEND_FAILURE_68", "", LOGIN_TEXT, ""]


def test_a_failed_create_leaves_no_sr_but_the_copied_secrets(pool: RunningPool, client: Client) -> None:
    config = {**client.equallogic(), "SCSIid": "36gone"}
    details = client.details("SR.create", *client.create_arguments(config))
    assert details[0] == "SR_BACKEND_FAILURE_47"
    assert details[2] == "The SR is not available [opterr=The SCSIid parameter is missing or incorrect]"
    report = pool.report()
    assert "new" not in [sr["name_label"] for sr in report["srs"]]
    leaked = [secret for secret in report["secrets"] if not secret["pbds"]]
    assert [secret["other_config"] for secret in leaked] == [{"srbot": "test"}] * 3
    assert report["overwrites"] == []


def test_a_failed_create_with_a_plain_password_leaks_its_secret_too(pool: RunningPool, client: Client) -> None:
    config = {"target": "10.0.0.5", "chapuser": "tecmint", "chappassword": "wrong"}
    assert client.probe_fails(config)[0] == "SR_BACKEND_FAILURE_68"
    (secret,) = pool.report()["secrets"]
    assert secret["pbds"] == []


def test_the_name_and_the_description_are_there_while_the_create_runs(client: Client) -> None:
    control(client.pool, "delays", {"factor": 1.0, "create": 2.0, "plug": 0.0})
    arguments = client.create_arguments(client.equallogic(), "new", "srbot:tag")
    task = client.call("Async.SR.create", *arguments)
    token = client.call("event.from", ["sr"], "", 0.0)["token"]
    (sr,) = client.call("SR.get_by_name_label", "new") or [_appeared(client, token)]
    assert client.call("SR.get_name_description", sr) == "srbot:tag"
    assert client.call("task.get_status", task) == "pending"
    assert client.finished(task)["result"] == f"<value>{sr}</value>"


def _appeared(client: Client, token: str) -> str:
    events = client.call("event.from", ["sr"], token, 5.0)["events"]
    return str(events[0]["ref"])


def test_a_device_open_on_the_master_is_in_use(client: Client) -> None:
    """Whether the weak look finds the other PBD first is chance; the device is open either way."""
    wrapped = "The SR is not available [opterr=The SR device is currently in use]"
    details = client.details("SR.create", *client.create_arguments(netapp(0)))
    assert details == ["SR_BACKEND_FAILURE_47", "", wrapped, ""]
    assert client.pool.report()["overwrites"] == []


def test_the_weak_look_may_miss_a_detached_sr_of_the_same_pool(pool: RunningPool, client: Client) -> None:
    """What xapi's order of PBDs decides: here the new PBDs come first."""
    sr = client.call("SR.get_by_name_label", "netapp-silver")[0]
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    pool.do(lambda model: setattr(model.objects, "make_uuid", _low_uuids()))
    client.create(netapp(1))
    (overwrite,) = pool.report()["overwrites"]
    assert overwrite["before"]["sr_name"] == "netapp-silver"


def test_the_weak_look_may_find_it_too(pool: RunningPool, client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "netapp-silver")[0]
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    pool.do(lambda model: setattr(model.objects, "make_uuid", _high_uuids()))
    details = client.details("SR.create", *client.create_arguments(netapp(1)))
    assert details[2] == "The SR is not available [opterr=The SR device is currently in use]"


class _Numbered:
    def __init__(self, prefix: str) -> None:
        self._prefix, self._next = prefix, 0

    def __call__(self) -> str:
        self._next += 1
        return f"{self._prefix}-0000-4000-8000-{self._next:012x}"


def _low_uuids() -> _Numbered:
    return _Numbered("00000000")


def _high_uuids() -> _Numbered:
    return _Numbered("zzzzzzzz")


def test_a_serial_within_a_remembered_device_name_is_in_use(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    client.call("SR.add_to_sm_config", sr, "devserial", "scsi-80E4XkKJ0003")
    details = client.details("SR.create", *client.create_arguments(netapp(3)))
    assert details[2] == "The SR is not available [opterr=The SR device is currently in use]"


def test_a_lun_with_4096_byte_sectors_is_wiped_and_then_refused(pool: RunningPool, client: Client) -> None:
    lun = {"lun_id": 3, "block_size": 4096}
    control(pool, "array", {"op": "put_lun", "array": "netapp", "iqn": netapp()["targetIQN"], "lun": lun})
    details = client.details("SR.create", *client.create_arguments(netapp(3)))
    assert details[2] == "The SR is not available [opterr=Logical Volume group creation failed]"
    assert [entry["scsi_id"] for entry in pool.report()["overwrites"]] == [netapp_scsi_id(3)]


def test_sessions_to_every_target_are_kept_in_the_device_config(client: Client) -> None:
    config = {**netapp(3), "targetIQN": "*"}
    sr = client.create(config)
    pbd = client.call("PBD.get_record", client.call("SR.get_PBDs", sr)[0])
    first, *_ = pbd["device_config"]["multiSession"].split("|")
    assert first == f"10.0.1.11,3260,{netapp()['targetIQN']}"


def test_a_local_sr_gets_one_pbd_on_its_host(client: Client) -> None:
    arguments = client.create_arguments(netapp(4))
    arguments[7] = False
    sr = client.call("SR.create", *arguments)
    (pbd,) = client.call("SR.get_PBDs", sr)
    assert client.call("PBD.get_host", pbd) == client.host("xenct-xen1")


def test_a_host_that_is_down_takes_no_create(pool: RunningPool, client: Client) -> None:
    slave = client.host("xenct-xen2")
    control(pool, "host", {"host": "xenct-xen2", "up": False})
    arguments = client.create_arguments(netapp(4))
    arguments[0], arguments[7] = slave, False
    assert client.details("SR.create", *arguments) == ["HOST_OFFLINE", slave]


def test_destroying_an_sr_blanks_its_lun(pool: RunningPool, client: Client) -> None:
    sr = client.create(client.equallogic())
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    client.call("SR.destroy", sr)
    report = pool.report()
    assert report["overwrites"][-1]["after"]["kind"] == "blank"
    assert len(report["secrets"]) == 1
    assert client.details("SR.get_uuid", sr)[0] == "HANDLE_INVALID"


def test_an_sr_without_a_pbd_of_the_master_is_not_destroyed(pool: RunningPool, client: Client) -> None:
    sr = client.create(netapp(4))
    pbds = {client.call("PBD.get_host", ref): ref for ref in client.call("SR.get_PBDs", sr)}
    for pbd in pbds.values():
        client.call("PBD.unplug", pbd)
    for host in (client.host(), client.host("xenct-xen2")):
        client.call("PBD.destroy", pbds[host])
        assert client.details("SR.destroy", sr) == ["SR_HAS_NO_PBDS", sr]
    assert pool.report()["overwrites"][-1]["after"]["kind"] == "sr"


def test_an_indestructible_sr_is_not_destroyed(client: Client) -> None:
    sr = client.create(client.equallogic())
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    client.call("SR.add_to_other_config", sr, "indestructible", "true")
    assert client.details("SR.destroy", sr) == ["SR_INDESTRUCTIBLE", sr]


def test_destroying_an_sr_whose_lun_is_gone_fails_as_the_driver_does(pool: RunningPool, client: Client) -> None:
    sr = client.create(netapp(4))
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)
    iqn = netapp()["targetIQN"]
    control(pool, "array", {"op": "remove_lun", "array": "netapp", "iqn": iqn, "lun_id": 4})
    assert client.details("SR.destroy", sr)[0] == "SR_BACKEND_FAILURE_107"


def test_with_multipathing_a_lun_in_use_cannot_be_probed(client: Client) -> None:
    client.call("host.set_multipathing", client.host(), True)
    assert client.probe_fails(netapp(0)) == ["SR_DEVICE_IN_USE"]
    assert "/dev/mapper/" in client.probe(netapp(7))


def test_a_host_without_iqn_cannot_probe(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": "xenct-xen1", "iqn": ""})
    details = client.probe_fails(netapp())
    assert details[2] == "Unable to retrieve the host configuration ISCSI IQN parameter"


def test_a_hidden_target_is_left_out_for_those_who_may_not_log_in(pool: RunningPool, client: Client) -> None:
    target = {"iqn": ONLY_XEN1_IQN, "hidden": True}
    control(pool, "array", {"op": "put_target", "array": "one-host-refused", "target": target})
    assert ONLY_XEN1_IQN in client.probe_fails({"target": ONLY_XEN1})[3]
    assert ONLY_XEN1_IQN not in client.probe_fails({"target": ONLY_XEN1}, "xenct-xen2")[3]


def test_every_target_of_an_address_where_none_admits_us_is_202(client: Client) -> None:
    config = {"target": ONLY_XEN1, "targetIQN": "*", "SCSIid": "3x"}
    details = client.probe_fails(config, "xenct-xen2")
    assert details[:3] == ["SR_BACKEND_FAILURE_202", "", "General backend error [opterr=list index out of range]"]


def test_ten_thousand_targets_are_listed_once_each(client: Client) -> None:
    printed = client.probe_fails({"target": "10.0.2.5"})[3]
    assert printed.count("<TGT>") == 10_001
    assert printed.startswith('<?xml version="1.0" ?>\n<iscsi-target-iqns>\n\t<TGT>\n\t\t<Index>0</Index>\n')


def test_four_portals_give_four_rows_of_one_iqn(client: Client) -> None:
    printed = client.probe_fails({"target": "netapp.example,10.0.1.12"})[3]
    assert printed.count(netapp()["targetIQN"]) == 4
    assert "<IPAddress>netapp.example,10.0.1.12</IPAddress>\n\t\t<TargetIQN>*<" in printed


def test_sixty_luns_come_in_the_order_of_a_directory(client: Client) -> None:
    printed = client.probe_fails(netapp())[3]
    ids = [line.split(">")[1].split("<")[0] for line in printed.splitlines() if "<LUNid>" in line]
    assert len(ids) == 60
    assert ids[:4] == ["0", "1", "10", "11"]
    assert printed.count("<serial>") == 59
