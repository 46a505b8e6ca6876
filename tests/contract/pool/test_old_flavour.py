from __future__ import annotations

from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import EQUALLOGIC_IQN, Client, netapp

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


def test_documents_are_padded(old_client: Client) -> None:
    chap = old_client.tecmint()
    assert old_client.probe_fails({"target": "10.0.0.5", **chap})[3] == PADDED_TARGETS
    assert old_client.probe_fails({"target": "10.0.0.5", "targetIQN": EQUALLOGIC_IQN, **chap})[3] == PADDED_LUNS
    assert "\t\t<UUID>\n\t\t\t7d3e0a64-1f9b-4b52-8c17-55aa02f6d404\n\t\t</UUID>\n" in old_client.probe(netapp(7))


def test_a_refused_login_is_told_in_the_old_words(old_client: Client) -> None:
    details = old_client.probe_fails({"target": "10.0.0.5"})
    assert details[2] == "ISCSI login failed, verify CHAP credentials"


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


def test_younger_fields_methods_and_drivers_are_not_there(old_client: Client) -> None:
    record = old_client.call("host.get_record", old_client.host())
    assert "iscsi_iqn" not in record
    assert record["other_config"]["iscsi_iqn"] == "iqn.2026-01.com.example:xenct-xen1"
    assert old_client.details("host.get_iscsi_iqn", old_client.host())[0] == "MESSAGE_METHOD_UNKNOWN"
    assert old_client.details("host.set_iscsi_iqn", old_client.host(), "x")[0] == "MESSAGE_METHOD_UNKNOWN"
    assert "gfs2" not in old_client.call("SR.get_supported_types")
