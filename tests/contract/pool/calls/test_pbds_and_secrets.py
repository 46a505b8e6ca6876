# ruff: noqa: FBT003 - the booleans of XenAPI are positional
from __future__ import annotations

from typing import Any

import pytest

from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import Client, control, netapp

DETACHED = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"


def _introduce(client: Client, uuid: str = DETACHED, sr_type: str = "LVMoISCSI") -> str:
    return str(client.call("SR.introduce", uuid, "old", "", sr_type, "user", True))


def _pbd(client: Client, sr: str, host: str = "xenct-xen1", **config: str) -> str:
    record = {"host": client.host(host), "SR": sr, "device_config": {**netapp(7), **config}}
    return str(client.call("PBD.create", record))


def test_an_sr_found_on_a_lun_can_be_introduced_and_plugged(client: Client) -> None:
    sr = _introduce(client)
    assert client.call("SR.get_type", sr) == "lvmoiscsi"
    assert client.call("SR.get_physical_size", sr) == "-1"
    pbd = _pbd(client, sr)
    client.call("PBD.plug", pbd)
    client.call("PBD.plug", pbd)
    assert client.call("PBD.get_currently_attached", pbd) is True
    assert client.call("SR.get_physical_size", sr) == "483171237888"
    client.call("SR.scan", sr)
    client.call("SR.set_shared", sr, False)
    other = _pbd(client, sr, "xenct-xen2")
    assert client.details("PBD.plug", other) == ["SR_NOT_SHARABLE", sr, client.host()]


def test_an_introduced_sr_gets_a_uuid_when_none_is_given(client: Client) -> None:
    assert len(client.call("SR.get_uuid", _introduce(client, ""))) == 36


def test_plugging_another_sr_than_the_one_on_the_lun_names_its_volume_group(client: Client) -> None:
    uuid = "11111111-1f9b-4b52-8c17-55aa02f6d404"
    details = client.details("PBD.plug", _pbd(client, _introduce(client, uuid)))
    assert details[2] == f"The SR is not available [opterr=no such volume group: VG_XenStorage-{uuid}]"


def test_plugging_what_has_nothing_behind_it_fails(client: Client) -> None:
    pbd = _pbd(client, _introduce(client, sr_type="nfs"))
    assert client.details("PBD.plug", pbd)[0] == "SR_BACKEND_FAILURE_102"


def test_what_was_there_from_the_start_can_be_unplugged_and_plugged(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    first, *_ = client.call("SR.get_PBDs", sr)
    client.call("PBD.unplug", first)
    client.call("PBD.unplug", first)
    client.call("PBD.plug", first)
    assert client.call("PBD.get_currently_attached", first) is True


def test_an_sr_without_plugged_pbds_cannot_be_scanned(client: Client) -> None:
    sr = _introduce(client)
    assert client.details("SR.scan", sr) == ["SR_HAS_NO_PBDS", sr]


def test_a_second_pbd_for_a_host_is_refused(client: Client) -> None:
    sr = _introduce(client)
    pbd = _pbd(client, sr)
    record = {"host": client.host(), "SR": sr, "device_config": {}}
    assert client.details("PBD.create", record) == ["PBD_EXISTS", sr, client.host(), pbd]


def test_an_internal_key_is_refused(client: Client) -> None:
    record = {"host": client.host(), "SR": _introduce(client), "device_config": {"SRmaster": "true"}}
    assert client.details("PBD.create", record)[0] == "VALUE_NOT_SUPPORTED"


def test_a_plugged_pbd_is_not_destroyed(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    pbd = client.call("SR.get_PBDs", sr)[0]
    assert client.details("PBD.destroy", pbd) == ["OPERATION_NOT_ALLOWED", "PBD is currently attached"]


def test_a_host_that_is_down_plugs_nothing(pool: RunningPool, client: Client) -> None:
    pbd = _pbd(client, _introduce(client), "xenct-xen2")
    control(pool, "host", {"host": "xenct-xen2", "up": False})
    assert client.details("PBD.plug", pbd) == ["HOST_OFFLINE", client.host("xenct-xen2")]


def test_a_pbd_owns_copies_of_secrets_and_takes_them_along(pool: RunningPool, client: Client) -> None:
    mine = client.tecmint()
    sr = _introduce(client)
    pbd = _pbd(client, sr, **mine)
    own = client.call("PBD.get_device_config", pbd)["chappassword_secret"]
    assert own != mine["chappassword_secret"]
    value = client.call("secret.get_value", client.call("secret.get_by_uuid", own))
    assert value == pool.chap_password("tecmint")
    client.call("PBD.destroy", pbd)
    assert [secret["uuid"] for secret in pool.report()["secrets"]] == [mine["chappassword_secret"]]


def test_a_new_device_config_gets_its_own_secrets(pool: RunningPool, client: Client) -> None:
    pbd = _pbd(client, _introduce(client), chappassword="first")
    before = client.call("PBD.get_device_config", pbd)["chappassword_secret"]
    client.call("PBD.set_device_config", pbd, {**netapp(7), "chappassword": "second"})
    after = client.call("PBD.get_device_config", pbd)
    assert "chappassword" not in after
    assert before not in [secret["uuid"] for secret in pool.report()["secrets"]]
    ref = client.call("secret.get_by_uuid", after["chappassword_secret"])
    assert client.call("secret.get_value", ref) == "second"


def test_a_secret_that_is_gone_cannot_be_copied(client: Client) -> None:
    record = {"host": client.host(), "SR": _introduce(client), "device_config": {"chappassword_secret": "no"}}
    assert client.details("PBD.create", record) == ["UUID_INVALID", "secret", "no"]


def test_secrets_are_made_and_destroyed(pool: RunningPool, client: Client) -> None:
    ref = client.call("secret.create", {"value": "x", "other_config": {}, "unknown": "ignored"})
    client.call("secret.destroy", ref)
    assert pool.report()["secrets"] == []
    assert client.details("secret.destroy", ref) == ["HANDLE_INVALID", "secret", ref]


@pytest.mark.parametrize("record", [{"value": 5}, {"value": "x", "other_config": "y"}])
def test_a_secret_of_the_wrong_type_is_refused(client: Client, record: dict[str, Any]) -> None:
    assert client.details("secret.create", record) == ["FIELD_TYPE_ERROR", "args"]


def test_forgetting_an_sr_takes_its_pbds_along(client: Client) -> None:
    sr = _introduce(client)
    pbd = _pbd(client, sr)
    client.call("SR.forget", sr)
    assert client.details("PBD.get_uuid", pbd) == ["HANDLE_INVALID", "PBD", pbd]


def test_maps_and_sets_of_an_object_can_be_changed_key_by_key(client: Client) -> None:
    sr = _introduce(client)
    client.call("SR.add_to_other_config", sr, "auto-scan", "true")
    duplicate = client.details("SR.add_to_other_config", sr, "auto-scan", "false")
    assert duplicate == ["MAP_DUPLICATE_KEY", "SR", "other_config", sr, "auto-scan"]
    client.call("SR.remove_from_other_config", sr, "auto-scan")
    client.call("SR.remove_from_other_config", sr, "auto-scan")
    assert client.call("SR.get_other_config", sr) == {}
    client.call("SR.add_tags", sr, "gold")
    client.call("SR.add_tags", sr, "gold")
    assert client.call("SR.get_tags", sr) == ["gold"]
    client.call("SR.remove_tags", sr, "gold")
    assert client.call("SR.get_tags", sr) == []
    pool = client.call("pool.get_all")[0]
    client.call("pool.set_default_SR", pool, sr)
    client.call("pool.set_default_SR", pool, "OpaqueRef:NULL")
    assert client.call("pool.get_default_SR", pool) == "OpaqueRef:NULL"


def test_hosts_can_be_disabled_and_given_an_iqn(client: Client) -> None:
    host = client.host()
    client.call("host.disable", host)
    assert client.call("host.get_enabled", host) is False
    client.call("host.enable", host)
    assert client.call("host.get_enabled", host) is True
    client.call("host.set_iscsi_iqn", host, "iqn.2026-01.com.example:other")
    assert client.call("host.get_other_config", host)["iscsi_iqn"] == "iqn.2026-01.com.example:other"
    assert len(client.call("host.get_PBDs", host)) == 6
