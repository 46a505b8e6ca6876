"""Which portals a host goes to, which it can reach, and what the sessions there show."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.rows.row import LOGIN_TEXT
from tests.contract.pool.wire_client import Client, control, netapp, netapp_scsi_id

XEN1, XEN2 = "xenct-xen1", "xenct-xen2"
XEN1_IQN = "iqn.2026-01.com.example:xenct-xen1"
PORTALS = tuple(f"10.0.1.{number}:3260" for number in (11, 12, 13, 14))
IN_USE = ["SR_DEVICE_IN_USE"]


def portal(pool: RunningPool, address: str, **fields: object) -> None:
    assert control(pool, "array", {"op": "portal", "array": "netapp", "address": address, **fields})[0] == 200


def target(pool: RunningPool, **fields: object) -> None:
    body = {"iqn": netapp()["targetIQN"], **fields}
    assert control(pool, "array", {"op": "put_target", "array": "netapp", "target": body})[0] == 200


def went(pool: RunningPool, host: str = XEN1) -> tuple[list[str], list[str]]:
    """The portals that a host came through to, and those where it logged in."""
    (told,) = (one for one in pool.report()["hosts"] if one["name_label"] == host)
    return list(told["contacts"]), [login["portal"] for login in told["logins"]]


def attached(client: Client, config: dict[str, str], host: str = XEN1) -> dict[str, Any]:
    """The PBD of a new SR, after its host has plugged it."""
    sr = client.create(config)
    uuid = client.call("SR.get_uuid", sr)
    rows = [row for row in client.pool.report()["pbds"] if row["sr_uuid"] == uuid and row["host_name"] == host]
    return dict(rows[0])


def test_a_login_goes_to_the_portal_that_was_typed_alone(pool: RunningPool, client: Client) -> None:
    client.probe(netapp(3))
    assert went(pool) == ([PORTALS[0]], [PORTALS[0]])
    assert went(pool, XEN2) == ([], [])


def test_with_multipathing_a_login_goes_to_every_portal_of_the_target(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": XEN1, "multipathing": True})
    client.probe(netapp(3))
    assert went(pool) == (list(PORTALS), list(PORTALS))


@pytest.mark.parametrize(("multipathing", "multihomed", "count"), [(True, "false", 1), (False, "true", 4)])
def test_multihomed_goes_before_the_hosts_setting(
    pool: RunningPool, client: Client, *, multipathing: bool, multihomed: str, count: int
) -> None:
    client.call("host.set_multipathing", client.host(), multipathing)
    client.probe({**netapp(3), "multihomed": multihomed})
    assert len(went(pool)[1]) == count


def test_portals_that_cannot_be_reached_are_passed_over(pool: RunningPool, client: Client) -> None:
    portal(pool, "10.0.1.12", up=False)
    portal(pool, "10.0.1.13", unreachable_from=[XEN1])
    portal(pool, "10.0.1.14", unreachable_from=[XEN1_IQN])
    for host in (XEN1, XEN2):
        control(pool, "host", {"host": host, "multipathing": True})
    pbd = attached(client, netapp(3))
    assert pbd["portals"] == [PORTALS[0]]
    uuid = pbd["sr_uuid"]
    (other,) = (row for row in pool.report()["pbds"] if row["sr_uuid"] == uuid and row["host_name"] == XEN2)
    assert other["portals"] == [PORTALS[0], *PORTALS[2:]]
    assert "10.0.1.13" in client.probe_fails({"target": "10.0.1.11"})[3]


def test_a_host_without_a_way_to_the_array_is_told_so(pool: RunningPool, client: Client) -> None:
    portal(pool, "10.0.1.11", unreachable_from=[XEN2])
    assert client.probe(netapp(3))
    assert client.probe_fails({"target": "10.0.1.11"}, XEN2)[0] == "SR_BACKEND_FAILURE_141"
    assert client.probe_fails(netapp(3), XEN2) == ["SR_BACKEND_FAILURE_68", "", LOGIN_TEXT, ""]
    sr = client.create(netapp(3))
    pbds = [client.call("PBD.get_record", one) for one in client.call("SR.get_PBDs", sr)]
    assert [pbd["currently_attached"] for pbd in pbds] == [True, False]


def test_a_target_that_another_portal_offers_gives_no_session_at_the_typed_one(
    pool: RunningPool, client: Client
) -> None:
    target(pool, portals=["10.0.1.12"])
    details = client.probe_fails(netapp(3))
    assert details == ["SR_BACKEND_FAILURE_67", "", "ISCSI device failed to appear [opterr=during login]", ""]
    assert client.probe({**netapp(3), "multihomed": "true"})
    created = client.details("SR.create", *client.create_arguments(netapp(3)))
    assert created[2] == "The SR is not available [opterr=ISCSI device failed to appear [opterr=during login]]"


def test_a_portal_in_several_groups_is_listed_several_times_and_logged_in_to_once(
    pool: RunningPool, client: Client
) -> None:
    portal(pool, "10.0.1.11", groups=2)
    printed = client.probe_fails({"target": "10.0.1.11"})[3]
    assert printed.count("<IPAddress>10.0.1.11</IPAddress>\n\t\t<TargetIQN>iqn.") == 2
    client.probe(netapp(3))
    assert went(pool)[1] == [PORTALS[0]]


def test_a_portal_can_be_added(pool: RunningPool, client: Client) -> None:
    portal(pool, "10.0.1.15", port=3261)
    printed = client.probe_fails({"target": "10.0.1.15", "port": "3261"})[3]
    assert "<IPAddress>10.0.1.15</IPAddress>\n\t\t<Port>3261</Port>" in printed


def test_every_target_means_every_portal(client: Client) -> None:
    pbd = attached(client, {**netapp(3), "targetIQN": "*"})
    assert pbd["portals"] == list(PORTALS)
    assert pbd["device_config"]["multiSession"].count("|") == 4


def test_a_plugged_pbd_tells_of_its_paths_until_it_is_unplugged(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": XEN1, "multipathing": True})
    pbd = attached(client, netapp(3))
    paths = {"iscsi_sessions": "4", "multipathed": "true", f"mpath-{netapp_scsi_id(3)}": "[4, 4]"}
    assert pbd["other_config"] == paths
    client.call("PBD.unplug", pbd["ref"])
    assert client.call("PBD.get_other_config", pbd["ref"]) == {}
    client.call("PBD.plug", pbd["ref"])
    assert client.call("PBD.get_other_config", pbd["ref"]) == paths


def test_without_multipathing_it_tells_of_one_session(client: Client) -> None:
    assert attached(client, netapp(3))["other_config"] == {"iscsi_sessions": "1"}


def test_a_hosts_name_cannot_change_while_sessions_are_open(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": XEN1, "iqn": "iqn.2026-01.com.example:renamed"})
    refused = ["SR_BACKEND_FAILURE_70", "", "Failed to set ISCSI initiator", ""]
    assert client.probe_fails({"target": "10.0.1.11"}) == client.probe_fails(netapp(3)) == refused
    control(pool, "vm", {"vm": "web-1"})
    for row in pool.report()["pbds"]:
        if row["host_name"] == XEN1 and row["currently_attached"]:
            client.call("PBD.unplug", row["ref"])
    assert client.probe(netapp(3))


def test_a_multipath_map_on_one_host_is_in_use_there(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": XEN2, "maps": [netapp_scsi_id(3)]})
    assert client.probe_fails(netapp(3), XEN2) == IN_USE
    assert client.probe(netapp(3))
    control(pool, "host", {"host": XEN1, "maps": [netapp_scsi_id(4)]})
    details = client.details("SR.create", *client.create_arguments(netapp(4)))
    assert details[2] == "The SR is not available [opterr=The SR device is currently in use]"
    assert pool.report()["overwrites"] == []


def test_luns_of_one_scsi_id_are_one(pool: RunningPool, client: Client) -> None:
    target(pool, luns=[{"lun_id": at, "scsi_id": "36same", "size": 5} for at in (1, 2)])
    assert client.probe_fails(netapp())[3].count("<LUN>") == 1


def test_a_lun_can_be_without_everything_but_its_number(pool: RunningPool, client: Client) -> None:
    target(pool, luns=[{"lun_id": 7, "scsi_id": "", "size": 0}])
    printed = client.probe_fails(netapp())[3]
    assert "\t<LUN>\n\t\t<LUNid>7</LUNid>\n\t</LUN>\n" in printed


def test_a_trailing_blank_of_a_scsi_id_is_printed_and_does_not_matter(pool: RunningPool, client: Client) -> None:
    target(pool, luns=[{"lun_id": 7, "scsi_id": "1VATES_x ", "size": 9}])
    assert "<SCSIid>1VATES_x </SCSIid>" in client.probe_fails(netapp())[3]
    assert "<SRlist/>" in client.probe({**netapp(), "SCSIid": "1VATES_x"})
