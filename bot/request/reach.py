"""Where the keys of a device_config lead that somebody typed: to which addresses, and to which places on a host.

What a value means is told by its key and by how it looks. Whatever could be an address counts as one, and whatever
could be a path on a host counts as that: one too many is refused with a sentence, one too few would be a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from bot.request.grammar.host import canonical_host

Given = Iterable[tuple[str, str]]

_ON_THE_SERVER: Final = frozenset({"serverpath", "rootpath"})
"""Keys that name a path on the server that another key names (SM: NFSSR.py; XCP-ng's CephFSSR.py, MooseFSSR.py)."""

_DEVICES: Final = frozenset({"device"})
"""Keys of lists of paths, with commas between them."""

_ON_THE_HOST: Final = frozenset({*_DEVICES, "location", "path"})
_FILES: Final = re.compile(r"(file|dir|folder|keyring)s?$")
"""Keys of files by whatever name: one without a slash is one too."""
_VOLUME_GROUPS: Final = frozenset({"group-name"})
"""Keys that name a volume group of the hosts (XCP-ng: LinstorSR.py)."""

_SERVERS: Final = re.compile(r"server|host|target|addr|portal|url|master|proxy|peer|bind|ips?\b|\bmons?\b|\bmon_")
_LISTS: Final = re.compile(r"servers|hosts|peers")
"""Keys of lists that colons part: what stands between two of them is no port."""

_PARTS: Final = re.compile(r"[\s,;|\"'`()<>{}]+")
_STEPS: Final = re.compile(r"[\s,;|\"'`()<>{}/\\=:]")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?", re.IGNORECASE)
_EXPORT: Final = re.compile(r"(\[[^\]]*\]|[^/:]+):/.*")
_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\](?::\d*)?")

_WITH_PORT: Final = 2

_NUMBERS: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE | re.ASCII)
"""How inet_aton reads an IPv4 address: one to four numbers, each decimal, octal or hexadecimal."""

_ADDRESSES: Final = range(2**24, 2**32)
"""Numbers that are addresses of hosts: what is less names a host of network 0, which nobody is."""

_LONGEST_NUMBER: Final = 11
"""Octal digits of 32 bits."""

_DOTS: Final = 3
_VERSIONS: Final = re.compile(r"vers")
"""Keys of what has dots in its number and is no address."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`addresses` as they were typed, each once; `paths` of devices and folders on a host."""

    addresses: tuple[str, ...]
    paths: tuple[str, ...]


def reach_of(given: Given) -> Reach:
    """Say where typed keys lead. A path on a server is none on a host, where some key names the server."""
    pairs = [(key.lower(), value) for key, value in given]
    found = [(key, value, _of_value(key, value)) for key, value in pairs if key not in _ON_THE_SERVER]
    addresses = [address for _, _, reach in found for address in reach.addresses]
    paths = [path for _, _, reach in found for path in reach.paths]
    for value in (value for key, value in pairs if key in _ON_THE_SERVER):
        # Behind a server's name stands the path in what is mounted: one without its slash could name another server.
        if not _is_path(value) or ":/" in value:
            addresses.append(value)
        elif not addresses:
            paths.append(value)
    return Reach(tuple(dict.fromkeys(addresses)), tuple(dict.fromkeys(paths)))


def _of_value(key: str, value: str) -> Reach:
    if key in _VOLUME_GROUPS:
        return Reach((), (f"/dev/{value}",))
    if key.endswith("port"):
        return Reach(() if value.isascii() and value.isdigit() else (value,), ())
    if key in _ON_THE_HOST and _is_path(value):
        return Reach((), tuple(value.split(",")) if key in _DEVICES else (value,))
    reaches = [_of_part(key, part) for part in _PARTS.split(normalize("NFKC", value)) if part]
    addresses = tuple(address for reach in reaches for address in reach.addresses)
    paths = tuple(path for reach in reaches for path in reach.paths)
    if _leads_up(value) or ((key in _ON_THE_HOST or _FILES.search(key)) and not addresses and not paths):
        paths = (*paths, value)
    return Reach(addresses, paths)


def _leads_up(value: str) -> bool:
    """Where a path with a step up begins can't be told from what stands around it: the whole counts as one."""
    return ".." in _STEPS.split(value)


def _of_part(key: str, part: str) -> Reach:
    """An option of a mount has a key and a value of its own; what looks like one may still be all of it a place."""
    if _is_path(part):
        return Reach((), (part,))
    name, equals, value = part.partition("=")
    if not equals:
        return _of_word(key, part)
    reaches = [_of_word(key, name), _of_value(name.lower(), value)]
    if _SERVERS.search(key):
        reaches.append(_of_word(key, value))
    return Reach(
        tuple(address for reach in reaches for address in reach.addresses),
        tuple(path for reach in reaches for path in reach.paths),
    )


def _of_word(key: str, word: str) -> Reach:
    """A slash that parts no addresses is one of a path, wherever that begins."""
    addresses = tuple(_addresses(key, word))
    return Reach(addresses, () if addresses or "/" not in word else (word,))


def _is_path(text: str) -> bool:
    return text.startswith("/") and not text.startswith("//")


def _addresses(key: str, part: str) -> Iterator[str]:
    """By its key even a bare word can be a server."""
    text = _URL.sub("", part.replace("\\", "/")).lstrip("/")
    export = _EXPORT.fullmatch(text)
    shared = text != part
    certain = shared or export is not None or bool(_SERVERS.search(key))
    pieces = [export[1]] if export else text.split("/")[:1] if shared else text.split("/")
    for piece in pieces:
        yield from _hosts(key, piece, certain=certain)


def _hosts(key: str, piece: str, *, certain: bool) -> Iterator[str]:
    """Cut a list of servers at its colons, but not an IPv6 address; where it is none, a port may follow a server."""
    bracketed = _BRACKETED.fullmatch(piece)
    whole = bracketed[1] if bracketed else piece
    if canonical_host(whole) is not None and ":" in whole:
        yield whole
        return
    names = piece.split(":")
    if not _LISTS.search(key) and len(names) == _WITH_PORT and names[1].isdigit():
        names = names[:1]
    for name in filter(None, names):
        if certain or ":" in piece or _looks_like_one(key, name):
            yield name


def _looks_like_one(key: str, name: str) -> bool:
    if _NUMBERS.fullmatch(name):
        return _is_number_of_a_host(key, name)
    host = canonical_host(name.rpartition("@")[2])
    return host is not None and "." in host


def _is_number_of_a_host(key: str, text: str) -> bool:
    """Say whether inet_aton would find an address in numbers: it reads 10.1, 0xa000005 and 167772165 as ones too."""
    if "." in text:
        return text.count(".") == _DOTS or not _VERSIONS.search(key)
    octal = text[0] == "0" and not set(text) & {"8", "9"}
    digits, at_base = (text[2:], 16) if text[:2].lower() == "0x" else (text, 8 if octal else 10)
    digits = digits.lstrip("0")
    return 0 < len(digits) <= _LONGEST_NUMBER and int(digits, at_base) in _ADDRESSES
