# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""Two pools on one storage network, and disks that change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.wire_client import EQUALLOGIC_SCSI_ID, Client, control, log_in, netapp, netapp_scsi_id

OTHER_IQN = "iqn.2026-01.com.example:other"
DETACHED = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"


def other_scenario() -> Scenario:
    return Scenario("other", (HostSpec("other-xen1", "127.0.0.1", OTHER_IQN),), (), ())


@pytest.fixture
def neighbour(pool: RunningPool, tmp_path: Path) -> Iterator[Client]:
    with running_pool(tmp_path / "other", scenario=other_scenario, storage=pool) as running:
        yield log_in(running)


def create_there(client: Client, config: dict[str, str]) -> str:
    (host,) = client.call("host.get_all")
    return str(client.call("SR.create", host, config, "0", "theirs", "", "lvmoiscsi", "user", True, {}))


def attach(client: Client, uuid: str, config: dict[str, str]) -> str:
    host = client.call("host.get_all")[0]
    sr = client.call("SR.introduce", uuid, "found", "", "lvmoiscsi", "user", True)
    pbd = client.call("PBD.create", {"host": host, "SR": sr, "device_config": config})
    client.call("PBD.plug", pbd)
    return str(sr)


def test_what_one_pool_writes_the_other_finds(pool: RunningPool, client: Client, neighbour: Client) -> None:
    sr = create_there(neighbour, neighbour.equallogic())
    uuid = neighbour.call("SR.get_uuid", sr)
    assert uuid in client.probe(client.equallogic())
    (overwrite,) = pool.report()["overwrites"]
    assert (overwrite["pool"], overwrite["scsi_id"]) == ("other", EQUALLOGIC_SCSI_ID)
    assert client.details("SR.get_by_uuid", uuid)[0] == "UUID_INVALID"


def test_a_change_of_an_array_is_seen_by_both(pool: RunningPool, neighbour: Client) -> None:
    control(pool, "array", {"op": "put_target", "array": "unmapped", "target": {"iqn": "iqn.2000-01.x:new"}})
    (host,) = neighbour.call("host.get_all")
    assert "iqn.2000-01.x:new" in neighbour.details("SR.probe", host, {"target": "10.0.3.5"}, "lvmoiscsi")[3]


def test_plugging_what_another_pool_has_plugged_works_and_corrupts(
    pool: RunningPool, client: Client, neighbour: Client
) -> None:
    attach(client, DETACHED, netapp(7))
    assert pool.report()["corruptions"] == []
    attach(neighbour, DETACHED, netapp(7))
    (corruption,) = pool.report()["corruptions"]
    assert (corruption["sr_uuid"], corruption["method"], corruption["host"]) == (DETACHED, "PBD.plug", "other-xen1")


def test_overwriting_what_another_pool_has_plugged_corrupts(pool: RunningPool, neighbour: Client) -> None:
    create_there(neighbour, netapp(0))
    rows = pool.report()["corruptions"]
    assert [(row["scsi_id"], row["method"]) for row in rows] == [
        (netapp_scsi_id(0), "SR.create"),
        (netapp_scsi_id(0), "PBD.plug"),
    ]


def test_a_pool_that_is_not_played_can_have_an_sr_plugged(pool: RunningPool, client: Client) -> None:
    content = {"kind": "sr", "sr_uuid": DETACHED, "attached_elsewhere": True}
    control(pool, "array", {"op": "content", "scsi_id": netapp_scsi_id(7), "content": content})
    assert pool.report()["corruptions"] == []
    attach(client, DETACHED, netapp(7))
    assert [row["host"] for row in pool.report()["corruptions"]] == ["xenct-xen1"]


def test_a_disk_can_get_another_scsi_id_and_keeps_what_is_on_it(pool: RunningPool, client: Client) -> None:
    sr = client.create(netapp(3))
    change = {"scsi_id": "36renamed"}
    control(pool, "array", {"op": "lun", "scsi_id": netapp_scsi_id(3), "change": change})
    assert client.call("SR.get_uuid", sr) in client.probe({**netapp(), "SCSIid": "36renamed"})
    assert client.probe_fails(netapp(3))[0] == "SR_BACKEND_FAILURE_107"


def test_a_disk_of_which_nothing_was_written_can_too(pool: RunningPool, client: Client) -> None:
    change = {"scsi_id": "36renamed", "size": 5, "serial": "S5"}
    control(pool, "array", {"op": "lun", "scsi_id": netapp_scsi_id(7), "change": change})
    assert DETACHED in client.probe({**netapp(), "SCSIid": "36renamed"})
    assert "<serial>S5</serial>" in client.probe_fails(netapp())[3]


def test_the_master_remembers_on_which_device_an_attached_sr_is(client: Client) -> None:
    sr = attach(client, DETACHED, netapp(7))
    assert client.call("SR.get_sm_config", sr)["devserial"] == f"scsi-{netapp_scsi_id(7)}"
