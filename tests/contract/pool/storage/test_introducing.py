# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""What `xe sr-introduce`, `pbd-create` and `pbd-plug` do for an SR that is on a device of one host."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.rows.disks import SCRATCH
from tests.contract.pool.rows.introduced import INTRODUCED, NOBODYS, ONE, OTHER, SCRATCH_SR
from tests.contract.pool.rows.row import EVERY, Row
from tests.contract.pool.wire_client import Answer, Client, FailedError, control, log_in

ELSEWHERE = "35000c500a1b2c3d2"


def introduce(client: Client, uuid: str, sr_type: str) -> str:
    return str(client.call("SR.introduce", uuid, "old", "", sr_type, "user", False, {}))


def put_pbd(client: Client, sr: str, host: str, device: str) -> str:
    return str(client.call("PBD.create", {"host": client.host(host), "SR": sr, "device_config": {"device": device}}))


def plugged(client: Client, row: Row) -> Answer:
    uuid, sr_type, host, device = row.arguments
    try:
        return client.call(row.method, put_pbd(client, introduce(client, uuid, sr_type), host, device))
    except FailedError as failed:
        return failed.details


def forget(client: Client) -> None:
    for sr in client.call("SR.get_by_name_label", "old"):
        for pbd in client.call("SR.get_PBDs", sr):
            client.call("PBD.unplug", pbd)
        client.call("SR.forget", sr)


@pytest.mark.parametrize("flavour", EVERY)
def test_what_is_on_the_device_decides(tmp_path: Path, flavour: str) -> None:
    with running_pool(tmp_path / "pool", flavour=flavour) as pool:
        client = log_in(pool)
        for row in INTRODUCED:
            assert plugged(client, row) == row.answer_of(flavour), row.name
            forget(client)
        assert pool.report()["overwrites"] == []


def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in INTRODUCED}) == len(INTRODUCED)


def test_it_is_attached_to_one_host_alone_and_nothing_is_overwritten(pool: RunningPool, client: Client) -> None:
    sr = introduce(client, SCRATCH_SR, "ext")
    assert client.call("SR.get_physical_size", sr) == "-1"
    client.call("PBD.plug", put_pbd(client, sr, ONE, SCRATCH))
    record = client.call("SR.get_record", sr)
    assert (record["shared"], record["type"], record["uuid"]) == (False, "ext", SCRATCH_SR)
    assert record["physical_size"] != "-1"
    second = put_pbd(client, sr, OTHER, SCRATCH)
    assert client.details("PBD.plug", second) == ["SR_NOT_SHARABLE", sr, client.host()]
    assert pool.report()["overwrites"] == []


def test_the_host_that_has_it_leads_it_and_not_the_master(client: Client) -> None:
    content = {"kind": "sr", "sr_uuid": NOBODYS, "sr_name": "theirs"}
    assert control(client.pool, "array", {"op": "content", "scsi_id": ELSEWHERE, "content": content})[0] == 200
    sr = introduce(client, NOBODYS, "lvm")
    client.call("PBD.plug", put_pbd(client, sr, OTHER, f"/dev/disk/by-id/scsi-{ELSEWHERE}"))
    assert client.call("SR.get_sm_config", sr)["devserial"] == f"scsi-{ELSEWHERE}"
    client.call("SR.scan", sr)


def test_what_the_pool_knows_or_has_no_driver_for_is_not_introduced(client: Client) -> None:
    introduce(client, SCRATCH_SR, "ext")
    again: tuple[object, ...] = (SCRATCH_SR, "old", "", "ext", "user", False, {})
    assert client.details("SR.introduce", *again) == ["SR_UUID_EXISTS", SCRATCH_SR]
    assert client.details("SR.introduce", NOBODYS, "old", "", "warp", "user", False) == ["SR_UNKNOWN_DRIVER", "warp"]
