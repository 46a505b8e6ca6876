"""Where the keys of a device_config lead that somebody typed: to which addresses, and to which places on a host.

What a value means is told by its key and by how it looks. Whatever could be an address counts as one, and whatever
could be a path on a host counts as that: one too many is refused with a sentence, one too few would be a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.request.grammar.host import canonical_host

Given = Iterable[tuple[str, str]]

_ON_THE_SERVER: Final = frozenset({"serverpath", "rootpath"})
"""Keys that name a path on the server that another key names (SM: NFSSR.py; XCP-ng's CephFSSR.py, MooseFSSR.py)."""

_ON_THE_HOST: Final = frozenset({"device", "location", "path"})
_DEVICES: Final = "device"
_OPTIONS: Final = frozenset({"options"})
"""Keys whose value is a list of options, each with a key of its own."""
_VOLUME_GROUPS: Final = frozenset({"group-name"})
"""Keys that name a volume group of the hosts (XCP-ng: LinstorSR.py)."""

_SERVERS: Final = re.compile(r"server|host|target|addr|portal|url|master|proxy|peer|src|\bmons?\b|\bmon_|\bips?\b")
_LISTS: Final = re.compile(r"servers|hosts|peers")
"""Keys of lists that colons part: what stands between two of them is no port."""

_PARTS: Final = re.compile(r"[\s,;]+")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?", re.IGNORECASE)
_EXPORT: Final = re.compile(r"(\[[^\]]*\]|[^/:]+):/.*")
_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\](?::\d*)?")


_WITH_PORT: Final = 2


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
        if not _is_path(value):
            addresses.append(value)
        elif not addresses:
            paths.append(value)
    return Reach(tuple(dict.fromkeys(addresses)), tuple(dict.fromkeys(paths)))


def _of_value(key: str, value: str) -> Reach:
    if key in _VOLUME_GROUPS:
        return Reach((), (f"/dev/{value}",))
    if key.endswith("port"):
        return Reach(() if value.isascii() and value.isdigit() else (value,), ())
    # A driver takes a path as a whole, with the blanks in it; only a list of devices is cut.
    if key == _DEVICES or (_is_path(value) and key not in _OPTIONS):
        return Reach((), tuple(value.split(",")) if key == _DEVICES else (value,))
    reaches = [_of_part(key, part) for part in _PARTS.split(value) if part]
    addresses = tuple(address for reach in reaches for address in reach.addresses)
    paths = tuple(path for reach in reaches for path in reach.paths)
    if key in _ON_THE_HOST and not addresses and not paths:
        paths = (value,)
    return Reach(addresses, paths)


def _of_part(key: str, part: str) -> Reach:
    """An option of a mount has a key and a value of its own; elsewhere what stands before a `=` is none.

    The part counts as a whole too, since which of both it is depends on who reads it.
    """
    if _is_path(part):
        return Reach((), (part,))
    whole = tuple(_addresses(key, part)) if key not in _OPTIONS else ()
    name, equals, value = part.partition("=")
    if not equals:
        return Reach(tuple(_addresses(key, part)), ())
    option = _of_option(name.lower(), value)
    return Reach((*whole, *option.addresses), option.paths)


def _of_option(name: str, value: str) -> Reach:
    """A path without its first slash begins wherever the one who mounts it stands."""
    found = _of_value(name, value)
    if "/" in value and not found.addresses and not found.paths:
        return Reach((), (value,))
    return found


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
        yield from _hosts(piece, certain=certain, ported=not _LISTS.search(key))


def _hosts(piece: str, *, certain: bool, ported: bool) -> Iterator[str]:
    """Cut a list of servers at its colons, but not an IPv6 address; `ported`: a port may follow a server."""
    bracketed = _BRACKETED.fullmatch(piece)
    whole = bracketed[1] if bracketed else piece
    if canonical_host(whole) is not None and ":" in whole:
        yield whole
        return
    names = piece.split(":")
    if ported and len(names) == _WITH_PORT and names[1].isdigit():
        names = names[:1]
    for name in filter(None, names):
        if certain or ":" in piece or _looks_like_one(name):
            yield name


def _looks_like_one(name: str) -> bool:
    host = canonical_host(name)
    return host is not None and "." in host
