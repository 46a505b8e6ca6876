"""What stands behind `add` and `attach` for storage that a server shares: the share, and its options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.request.found import Protocol, Share
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddShare
from bot.request.grammar.host import canonical_host
from bot.request.grammar.options import Options, misplaced, named_in_vain, option_slip, swapped, values
from bot.request.grammar.paths import MAX_PATH
from bot.request.grammar.slack_text import straight
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word
from bot.request.model import Kind
from bot.request.spelling import tidied

MAX_CREDENTIAL: Final = 64
MAX_VERSION: Final = 3
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_SMB: Final = re.compile(r"(?:smb:|cifs:)?//(?P<server>\[[^\]/]*\]|[^/]*)/(?P<path>.+)", re.IGNORECASE)
_NFS: Final = re.compile(r"(?P<server>\[[^\]/]*\]|[^:/]+):(?P<path>/.*)")
_NFS_URL: Final = re.compile(r"nfs://(?P<server>\[[^\]/]*\]|[^:/]+)(?P<path>/.*)", re.IGNORECASE)
_LOCATION_KEYS: Final = frozenset({"location", "share", "server", "path", "serverpath"})


def to_fill_in(words: tuple[Word, ...]) -> str:
    """Give what stands for the share in a line that lacks it; `words` begin with the verb and the kind."""
    return "//<server>/<share>" if words[1].value == Kind.SMB else "<server>:/<path>"


def options(*more: str) -> Options:
    """Give the options that every share takes, and some of `cred` and `version`."""
    limits = {"pool": MAX_POOL, "name": MAX_NAME, "reason": MAX_REASON}
    aliases = {"name-label": "name", "name_label": "name"}
    if "cred" in more:
        limits["cred"], aliases["credential"] = MAX_CREDENTIAL, "cred"
    if "version" in more:
        limits["version"] = MAX_VERSION
        aliases |= {"vers": "version", "nfsversion": "version"}
    return Options(limits, aliases, frozenset({"name", "reason"}))


@dataclass(frozen=True, slots=True)
class Way:
    """How shares of one kind are written. `versions`: those that may be asked for, by protocol.

    `example` is how a share is written, and what is to be filled in where there is none. `server_alone`: the path may
    be left out. `attach`: an SR that is on the share is wanted, whose UUID may follow; it has to where `needs_uuid`.
    """

    kind: Kind
    options: Options
    versions: Mapping[Protocol, tuple[str, ...]]
    example: str
    server_alone: bool = False
    attach: bool = False
    needs_uuid: bool = False

    def read(self, words: tuple[Word, ...]) -> AddShare | Slip:
        """Read what stands behind the verb."""
        slip = (
            named_in_vain(words, _LOCATION_KEYS, "share") or option_slip(words, self.options) or _bare_slip(words, self)
        )
        if slip is not None:
            return slip
        bare = [word.value for word in words if word.key is None]
        share = self._share(bare[0])
        if isinstance(share, Slip):
            return share
        return self._options_slip(words, share) or self._command(words, share, bare[1:])

    def _share(self, typed: str) -> Share | Slip:
        server = read_server(typed) if self.server_alone else None
        share = Share(Protocol.NFS, server, "") if server else read_share(typed)
        if isinstance(share, Slip) or share.protocol in self.versions:
            return share
        return Slip(
            "share_of_other_kind", f"{quoted(typed)} is no share of this kind: it is written as {self.example}."
        )

    def _options_slip(self, words: tuple[Word, ...], share: Share) -> Slip | None:
        given, known = values(words, self.options), self.versions[share.protocol]
        version = given.get("version")
        if version is not None and version not in known:
            sentence = f"{share.protocol.upper()} has no version {quoted(version)} here; there are {', '.join(known)}."
            return Slip("version_unknown", sentence)
        if "cred" in given and share.protocol is Protocol.NFS:
            at = next(at for at, word in enumerate(words) if self.options.key(word.key) == "cred")
            return Slip("credential_unused", "NFS takes no credential.", swapped(words, at, 1))
        return None

    def _command(self, words: tuple[Word, ...], share: Share, rest: list[str]) -> AddShare | Slip:
        uuid = rest[0].lower() if rest else ""
        if rest and not UUID.fullmatch(uuid):
            return Slip("uuid_unreadable", f"{quoted(rest[0])} is no UUID of an SR.")
        if self.needs_uuid and not uuid:
            return Slip("uuid_missing", "Nothing on such a share tells the SR's UUID: it follows the share.")
        given = values(words, self.options)
        return AddShare(
            share,
            given.get("pool"),
            given.get("name"),
            given.get("reason"),
            given.get("cred"),
            given.get("version"),
            self.kind,
            attach=self.attach,
            sr=uuid,
        )


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
    path = tidied(found["path"].lstrip("/")) if smb else tidied(found["path"]) or "/"
    if len(path) > MAX_PATH:
        return Slip("value_too_long", f"The path has {len(path)} characters; it may have {MAX_PATH}.")
    if not path.strip():
        return Slip("share_unreadable", "The name of the share is missing: //server/share.")
    return Share(Protocol.SMB if smb else Protocol.NFS, server, path)


def read_server(typed: str) -> str | None:
    """Read a server without any path; None for what is something else."""
    text = straight(typed)
    bracketed = text.startswith("[") and text.endswith("]")
    return canonical_host(text[1:-1] if bracketed else text)


def _bare_slip(words: tuple[Word, ...], way: Way) -> Slip | None:
    bare = [at for at, word in enumerate(words) if word.key is None]
    slip = misplaced(words, bare, way.options)
    if slip is not None:
        return slip
    if not bare:
        return Slip("share_missing", f"The share is missing: {way.example}.")
    most = 2 if way.attach else 1
    if len(bare) > most:
        extra = words[bare[most]].value
        return Slip("word_unexpected", f"{quoted(extra)} belongs to nothing: options are written as key=value.")
    return None
