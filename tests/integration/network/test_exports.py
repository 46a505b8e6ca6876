from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.network.nfs import Disk, serving
from tests.integration.network.pools import Asking, asking, rows
from tests.integration.network.test_shares import images, library
from tests.programs import free_port

SRS = ["1d7f3a52-8e04-4c1b-9a66-3b5c70d2e101", "2e804b63-9f15-4d2c-8b77-4c6d81e3f202"]
NAS = {"server": "127.0.0.1"}
LIBRARIES = (
    ("images", {"location": "localhost:/images", "type": "nfs_iso"}),
    ("untyped", {"location": "127.0.0.1:/images"}),
    ("within", {"location": "127.0.0.1:/images", "type": "nfs_iso", "iso_path": "/old/"}),
    ("closed", {"location": "127.0.0.1:/closed", "type": "nfs_iso"}),
)


def furnished(**knobs: object) -> Disk:
    disk = Disk(
        exports=[("/srs", ["10.0.0.0/8", "@hosts"]), ("/images", [])],
        folders={
            "/srs": [(SRS[0], -1), ("lost+found", -1), (SRS[1], -1), ("1d7f3a52-8e04-4c1b-9a66-3b5c70d2e109", 5)],
            "/images": [("debian.iso", 700), ("notes.txt", 3), ("old", -1), ("Tools.IMG", 300), ("folder.iso", -1)],
            "/images/old": [("win.iso", 9)],
        },
    )
    for name, value in knobs.items():
        setattr(disk, name, value)
    return disk


@contextmanager
def looking(folder: Path, disk: Disk, flavour: str = "8") -> Iterator[Asking]:
    with serving(disk):
        extra = f"[network]\nnfs_port = {disk.port}\nportmapper_port = {disk.port}\n"
        extra += "".join(library(name, **config) for name, config in LIBRARIES)
        with asking(folder, extra, flavour) as pool:
            yield pool


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Asking]:
    with looking(tmp_path, furnished()) as one:
        yield one


def test_a_probe_without_a_path_lists_the_true_exports(pool: Asking) -> None:
    code, _, text, document = pool.fails(NAS, "nfs")
    assert (code, text) == ("SR_BACKEND_FAILURE_101", "The request is missing the serverpath parameter")
    assert rows(document, "Export") == [
        {"Target": "127.0.0.1", "Path": "/srs", "Accesslist": "10.0.0.0/8,@hosts"},
        {"Target": "127.0.0.1", "Path": "/images", "Accesslist": "(everyone)"},
    ]


def test_a_probe_of_a_path_lists_the_srs_in_it(pool: Asking) -> None:
    document = pool.probe({**NAS, "serverpath": "/srs"}, "nfs")
    assert [row["UUID"] for row in rows(document, "SR")] == SRS


def test_a_probe_tells_the_versions_that_the_server_speaks(tmp_path: Path) -> None:
    with looking(tmp_path, furnished(versions=(3,))) as pool:
        document = pool.probe({**NAS, "serverpath": "/images", "probeversion": "1"}, "nfs")
        assert rows(document, "SupportedVersions") == [{"Version": "3"}]
        config = {**NAS, "serverpath": "/images", "nfsversion": "4.1"}
        code, _, text, _ = pool.fails(config, "nfs")
    assert (code, text.split("[opterr=")[1]) == ("SR_BACKEND_FAILURE_72", "Unsupported NFS version: 4.1]")


def test_a_server_of_nfs_4_alone_is_told_that_it_can_not_be_listed(tmp_path: Path) -> None:
    with looking(tmp_path, furnished(versions=(4,))) as pool:
        code, _, text, _ = pool.fails({**NAS, "serverpath": "/srs", "nfsversion": "4"}, "nfs")
    assert (code, text) == ("SR_BACKEND_FAILURE_73", "NFS mount error [opterr=this pool lists NFS 3 only]")


def test_an_export_that_lets_nobody_in_is_a_mount_error(pool: Asking) -> None:
    assert pool.fails({**NAS, "serverpath": "/closed"}, "nfs")[0] == "SR_BACKEND_FAILURE_73"


def test_a_folder_that_can_not_be_listed_is_a_mount_error(tmp_path: Path) -> None:
    for knobs in ({"listing_status": 13}, {"never_ends": True}):
        with looking(tmp_path, furnished(**knobs)) as pool:
            assert pool.fails({**NAS, "serverpath": "/srs"}, "nfs")[0] == "SR_BACKEND_FAILURE_73"


def test_a_server_that_tells_no_exports_has_an_empty_answer(tmp_path: Path) -> None:
    with looking(tmp_path, furnished(has_mount_daemon=False)) as pool:
        assert pool.fails(NAS, "nfs")[0::3] == ["SR_BACKEND_FAILURE_101", ""]


def test_a_server_that_is_not_there_answers_as_documented(tmp_path: Path) -> None:
    with asking(tmp_path, f"[network]\nnfs_port = {free_port()}\n") as pool:
        assert pool.fails(NAS, "nfs")[0] == "SR_BACKEND_FAILURE_108"
        assert pool.fails({"server": "none.invalid"}, "nfs")[0] == "SR_BACKEND_FAILURE_140"
        assert pool.fails({}, "nfs")[0] == "SR_BACKEND_FAILURE_102"
        assert pool.fails({**NAS, "nfsversion": "5"}, "nfs")[0] == "SR_BACKEND_FAILURE_1200"


@pytest.mark.parametrize("name", ["images", "untyped"])
def test_a_scan_finds_the_images_that_are_on_the_export(pool: Asking, name: str) -> None:
    assert images(pool, name) == {"debian.iso": 700, "Tools.IMG": 300}


def test_a_folder_of_the_export_can_be_the_library(pool: Asking) -> None:
    assert images(pool, "within") == {"win.iso": 9}


def test_images_without_attributes_are_of_unknown_size(tmp_path: Path) -> None:
    with looking(tmp_path, furnished(tells_attributes=False)) as pool:
        assert images(pool, "within") == {"win.iso": 0}


def test_an_export_that_can_not_be_read_is_a_failed_scan(pool: Asking) -> None:
    (sr,) = pool.api.SR.get_by_name_label("closed")
    assert pool.failure("SR.scan", sr)[0] == "SR_BACKEND_FAILURE_40"


def test_what_was_mounted_is_unmounted_and_nothing_else_is_ever_called(tmp_path: Path) -> None:
    disk = furnished()
    with looking(tmp_path, disk) as pool:
        pool.probe({**NAS, "serverpath": "/srs"}, "nfs")
        images(pool, "images")
        pool.fails(NAS, "nfs")
    mounts = [procedure for program, procedure in disk.calls if program == 100005]
    assert mounts.count(1) == mounts.count(3) == 2
    assert set(disk.calls) == {(100000, 3), (100005, 1), (100005, 3), (100005, 5), (100003, 0), (100003, 17)}
