"""Creates of iso that fail; it has no probe. `$share` is as in the rows of smb."""

from __future__ import annotations

from typing import Any, Literal

from tests.contract.pool.rows.row import (
    DNS_TEXT,
    MOUNT_FAILED,
    MOUNT_TEXT,
    NFS_TEXT,
    VERSION_TEXT,
    Answer,
    Row,
    failure,
)

_SM = "sm: ISOSR.py"
_LOCATION_TEXT = (
    "Incorrect Location string format. String must be in the format SERVER:PATH for NFS targets, "
    "or \\\\SERVER\\PATH for CIFS targets"
)
_VERS_TEXT = "Given SMB version is not allowed. Choose either 1.0 or 3.0"
_OPTIONS = failure(228, 'Require "-o" along with xe-mount-iso-sr')
_NOT_MOUNTED = failure(222, f"{MOUNT_TEXT} [opterr={MOUNT_FAILED}]")
_UNRESOLVED = failure(140, DNS_TEXT)
_SILENT = {"6.5": failure(1200, "")}


def _iso(
    name: str,
    config: dict[str, str],
    answer: Answer,
    certainty: Literal["sure", "guessed"] = "sure",
    elsewhere: dict[str, Answer] | None = None,
) -> Row:
    arguments: tuple[Any, ...] = ("$master", config, "0", "i", "", "iso", "iso", True, {})
    return Row(f"iso: {name}", "SR.create", arguments, answer, _SM, certainty, elsewhere or {})


def _nfs(location: str, **fields: str) -> dict[str, str]:
    return {"location": location, "type": "nfs_iso", **fields}


def _cifs(location: str, **fields: str) -> dict[str, str]:
    return {"location": location, "type": "cifs", **fields}


ISO = (
    Row(
        "iso has no probe",
        "SR.probe",
        ("$master", {}, "iso"),
        ["SR_BACKEND_FAILURE", "Operation 'sr_probe' not supported by this SR type", "", ""],
        "xapi: sm.ml",
    ),
    _iso("no location", {}, failure(94, "The request is missing the location parameter")),
    _iso("no folder of the host", {"location": "/none", "legacy_mode": "true"}, failure(226, "Invalid local path")),
    _iso("NFS without a colon", _nfs("nas.example/iso"), failure(225, _LOCATION_TEXT)),
    _iso("NFS on an unknown name", _nfs("nowhere.example:/iso"), _UNRESOLVED),
    _iso("no type, NFS on an unknown name", {"location": "nas:/x"}, _UNRESOLVED),
    _iso("NFS on a server that is down", _nfs("down.example:/iso"), failure(108, NFS_TEXT)),
    _iso(
        "NFS in a version that the server lacks",
        _nfs("nfs4.example:/images"),
        failure(72, f"{VERSION_TEXT} [opterr=Unsupported NFS version: 3]"),
    ),
    _iso("NFS, not exported", _nfs("nas.example:/export/none"), _NOT_MOUNTED),
    Row(
        "iso: NFS for another host alone",
        "SR.create",
        ("$slave", _nfs("nas.example:/export/one-host"), "0", "i", "", "iso", "iso", False, {}),
        _NOT_MOUNTED,
        _SM,
    ),
    _iso(
        "NFS in no version",
        _nfs("nas.example:/export/iso", nfsversion="2"),
        failure(1200, "Invalid nfsversion."),
        "guessed",
    ),
    _iso("SMB without slashes", _cifs("files.example/iso"), failure(225, _LOCATION_TEXT)),
    _iso("SMB, slashes alone", _cifs("//"), failure(225, _LOCATION_TEXT)),
    _iso("SMB on an unknown name", _cifs("//nowhere.example/iso"), _UNRESOLVED),
    _iso("SMB as a guest", _cifs("//files.example/iso"), _NOT_MOUNTED, elsewhere=_SILENT),
    _iso("SMB, no such share", _cifs("\\\\files.example\\none"), _NOT_MOUNTED, elsewhere=_SILENT),
    _iso("SMB in another dialect", _cifs("//files.example/public", vers="2.0"), failure(227, _VERS_TEXT)),
    _iso(
        "SMB, mounted and gone",
        _cifs("//files.example/gone"),
        failure(224, "Could not locate the ISO sharename on the target, or the access permissions may be incorrect."),
    ),
    _iso(
        "SMB with a secret that isn't there",
        _cifs("//files.example/iso", username="backup", cifspassword_secret="none"),
        ["UUID_INVALID", "secret", "none"],
    ),
    _iso("no type, SMB without options", {"location": "//files.example/public"}, _OPTIONS),
    _iso("no type, SMB with other options", {"location": "//files.example/public", "options": "ro"}, _OPTIONS),
    _iso(
        "no type, SMB in another dialect",
        {"location": "//files.example/public", "options": "-o ro,vers=2.1"},
        failure(227, _VERS_TEXT),
    ),
    _iso(
        "no type, SMB as a guest",
        {"location": "//files.example/iso", "options": "-o ro"},
        _NOT_MOUNTED,
        elsewhere=_SILENT,
    ),
)
