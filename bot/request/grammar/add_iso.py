r"""`/sr add iso nas.example:/isos`, `/sr add iso //files.example/ISO cred=builds`."""

from __future__ import annotations

import re
from typing import Final

from bot.request.found import Protocol, Share
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddIso
from bot.request.grammar.host import canonical_host
from bot.request.grammar.options import (
    Options,
    equals_missing,
    in_prose,
    option_slip,
    quotes_missing,
    swapped,
    values,
)
from bot.request.grammar.slack_text import straight
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word

MAX_CREDENTIAL: Final = 64
MAX_VERSION: Final = 3
MAX_PATH: Final = 1024
"""PATH_MAX is 4096 bytes; no card could show that, and no server has it."""

OPTIONS: Final = Options(
    limits={
        "pool": MAX_POOL,
        "name": MAX_NAME,
        "reason": MAX_REASON,
        "cred": MAX_CREDENTIAL,
        "version": MAX_VERSION,
    },
    aliases={
        "name-label": "name",
        "name_label": "name",
        "credential": "cred",
        "vers": "version",
        "nfsversion": "version",
    },
    free_text=frozenset({"name", "reason"}),
)
VERSIONS: Final = {Protocol.NFS: ("3", "4", "4.0"), Protocol.SMB: ("1.0", "3.0")}
"""What the storage manager takes (SM: ISOSR.py, nfs.py)."""

SHARE_TO_FILL_IN: Final = "<server>:/<path>"
_SMB: Final = re.compile(r"(?:smb:|cifs:)?//(?P<server>\[[^\]/]*\]|[^/]*)/(?P<path>.+)", re.IGNORECASE)
_NFS: Final = re.compile(r"(?P<server>\[[^\]/]*\]|[^:/]+):(?P<path>/.*)")
_NFS_URL: Final = re.compile(r"nfs://(?P<server>\[[^\]/]*\]|[^:/]+)(?P<path>/.*)", re.IGNORECASE)
_LOCATION_KEYS: Final = frozenset({"location", "share", "server", "path"})


def read(words: tuple[Word, ...]) -> AddIso | Slip:
    """Read what stands behind `add iso`."""
    slip = _named_share(words) or option_slip(words, OPTIONS) or _bare_slip(words)
    if slip is not None:
        return slip
    typed = next(word.value for word in words if word.key is None)
    share = read_share(typed)
    if isinstance(share, Slip):
        return share
    given = values(words, OPTIONS)
    version = given.get("version")
    if version is not None and version not in VERSIONS[share.protocol]:
        known = ", ".join(VERSIONS[share.protocol])
        return Slip(
            "version_unknown", f"{share.protocol.upper()} has no version {quoted(version)} here; there are {known}."
        )
    credential = given.get("cred")
    if credential is not None and share.protocol is Protocol.NFS:
        at = next(at for at, word in enumerate(words) if OPTIONS.key(word.key) == "cred")
        return Slip("credential_unused", "NFS takes no credential.", swapped(words, at, 1))
    return AddIso(share, given.get("pool"), given.get("name"), given.get("reason"), credential, version)


def read_share(typed: str) -> Share | Slip:
    r"""Read `server:/path`, `//server/share` or `\\server\share`."""
    text = straight(typed).replace("\\", "/") if typed.startswith("\\\\") else straight(typed)
    smb = _SMB.fullmatch(text)
    found = smb or _NFS_URL.fullmatch(text) or _NFS.fullmatch(text)
    if found is None:
        sentence = f"{quoted(typed)} is no share: NFS is written as server:/path, SMB as //server/share."
        return Slip("share_unreadable", sentence)
    server = canonical_host(found["server"].removeprefix("[").removesuffix("]"))
    if server is None:
        return Slip(
            "host_unreadable", f"{quoted(found['server'])} is neither an address nor a host name in ASCII letters."
        )
    path = found["path"].rstrip("/") or ("" if smb else "/")
    if len(path) > MAX_PATH:
        return Slip("value_too_long", f"The path has {len(path)} characters; it may have {MAX_PATH}.")
    if not path.strip():
        return Slip("share_unreadable", "The name of the share is missing: //server/share.")
    return Share(Protocol.SMB if smb else Protocol.NFS, server, path)


def _named_share(words: tuple[Word, ...]) -> Slip | None:
    for at, word in enumerate(words):
        if word.key in _LOCATION_KEYS:
            bare = (Word(word.value),) if word.value else ()
            sentence = f"The share stands by itself, without {quoted(f'{word.key}=')}."
            return Slip("share_as_option", sentence, bare + swapped(words, at, 1))
    return None


def _bare_slip(words: tuple[Word, ...]) -> Slip | None:
    bare = [at for at, word in enumerate(words) if word.key is None]
    prose = in_prose(words, OPTIONS)
    for at in bare:
        if at in prose:
            return quotes_missing(words, at)
        slip = equals_missing(words, at, frozenset({*OPTIONS.limits, *OPTIONS.aliases}))
        if slip is not None:
            return slip
    if not bare:
        return Slip("share_missing", "The share is missing: server:/path, or //server/share.")
    if len(bare) > 1:
        extra = words[bare[1]].value
        return Slip("word_unexpected", f"{quoted(extra)} belongs to nothing: options are written as key=value.")
    return None
