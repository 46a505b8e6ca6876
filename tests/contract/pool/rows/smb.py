"""Probes and creates of smb. `$share` stands for the uuid of a secret with the password of the shares' user."""

from __future__ import annotations

from typing import Any, Literal

from tests.contract.pool.rows.documents import NO_SR, folders
from tests.contract.pool.rows.row import EXTENDED_TEXT, MOUNT_FAILED, XCPNG, Answer, Row, failure

FILES = "files.example"
OLD_SR = "6c1ba5f2-8d63-4a10-9e9f-4a7d2f3e6b11"
USER = {"username": "LAB\\backup", "password_secret": "$share"}
_SM = "sm: SMBSR.py, cifutils.py"
_UNKNOWN = {"6.5": ["SR_UNKNOWN_DRIVER", "smb"]}
_NO_SERVER = failure(102, "The request is missing the server parameter")
_NOT_MOUNTED = failure(111, f"SMB mount error [opterr={MOUNT_FAILED}]")
_NO_LICENCE = failure(454, "SMB SR is not licensed on this host")
_NEW: tuple[Any, ...] = ("0", "new", "", "smb", "user", True, {})


def share(name: str, **fields: str) -> dict[str, str]:
    return {"server": f"\\\\{FILES}\\{name}", **fields}


def _probe(name: str, config: dict[str, str], answer: Answer, certainty: Literal["sure", "guessed"] = "sure") -> Row:
    return Row(f"smb: {name}", "SR.probe", ("$master", config, "smb", {}), answer, _SM, certainty, _UNKNOWN)


def _create(name: str, config: dict[str, str], answer: Answer, certainty: Literal["sure", "guessed"] = "sure") -> Row:
    """Without a licence XenServer looks no further; XCP-ng asks for none."""
    asks_for_none = {**dict.fromkeys(XCPNG, answer), **_UNKNOWN}
    arguments = ("$master", config, *_NEW)
    return Row(f"smb, created: {name}", "SR.create", arguments, _NO_LICENCE, _SM, certainty, asks_for_none)


SMB = (
    _probe("no server", {}, _NO_SERVER),
    _probe("an unknown name", {"server": "\\\\nowhere.example\\vms"}, _NOT_MOUNTED, "guessed"),
    _probe("no share of that name", share("none"), _NOT_MOUNTED),
    _probe("no share at all", {"server": f"//{FILES}"}, _NOT_MOUNTED, "guessed"),
    _probe("as a guest", share("vms"), _NOT_MOUNTED),
    _probe("as somebody else", share("vms", username="LAB\\other", password_secret="$share"), _NOT_MOUNTED),
    _probe("another domain", share("vms", username="OTHER\\backup", password_secret="$share"), _NOT_MOUNTED),
    _probe(
        "a secret that isn't there",
        share("vms", username="backup", password_secret="none"),
        failure(20, "No such secret."),
    ),
    _probe("an empty share", share("vms", **USER), NO_SR),
    _probe("with slashes", {"server": f"//{FILES}/old"}, folders(OLD_SR)),
    _probe("a share with an SR", share("old"), folders(OLD_SR)),
    _probe(
        "a share that can't be listed",
        share("secret", **USER),
        failure(111, "SMB mount error [opterr=Permission denied. Please check user privileges.]"),
    ),
    _probe("letters beyond ASCII", share("größe"), failure(446, EXTENDED_TEXT), "guessed"),
    _probe(
        "a user beyond ASCII", share("vms", username="jürgen", password="x"), failure(446, EXTENDED_TEXT), "guessed"
    ),
    Row(
        "smb, created: no server",
        "SR.create",
        ("$master", {}, *_NEW),
        _NO_SERVER,
        _SM,
        elsewhere=_UNKNOWN,
    ),
    _create("a share without its user", share("vms"), _NOT_MOUNTED),
    _create(
        "a read-only share",
        share("read-only"),
        failure(
            461,
            "The file system for SR cannot be written to. [opterr=remote filesystem is read-only error is 30]",
        ),
        "guessed",
    ),
    _create(
        "no folder may be made",
        share("denied"),
        failure(116, "Failed to create SMB SR. [opterr=remote directory creation error: Permission denied]"),
    ),
)
