"""A scenario of servers, shares, disks and adapters, and SRs on them from the start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool
from tests.contract.pool.wire_client import Client, control, log_in

UUID = "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c5{:02d}"
SCENARIO = f"""
[pool]
name = "bench"
iso_folders = ["/iso"]
smb_licensed = true
[names]
"nas.example" = "192.0.2.1"
"files.example" = "192.0.2.2"
[[hosts]]
name = "bench-1"
address = "127.0.0.1"
iqn = "iqn.2026-01.com.example:bench-1"
[[nfs]]
name = "nas"
address = "192.0.2.1"
[[nfs.exports]]
path = "/vms"
clients = ["bench-1"]
folder = {{srs = ["{UUID.format(1)}"], used = 7}}
[[smb]]
name = "files"
address = "192.0.2.2"
dialects = ["3.0"]
[[smb.shares]]
name = "vms"
folder = {{srs = ["{UUID.format(2)}"]}}
[[disks]]
scsi_id = "3600fc"
size = 1073741824
bus = "hba"
content = {{kind = "sr", sr_uuid = "{UUID.format(3)}"}}
[[disks]]
scsi_id = "3600local"
size = 1073741824
names = ["sdq"]
content = {{kind = "local-ext", sr_uuid = "{UUID.format(4)}"}}
[[adapters]]
name = "host1"
driver = "lpfc"
manufacturer = "Emulex LightPulse Fibre Channel SCSI driver"
port = {{node_name = "0x20", port_name = "0x21"}}
[[adapters]]
name = "host2"
driver = "mptsas"
manufacturer = "Fusion MPT SAS Host driver"
hosts = ["bench-1"]
"""
SRS = {
    1: ("nfs", {"server": "nas.example", "serverpath": "/vms"}),
    2: ("smb", {"server": "//files.example/vms"}),
    3: ("lvmohba", {"SCSIid": "3600fc"}),
    4: ("ext", {"device": "/dev/sdq"}),
    5: ("iso", {"location": "nas.example:/vms", "type": "nfs_iso"}),
    6: ("iso", {"location": "//files.example/vms", "type": "cifs"}),
    7: ("iso", {"location": "/iso", "legacy_mode": "true"}),
}
"""By the end of their UUIDs."""
UNDESCRIBED = {
    11: ("nfs", {"server": "nowhere.example", "serverpath": "/vms"}),
    12: ("smb", {"server": "//nowhere.example/vms"}),
    13: ("lvmohba", {"SCSIid": "3600none"}),
    14: ("lvm", {"device": "/dev/sdx"}),
    15: ("iso", {"location": "nowhere.example:/iso", "type": "nfs_iso"}),
    16: ("iso", {"location": "/none", "legacy_mode": "true"}),
    17: ("udev", {"location": "/dev/xapi/cd"}),
}


def _of_toml(number: int, kind: str, config: dict[str, str]) -> str:
    pairs = ", ".join(f'"{key}" = "{value}"' for key, value in config.items())
    return (
        f'[[srs]]\nname = "sr {number}"\ntype = "{kind}"\nhosts = ["bench-1"]\nuuid = "{UUID.format(number)}"\n'
        f"size = 1000\ndevice_config = {{{pairs}}}\n"
    )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Client]:
    path = tmp_path / "bench.toml"
    srs = "".join(_of_toml(number, *spec) for number, spec in {**SRS, **UNDESCRIBED}.items())
    path.write_text(SCENARIO + srs, "utf-8")
    with running_pool(tmp_path / "pool", scenario=partial(read_scenario, path)) as running:
        yield log_in(running)


def _pbd(client: Client, number: int) -> str:
    sr = client.call("SR.get_by_uuid", UUID.format(number))
    (pbd,) = client.call("SR.get_PBDs", sr)
    return str(pbd)


@pytest.mark.parametrize("number", [*SRS, *UNDESCRIBED])
def test_an_sr_from_the_start_can_be_unplugged_and_plugged(bench: Client, number: int) -> None:
    pbd = _pbd(bench, number)
    bench.call("PBD.unplug", pbd)
    bench.call("PBD.plug", pbd)
    assert bench.call("PBD.get_currently_attached", pbd) is True


@pytest.mark.parametrize(
    ("number", "order", "code"),
    [
        (1, {"op": "put_nfs", "server": {"name": "nas", "up": False}}, 108),
        (2, {"op": "put_smb", "server": {"name": "files", "up": False}}, 111),
        (3, {"op": "put_disk", "disk": {"scsi_id": "3600fc", "hosts": ["nobody"]}}, 47),
        (4, {"op": "put_disk", "disk": {"scsi_id": "3600local", "hosts": ["nobody"]}}, 52),
        (5, {"op": "put_nfs", "server": {"name": "nas", "up": False}}, 108),
        (6, {"op": "put_smb", "server": {"name": "files", "up": False}}, 222),
    ],
)
def test_it_cannot_once_what_is_behind_it_has_gone(
    bench: Client, number: int, order: dict[str, object], code: int
) -> None:
    pbd = _pbd(bench, number)
    bench.call("PBD.unplug", pbd)
    assert control(bench.pool, "array", order)[0] == 200
    assert bench.details("PBD.plug", pbd)[0] == f"SR_BACKEND_FAILURE_{code}"


def test_adapters_and_the_ports_that_they_have_are_listed(bench: Client) -> None:
    printed = bench.details("SR.probe", bench.host("bench-1"), {}, "lvmohba")[3]
    assert printed.count("<BlockDevice>") == 0
    assert printed.count("<Adapter>") == 2
    assert printed.count("<fc_host>") == 1


def test_a_driver_with_nothing_behind_it_does_nothing(bench: Client) -> None:
    assert bench.details("SR.probe", bench.host("bench-1"), {"location": "/x"}, "file") == [
        "SR_OPERATION_NOT_SUPPORTED",
        "",
    ]
    sr = bench.call("SR.introduce", "", "none", "", "udev", "", False)  # noqa: FBT003 - XenAPI's own
    pbd = bench.call("PBD.create", {"host": bench.host("bench-1"), "SR": sr, "device_config": {}})
    assert bench.details("PBD.plug", pbd) == ["SR_OPERATION_NOT_SUPPORTED", ""]
