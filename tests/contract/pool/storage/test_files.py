# ruff: noqa: FBT003 - the booleans of XenAPI are positional
"""What creating, plugging and destroying leaves on file servers and in the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.rows.row import MOUNT_FAILED, failure
from tests.contract.pool.wire_client import Client, control, log_in

NAS, FILES = "nas.example", "files.example"
VMS = {"server": NAS, "serverpath": "/export/vms"}
OLD_SR = "5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10"
NO_WRITE = failure(461, "The file system for SR cannot be written to.")


@pytest.fixture
def xcpng(tmp_path: Path) -> Iterator[Client]:
    """A pool that needs no licence for SMB."""
    with running_pool(tmp_path / "xcpng", flavour="xcpng-8.3") as running:
        yield log_in(running)


def create(client: Client, kind: str, config: dict[str, str], **sm_config: str) -> str:
    content_type = "iso" if kind == "iso" else "user"
    arguments: tuple[Any, ...] = (client.host(), config, "0", "new", "", kind, content_type, True, sm_config)
    return str(client.call("SR.create", *arguments))


def pbds(client: Client, sr: str) -> list[dict[str, Any]]:
    return [client.call("PBD.get_record", ref) for ref in client.call("SR.get_PBDs", sr)]


def unplug(client: Client, sr: str) -> None:
    for ref in client.call("SR.get_PBDs", sr):
        client.call("PBD.unplug", ref)


def share(name: str, **fields: str) -> dict[str, str]:
    return {"location": f"\\\\{FILES}\\{name}", "type": "cifs", **fields}


def user(client: Client) -> dict[str, str]:
    return {"username": "LAB\\backup", "cifspassword_secret": client.share_secret("backup")}


def predicted(client: Client) -> str:
    """The uuid that the next SR gets."""
    uuid = "11111111-2222-4333-8444-555555555555"
    client.pool.do(lambda model: setattr(model.objects, "make_uuid", _first(uuid, model.objects.make_uuid)))
    return uuid


def _first(uuid: str, then: Callable[[], str]) -> Callable[[], str]:
    given = iter([uuid])
    return lambda: next(given, None) or then()


def test_an_sr_on_nfs_is_a_folder_of_its_own_beside_what_is_there(pool: RunningPool, client: Client) -> None:
    sr = create(client, "nfs", {"server": NAS, "serverpath": "/export/old"})
    record = client.call("SR.get_record", sr)
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [True, True]
    assert pool.report()["folders"] == {"nas:/export/old": [OLD_SR, record["uuid"]]}
    assert (record["physical_size"], record["sm_config"]) == (str(2048 * 1024**3), {})
    assert pool.report()["overwrites"] == []
    listed = client.call("SR.probe", client.host(), {"server": NAS, "serverpath": "/export/old"}, "nfs", {})
    assert record["uuid"] in listed
    assert OLD_SR in listed


def test_destroying_it_takes_its_own_folder_alone(pool: RunningPool, client: Client) -> None:
    sr = create(client, "nfs", {"server": NAS, "serverpath": "/export/old"})
    unplug(client, sr)
    client.call("SR.destroy", sr)
    assert pool.report()["folders"] == {"nas:/export/old": [OLD_SR]}


def test_a_path_without_subfolders_is_taken_itself(pool: RunningPool, client: Client) -> None:
    sr = create(client, "nfs", VMS, nosubdir="true")
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [True, True]
    assert pool.report()["folders"] == {}


def test_forgetting_keeps_the_folder_and_introducing_finds_it_again(pool: RunningPool, client: Client) -> None:
    sr = create(client, "nfs", VMS)
    uuid = client.call("SR.get_uuid", sr)
    unplug(client, sr)
    client.call("SR.forget", sr)
    assert pool.report()["folders"] == {"nas:/export/vms": [uuid]}
    sr = client.call("SR.introduce", uuid, "again", "", "nfs", "user", True, {})
    pbd = client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": VMS})
    client.call("PBD.plug", pbd)
    assert client.call("PBD.get_currently_attached", pbd) is True


def test_plugging_an_sr_whose_folder_is_not_there_cannot_be_mounted(client: Client) -> None:
    sr = client.call("SR.introduce", "", "none", "", "nfs", "user", True, {})
    pbd = client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": VMS})
    assert client.details("PBD.plug", pbd) == failure(73, f"NFS mount error [opterr={MOUNT_FAILED}]")


def test_plugging_without_a_path_lists_nothing(client: Client) -> None:
    sr = client.call("SR.introduce", "", "none", "", "nfs", "user", True, {})
    pbd = client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": {"server": NAS}})
    assert client.details("PBD.plug", pbd) == failure(101, "The request is missing the serverpath parameter")


def test_a_host_that_may_not_mount_stays_unplugged(client: Client) -> None:
    sr = create(client, "nfs", {"server": NAS, "serverpath": "/export/one-host"})
    attached = {pbd["host"]: pbd["currently_attached"] for pbd in pbds(client, sr)}
    assert attached == {client.host(): True, client.host("xenct-xen2"): False}


def test_an_export_where_no_file_can_be_written_is_created_but_never_plugged(client: Client) -> None:
    sr = create(client, "nfs", {"server": NAS, "serverpath": "/export/squashed"})
    first, *_ = client.call("SR.get_PBDs", sr)
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [False, False]
    assert client.details("PBD.plug", first) == NO_WRITE


def test_a_folder_of_that_uuid_with_files_in_it_exists(client: Client) -> None:
    folder = {"srs": [predicted(client)]}
    server = {"name": "nas", "exports": [{"path": "/export/vms", "folder": folder}]}
    control(client.pool, "array", {"op": "put_nfs", "server": server})
    arguments: tuple[Any, ...] = (client.host(), VMS, "0", "new", "", "nfs", "user", True, {})
    assert client.details("SR.create", *arguments) == failure(42, "The SR already exists")


@pytest.mark.parametrize(
    ("kind", "config", "answer"),
    [
        ("nfs", VMS, failure(75, "NFS mount point already attached")),
        ("smb", {"server": f"//{FILES}/public"}, failure(113, "SMB mount point already attached")),
    ],
)
def test_something_is_mounted_there_already(
    xcpng: Client, kind: str, config: dict[str, str], answer: list[str]
) -> None:
    control(xcpng.pool, "host", {"host": "xenct-xen1", "mounts": [predicted(xcpng)]})
    assert xcpng.details("SR.create", xcpng.host(), config, "0", "new", "", kind, "user", True, {}) == answer


def test_a_server_that_goes_down_cannot_be_plugged_again(client: Client) -> None:
    sr = create(client, "nfs", VMS)
    unplug(client, sr)
    control(client.pool, "array", {"op": "put_nfs", "server": {"name": "nas", "up": False}})
    first, *_ = client.call("SR.get_PBDs", sr)
    assert client.details("PBD.plug", first)[0] == "SR_BACKEND_FAILURE_108"


def test_an_sr_on_smb_owns_copies_of_its_secret(xcpng: Client) -> None:
    secret = xcpng.share_secret("backup")
    config = {"server": f"\\\\{FILES}\\vms", "username": "backup", "password_secret": secret}
    sr = create(xcpng, "smb", config)
    kept = {pbd["device_config"]["password_secret"] for pbd in pbds(xcpng, sr)}
    assert len(kept - {secret}) == 2
    assert [pbd["currently_attached"] for pbd in pbds(xcpng, sr)] == [True, True]
    unplug(xcpng, sr)
    xcpng.call("SR.destroy", sr)
    assert xcpng.pool.report()["folders"] == {"//files/vms": []}
    assert [one["uuid"] for one in xcpng.pool.report()["secrets"]] == [secret]


def test_smb_with_a_licence_is_created_on_xenserver_too(client: Client) -> None:
    client.pool.do(lambda model: setattr(model, "smb_licensed", True))
    sr = create(client, "smb", {"server": f"//{FILES}/public"})
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [True, True]


def test_an_sr_on_smb_whose_folder_is_not_there_cannot_be_written(xcpng: Client) -> None:
    sr = xcpng.call("SR.introduce", "", "none", "", "smb", "user", True, {})
    config = {"server": f"//{FILES}/public"}
    pbd = xcpng.call("PBD.create", {"host": xcpng.host(), "SR": sr, "device_config": config})
    assert xcpng.details("PBD.plug", pbd) == NO_WRITE


def test_a_library_on_nfs_keeps_its_type_and_writes_nothing(pool: RunningPool, client: Client) -> None:
    config = {"location": f"{NAS}:/export/iso", "type": "nfs_iso"}
    sr = create(client, "iso", config)
    record = client.call("SR.get_record", sr)
    assert (record["sm_config"], record["content_type"]) == ({"iso_type": "nfs_iso"}, "iso")
    assert (record["physical_size"], record["physical_utilisation"]) == (str(500 * 1024**3), str(87 * 1024**3))
    assert all(pbd["device_config"] == config and pbd["currently_attached"] for pbd in pbds(client, sr))
    client.call("SR.scan", sr)
    unplug(client, sr)
    assert client.details("SR.destroy", sr) == ["SR_NOT_EMPTY"]
    client.call("SR.forget", sr)
    assert pool.report()["folders"] == {}


def test_a_library_on_smb_remembers_the_dialect_that_worked(client: Client) -> None:
    sr = create(client, "iso", share("iso", **user(client)))
    assert {pbd["device_config"]["vers"] for pbd in pbds(client, sr)} == {"3.0"}
    assert client.call("SR.get_sm_config", sr) == {"iso_type": "cifs"}


def test_an_old_server_is_mounted_in_the_old_dialect(client: Client) -> None:
    control(client.pool, "array", {"op": "put_smb", "server": {"name": "files", "dialects": ["1.0"]}})
    sr = create(client, "iso", share("public"))
    assert {pbd["device_config"]["vers"] for pbd in pbds(client, sr)} == {"1.0"}
    config = share("public", vers="3.0")
    details = client.details("SR.create", client.host(), config, "0", "new", "", "iso", "iso", True, {})
    assert details[0] == "SR_BACKEND_FAILURE_222"


def test_a_dialect_that_was_asked_for_is_kept(client: Client) -> None:
    sr = create(client, "iso", share("public", vers="1.0"))
    assert {pbd["device_config"]["vers"] for pbd in pbds(client, sr)} == {"1.0"}


def test_a_library_without_a_type_takes_its_login_from_the_options(client: Client) -> None:
    password = client.pool.do(lambda model: model.files.of_share("backup").value)
    options = f"-o username=backup,domain=LAB,password={password},vers=3.0"
    sr = create(client, "iso", {"location": f"//{FILES}/iso", "options": options})
    assert client.call("SR.get_sm_config", sr) == {}
    assert [pbd["currently_attached"] for pbd in pbds(client, sr)] == [True, True]


def test_plugging_a_library_without_a_type_notes_the_dialect_in_its_pbd(client: Client) -> None:
    sr = client.call("SR.introduce", "", "library", "", "iso", "iso", True, {})
    config = {"location": f"//{FILES}/public", "options": "-o ro"}
    pbd = client.call("PBD.create", {"host": client.host(), "SR": sr, "device_config": config})
    client.call("PBD.plug", pbd)
    assert client.call("PBD.get_device_config", pbd) == {**config, "vers": "3.0"}


def test_a_folder_of_the_host_is_a_library_too(client: Client) -> None:
    config = {"location": "/opt/xensource/packages/iso", "legacy_mode": "true"}
    arguments: tuple[Any, ...] = (client.host(), config, "0", "tools", "", "iso", "iso", False, {})
    sr = client.call("SR.create", *arguments)
    (pbd,) = pbds(client, sr)
    assert pbd["currently_attached"] is True


def test_what_a_server_of_nfs_offers_outlives_the_process(tmp_path: Path) -> None:
    with running_pool(tmp_path / "pool") as first:
        client = log_in(first)
        uuid = client.call("SR.get_uuid", create(client, "nfs", VMS))
        for op, name in (("put_nfs", "nas"), ("put_smb", "files")):
            control(first, "array", {"op": op, "server": {"name": name, "unreachable_from": ["xenct-xen2"]}})
    with running_pool(tmp_path / "pool") as second:
        assert second.report()["folders"] == {"nas:/export/vms": [uuid]}
        client = log_in(second)
        probe: tuple[Any, ...] = ("SR.probe", client.host("xenct-xen2"), VMS, "nfs", {})
        assert client.details(*probe)[0] == "SR_BACKEND_FAILURE_108"
        assert client.call("SR.probe", client.host(), VMS, "nfs", {})
