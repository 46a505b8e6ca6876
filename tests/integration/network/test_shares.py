from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.network import samba as bench
from tests.integration.network.pools import Asking, asking, rows
from tests.integration.network.samba import Samba
from tests.programs import free_port

LIBRARY = """
[[srs]]
name = "{name}"
type = "iso"
content_type = "iso"
shared = true
hosts = ["bench-1"]
uuid = "{uuid}"
size = 0
device_config = {config}
"""
UUIDS = iter(f"2e804b63-9f15-4d2c-8b77-{number:012d}" for number in range(1000))


def library(name: str, **config: str) -> str:
    table = ", ".join(f"{key} = '{value}'" for key, value in config.items())
    return LIBRARY.format(name=name, uuid=next(UUIDS), config=f"{{ {table} }}")


def images(pool: Asking, name: str) -> dict[str, int]:
    """The images that a scan of the library finds, with their sizes."""
    (sr,) = pool.api.SR.get_by_name_label(name)
    pool.api.SR.scan(sr)
    records = [pool.api.VDI.get_record(vdi) for vdi in pool.api.SR.get_VDIs(sr)]
    return {record["location"]: int(record["virtual_size"]) for record in records}


@pytest.fixture
def pool(tmp_path: Path, samba: Samba) -> Iterator[Asking]:
    ways = {"username": samba.user, "cifspassword": bench.PASSWORD, "type": "cifs"}
    extra = f"[network]\nsmb_port = {samba.port}\n" + "".join(
        (
            library("open", location="//127.0.0.1/ISO", type="cifs"),
            library("typed otherwise", location=r"\\localhost\ISO", type="cifs"),
            library("old", location="//127.0.0.1/ISO", type="cifs", iso_path="/old"),
            library("closed", location="//127.0.0.1/closed", **ways),
            library("in a domain", location="//127.0.0.1/closed", **{**ways, "username": f"LAB\\{samba.user}"}),
            library("wrong", location="//127.0.0.1/closed", **{**ways, "cifspassword": "canary-wrong"}),
            library("nobody", location="//127.0.0.1/closed", type="cifs"),
            library("mounted", location="//127.0.0.1/closed", options=f"-o username={samba.user},password=x"),
            library("missing", location="//127.0.0.1/none", type="cifs"),
            library("nowhere", location="//none.invalid/ISO", type="cifs"),
            library("shareless", location="//127.0.0.1", type="cifs"),
            library("of the host", location="/opt/images", legacy_mode="true"),
        )
    )
    with asking(tmp_path, extra) as one:
        yield one


@pytest.mark.parametrize("name", ["open", "typed otherwise"])
def test_a_scan_finds_the_images_that_are_on_the_share(pool: Asking, name: str) -> None:
    assert images(pool, name) == {"debian-12.iso": 700 * 1024, "tools.IMG": 300 * 1024}
    assert images(pool, name) == {"debian-12.iso": 700 * 1024, "tools.IMG": 300 * 1024}


def test_a_folder_of_the_share_can_be_the_library(pool: Asking) -> None:
    assert images(pool, "old") == {"win.iso": 400 * 1024}


@pytest.mark.parametrize("name", ["closed", "in a domain"])
def test_a_password_opens_a_share(pool: Asking, name: str) -> None:
    assert images(pool, name) == {"secret.iso": 9}


@pytest.mark.parametrize("name", ["wrong", "nobody", "mounted", "missing", "nowhere", "shareless"])
def test_a_share_that_can_not_be_read_is_a_failed_scan(pool: Asking, name: str) -> None:
    (sr,) = pool.api.SR.get_by_name_label(name)
    code, _, text, _ = pool.failure("SR.scan", sr)
    assert code == "SR_BACKEND_FAILURE_40"
    assert text.startswith("The SR scan failed [opterr=")
    assert "canary" not in text


def test_a_library_in_a_folder_of_the_host_has_nothing_real_in_it(pool: Asking) -> None:
    assert images(pool, "of the host") == {}


def test_a_probe_of_a_share_lists_the_srs_in_it(pool: Asking) -> None:
    document = pool.probe({"server": "//127.0.0.1/ISO"}, "smb")
    assert rows(document, "SR") == [{"UUID": bench.SR}]


def test_a_share_that_lets_nobody_in_answers_a_probe_as_documented(pool: Asking, samba: Samba) -> None:
    config = {"server": "//127.0.0.1/closed", "username": samba.user, "password": "wrong"}
    assert pool.fails(config, "smb")[0] == "SR_BACKEND_FAILURE_111"
    assert pool.fails({}, "smb")[0] == "SR_BACKEND_FAILURE_102"


def test_a_server_that_is_not_there_answers_as_documented(tmp_path: Path) -> None:
    with asking(tmp_path, f"[network]\nsmb_port = {free_port()}\n") as pool:
        code, _, text, _ = pool.fails({"server": "//127.0.0.1/ISO"}, "smb")
    assert code == "SR_BACKEND_FAILURE_111"
    assert "can't be reached" in text
