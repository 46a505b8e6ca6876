"""Single values as the file writes them: read to what they mean, or to None."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from bot.request.grammar.host import canonical_host
from bot.request.grammar.passwords import CREDENTIAL_NAME
from bot.settings.local import is_plain_path

if TYPE_CHECKING:
    from bot.settings.model import Network

# docs.slack.dev: ids are a letter for the kind, then capital letters and digits.
TEAM: Final = re.compile(r"T[A-Z0-9]+")
APP: Final = re.compile(r"A[A-Z0-9]+")
CHANNEL: Final = re.compile(r"[CG][A-Z0-9]+")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
ENV_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A pool's name is part of its queue's name, and both are typed behind an equals sign.
NAME: Final = CREDENTIAL_NAME
NAME_SHAPE: Final = "letters, digits, dots, dashes and underscores, up to 64"
_FINGERPRINT: Final = re.compile(r"sha256:((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})", re.IGNORECASE)
_LOOPBACK_NAME: Final = "localhost"


def person(text: str) -> str | None:
    return text if _PERSON.fullmatch(text) else None


def fingerprint(text: str) -> str | None:
    """Give 64 hex digits in small letters."""
    found = _FINGERPRINT.fullmatch(text)
    return found[1].replace(":", "").lower() if found else None


def network(text: str) -> Network | None:
    """Read a network without host bits; a bare address is a network of one."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def host_name(text: str) -> str | None:
    """Read a name, not an address."""
    name = canonical_host(text)
    return None if name is None or network(name) is not None else name


def network_or_name(text: str) -> Network | str | None:
    return network(text) or host_name(text)


def local_path(text: str) -> str | None:
    """Read a path from the root on, but not the root itself; a slash at its end is dropped."""
    path = text.rstrip("/")
    return path if is_plain_path(path) else None


def origin(text: str) -> str | None:
    """Read `https://host[:port]`, or http on loopback; nothing behind it but a slash."""
    parts = _split(text)
    return f"{parts.scheme}://{parts.netloc}" if parts and parts.path in {"", "/"} else None


def api_base(text: str) -> str | None:
    """Read a URL that methods are appended to; it ends with a slash."""
    parts = _split(text)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/" if parts else None


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    plain = "@" not in parts.netloc and not parts.query and not parts.fragment and port != 0
    known = canonical_host(host) is not None
    safe = parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))
    return parts if plain and known and safe else None


def _loopback(host: str) -> bool:
    try:
        return host == _LOOPBACK_NAME or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
