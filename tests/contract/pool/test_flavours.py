"""What one flavour does and another doesn't."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.sandbox.pool.flavours import FLAVOURS
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.rows.row import EVERY
from tests.contract.pool.wire_client import EQUALLOGIC_IQN, Client, control, log_in, netapp

BRANDS = {
    "6.5": ("XenServer", "6.5.0"),
    "7.6": ("XenServer", "7.6.0"),
    "8.2": ("Citrix Hypervisor", "8.2.0"),
    "xcpng-8.2": ("XCP-ng", "8.2.1"),
    "xcpng-8.3": ("XCP-ng", "8.3.0"),
    "8": ("XenServer", "8.4.0"),
}
EVERYWHERE = {"lvmoiscsi", "lvmohba", "nfs", "iso", "udev", "lvm", "ext", "file", "lvhdoiscsi", "lvhdohba", "lvhd"}
SMALL = {"smb", "zfs", "xfs", "cephfs", "glusterfs", "moosefs"}
TYPES = {
    "6.5": set(),
    "7.6": {"smb", "gfs2", "lvmofcoe"},
    "8.2": {"smb", "gfs2", "lvmofcoe"},
    "xcpng-8.2": SMALL,
    "xcpng-8.3": SMALL | {"largeblock", "linstor"},
    "8": {"smb", "gfs2"},
}
WITHOUT_HOST_IQN = {"6.5"}
KEEP_PASSWORDS = {"6.5", "7.6"}

PADDED_TARGETS = """<?xml version="1.0" ?>
<iscsi-target-iqns>
\t<TGT>
\t\t<Index>
\t\t\t0
\t\t</Index>
\t\t<IPAddress>
\t\t\t10.0.0.5
\t\t</IPAddress>
\t\t<TargetIQN>
\t\t\tiqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2
\t\t</TargetIQN>
\t</TGT>
\t<TGT>
\t\t<Index>
\t\t\t1
\t\t</Index>
\t\t<IPAddress>
\t\t\t10.0.0.5
\t\t</IPAddress>
\t\t<TargetIQN>
\t\t\t*
\t\t</TargetIQN>
\t</TGT>
</iscsi-target-iqns>

"""
PADDED_LUNS = """<?xml version="1.0" ?>
<iscsi-target>
\t<LUN>
\t\t<vendor>
\t\t\tEQLOGIC
\t\t</vendor>
\t\t<LUNid>
\t\t\t0
\t\t</LUNid>
\t\t<size>
\t\t\t107379425280
\t\t</size>
\t\t<SCSIid>
\t\t\t36090a028b04a9a0def60353420006046
\t\t</SCSIid>
\t</LUN>
</iscsi-target>

"""


@pytest.fixture(scope="module", params=EVERY)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running_pool(tmp_path_factory.mktemp("pool"), flavour=request.param) as running:
        yield log_in(running)


def test_every_flavour_is_in_the_tables() -> None:
    assert tuple(FLAVOURS) == EVERY


def test_it_says_what_it_is(client: Client) -> None:
    version = client.call("host.get_software_version", client.host())
    assert (version["product_brand"], version["product_version"]) == BRANDS[client.pool.flavour]


def test_it_has_its_own_drivers(client: Client) -> None:
    types = set(client.call("SR.get_supported_types"))
    assert types == EVERYWHERE | TYPES[client.pool.flavour]
    records = client.call("SM.get_all_records").values()
    assert {record["type"] for record in records} <= types


def test_a_hosts_iqn_is_a_field_from_7_5_on_and_in_other_config_always(client: Client) -> None:
    record = client.call("host.get_record", client.host())
    old = client.pool.flavour in WITHOUT_HOST_IQN
    assert ("iscsi_iqn" in record) is ("multipathing" in record) is (not old)
    assert record["other_config"]["iscsi_iqn"] == "iqn.2026-01.com.example:xenct-xen1"
    expected = "MESSAGE_METHOD_UNKNOWN" if old else "HANDLE_INVALID"
    assert client.details("host.get_iscsi_iqn", "OpaqueRef:none")[0] == expected
    assert client.details("host.set_iscsi_iqn", "OpaqueRef:none", "x")[0] == expected


def test_younger_fields_come_with_younger_releases(client: Client) -> None:
    record = client.call("pool.get_all_records").popitem()[1]
    flavour = client.pool.flavour
    assert ("tls_verification_enabled" in record) is (flavour in {"xcpng-8.3", "8"})
    assert ("ext_auth_cache_enabled" in record) is (flavour == "8")
    assert ("igmp_snooping_enabled" in record) is (flavour != "6.5")


def test_a_plain_password_becomes_a_secret_from_8_1_on(client: Client) -> None:
    value = client.pool.chap_password("tecmint")
    sr = client.call("SR.introduce", "", "plain", "", "lvmoiscsi", "user", True)  # noqa: FBT003 - XenAPI's own
    config = {"target": "10.0.0.5", "chapuser": "tecmint", "chappassword": value}
    pbd = client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": config})
    kept: dict[str, str] = client.call("PBD.get_device_config", pbd)
    if client.pool.flavour in KEEP_PASSWORDS:
        assert kept == config
    else:
        assert set(kept) == {"target", "chapuser", "chappassword_secret"}
    client.call("SR.forget", sr)
    assert value not in str(client.pool.report())


def test_a_lun_that_cannot_be_written_fails_to_be_wiped(client: Client) -> None:
    lun = {"lun_id": 5, "read_only": True}
    control(client.pool, "array", {"op": "put_lun", "array": "netapp", "iqn": netapp()["targetIQN"], "lun": lun})
    code, _, text, _ = client.details("SR.create", *client.create_arguments(netapp(5)))
    assert code == "SR_BACKEND_FAILURE_47"
    if client.pool.flavour == "xcpng-8.3":
        assert text == "The SR is not available [opterr=Failed to wipe pre-existing filesystem signature.]"
    else:
        device = f"device /dev/disk/by-id/scsi-{netapp(5)['SCSIid']}"
        assert text == f"The SR is not available [opterr=Logical Volume write error [opterr={device}]]"
    assert netapp(5)["SCSIid"] not in [row["scsi_id"] for row in client.pool.report()["overwrites"]]


def test_an_sr_is_created_and_taken_down_again(client: Client) -> None:
    before = client.pool.report()
    sr = client.create(client.equallogic())
    for ref in client.call("SR.get_PBDs", sr):
        assert client.call("PBD.get_currently_attached", ref) is True
        client.call("PBD.unplug", ref)
    client.call("SR.destroy", sr)
    for ref in client.call("secret.get_all"):
        client.call("secret.destroy", ref)
    after = client.pool.report()
    assert [sr["uuid"] for sr in after["srs"]] == [sr["uuid"] for sr in before["srs"]]
    assert after["secrets"] == after["tasks"] == []


def test_documents_are_padded(old_client: Client) -> None:
    chap = old_client.tecmint()
    assert old_client.probe_fails({"target": "10.0.0.5", **chap})[3] == PADDED_TARGETS
    assert old_client.probe_fails({"target": "10.0.0.5", "targetIQN": EQUALLOGIC_IQN, **chap})[3] == PADDED_LUNS
    assert "\t\t<UUID>\n\t\t\t7d3e0a64-1f9b-4b52-8c17-55aa02f6d404\n\t\t</UUID>\n" in old_client.probe(netapp(7))


def test_a_plain_password_stays_in_the_device_config(old_pool: RunningPool, old_client: Client) -> None:
    config = {"chapuser": "tecmint", "chappassword": old_pool.chap_password("tecmint")}
    kept = {key: value for key, value in old_client.equallogic().items() if not key.startswith("chap")}
    before = len(old_pool.report()["secrets"])
    sr = old_client.create({**kept, **config})
    pbd = old_client.call("PBD.get_record", old_client.call("SR.get_PBDs", sr)[0])
    assert pbd["device_config"]["chappassword"] == old_pool.chap_password("tecmint")
    assert pbd["currently_attached"]
    report = old_pool.report()
    assert len(report["secrets"]) == before
    assert old_pool.chap_password("tecmint") not in str(report)
