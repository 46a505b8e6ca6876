"""Probes and creates of nfs."""

from __future__ import annotations

from typing import Any, Literal

from tests.contract.pool.rows.documents import NO_SR, folders
from tests.contract.pool.rows.row import DNS_TEXT, MOUNT_FAILED, NFS_TEXT, VERSION_TEXT, Answer, Row, failure

NAS, NAS_ADDRESS, NFS4, DOWN = "nas.example", "10.0.4.5", "nfs4.example", "down.example"
OLD_SR = "5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10"
NFS4_ROOT = ("xcpng-8.3", "8")
"""The releases that look into the root of NFS 4 where showmount fails."""
_SM = "sm: NFSSR.py, nfs.py"
_NO_SERVER = failure(102, "The request is missing the server parameter")
_NO_PATH_TEXT = "The request is missing the serverpath parameter"
_NOT_MOUNTED = failure(73, f"NFS mount error [opterr={MOUNT_FAILED}]")
_NEW: tuple[Any, ...] = ("0", "new", "", "nfs", "user", True, {})


def exports(server: str, *rows: tuple[str, str]) -> str:
    entries = "".join(
        f"\t<Export>\n\t\t<Target>{server}</Target>\n\t\t<Path>{path}</Path>\n"
        f"\t\t<Accesslist>{access}</Accesslist>\n\t</Export>\n"
        for path, access in rows
    )
    return f'<?xml version="1.0" ?>\n<nfs-exports>\n{entries}</nfs-exports>\n\n'


_EXPORTS = (
    ("/export/iso", "*"),
    ("/export/vms", "*"),
    ("/export/old", "*"),
    ("/export/one-host", "xenct-xen1"),
    ("/export/read-only", "*"),
    ("/export/squashed", "*"),
    ("/export/full", "*"),
)


def _probe(
    name: str,
    config: dict[str, str],
    answer: Answer,
    certainty: Literal["sure", "guessed"] = "sure",
    host: str = "$master",
) -> Row:
    return Row(f"nfs: {name}", "SR.probe", (host, config, "nfs", {}), answer, _SM, certainty)


def _create(name: str, config: dict[str, str], answer: Answer, certainty: Literal["sure", "guessed"] = "sure") -> Row:
    return Row(f"nfs, created: {name}", "SR.create", ("$master", config, *_NEW), answer, _SM, certainty)


NFS = (
    _probe("no server", {}, _NO_SERVER),
    _probe("an unknown name", {"server": "nowhere.example"}, failure(140, DNS_TEXT)),
    _probe("a path behind the server", {"server": "nas.example:/export"}, failure(140, DNS_TEXT)),
    _probe("no server there", {"server": "10.9.9.9"}, failure(108, NFS_TEXT)),
    _probe("a server that is down", {"server": DOWN}, failure(108, NFS_TEXT)),
    _probe("exports", {"server": NAS}, failure(101, _NO_PATH_TEXT, exports(NAS, *_EXPORTS))),
    _probe(
        "exports, by address", {"server": NAS_ADDRESS}, failure(101, _NO_PATH_TEXT, exports(NAS_ADDRESS, *_EXPORTS))
    ),
    Row(
        "nfs: showmount fails",
        "SR.probe",
        ("$master", {"server": NFS4}, "nfs", {}),
        failure(101, _NO_PATH_TEXT),
        _SM,
        "guessed",
        dict.fromkeys(NFS4_ROOT, failure(101, _NO_PATH_TEXT, exports(NFS4, ("vms", "*"), ("images", "*")))),
    ),
    _probe("a path without SRs", {"server": NAS, "serverpath": "/export/vms"}, NO_SR),
    _probe("a path with an SR", {"server": NAS, "serverpath": "/export/old"}, folders(OLD_SR)),
    _probe("a path of NFS 4 without its slash", {"server": NFS4, "serverpath": "vms", "nfsversion": "4"}, NO_SR),
    _probe(
        "versions",
        {"server": NAS, "serverpath": "/export/old", "probeversion": ""},
        folders(OLD_SR, versions=("3", "4")),
    ),
    _probe(
        "versions of a server of NFS 4 alone",
        {"server": NFS4, "serverpath": "/vms", "probeversion": ""},
        folders(versions=("4",)),
    ),
    _probe("a path that isn't exported", {"server": NAS, "serverpath": "/export/none"}, _NOT_MOUNTED),
    _probe(
        "a path for another host alone",
        {"server": NAS, "serverpath": "/export/one-host"},
        _NOT_MOUNTED,
        host="$slave",
    ),
    _probe("a path for this host alone", {"server": NAS, "serverpath": "/export/one-host"}, NO_SR),
    _probe(
        "a version that the server lacks",
        {"server": NFS4, "serverpath": "/vms", "nfsversion": "3"},
        failure(72, f"{VERSION_TEXT} [opterr=Unsupported NFS version: 3]"),
        "guessed",
    ),
    _probe("version 4.1", {"server": NFS4, "serverpath": "/vms", "nfsversion": "4.1"}, NO_SR, "guessed"),
    _probe(
        "no version of NFS",
        {"server": NAS, "serverpath": "/export/vms", "nfsversion": "5"},
        failure(1200, "Invalid nfsversion."),
        "guessed",
    ),
    _create("no server", {}, _NO_SERVER),
    _create("no path", {"server": NAS}, failure(101, _NO_PATH_TEXT, exports(NAS, *_EXPORTS))),
    _create("an unknown name", {"server": "nowhere.example", "serverpath": "/x"}, failure(140, DNS_TEXT)),
    _create("a server that is down", {"server": DOWN, "serverpath": "/x"}, failure(108, NFS_TEXT)),
    _create("a path that isn't exported", {"server": NAS, "serverpath": "/export/none"}, _NOT_MOUNTED),
    _create(
        "a version that the server lacks",
        {"server": NFS4, "serverpath": "/vms"},
        failure(72, f"{VERSION_TEXT} [opterr=Unsupported NFS version: 3]"),
        "guessed",
    ),
    _create(
        "a read-only file system",
        {"server": NAS, "serverpath": "/export/read-only"},
        failure(
            461,
            "The file system for SR cannot be written to. [opterr=remote filesystem is read-only error is 30]",
        ),
    ),
    _create(
        "no space for a folder",
        {"server": NAS, "serverpath": "/export/full"},
        failure(88, "NFS SR creation error [opterr=remote directory creation error is 28]"),
    ),
)
