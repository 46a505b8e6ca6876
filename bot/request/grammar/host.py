"""Hosts and ports as people write them."""

from __future__ import annotations

import ipaddress
import re
from typing import Final, NamedTuple

from bot.request.grammar.commands import ISCSI_PORT, MAX_PORT
from bot.request.grammar.slack_text import straight
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word

# RFC 1035, section 2.3.4.
MAX_HOST: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# inet_aton reads such a name as an IPv4 address, so it would be another host than the one that was allowed.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SCHEME: Final = re.compile(r"(?:https?|iscsi|tcp)://", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\](?::(.*))?", re.DOTALL)
# The longest prefix of an IPv4 network: `10.0.0.5/24` was meant as a network, `10.0.0.5/3261` as a port.
_LONGEST_PREFIX: Final = 32


class Portal(NamedTuple):
    host: str
    port: int = ISCSI_PORT


def canonical_host(text: str) -> str | None:
    """The one spelling of an address or name (RFC 5952 for IPv6), None if it is neither.

    IPv4-mapped IPv6 becomes IPv4; a trailing dot is dropped; names are in small letters.
    """
    address = _address(text)
    if address is not None:
        return str(address)
    name = text.lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > MAX_HOST or _NUMBER.fullmatch(labels[-1]):
        return None
    return name if all(_LABEL.fullmatch(label) for label in labels) else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return None if address.scope_id else address.ipv4_mapped or address
    return address


def written(portal: Portal) -> str:
    """As it is typed: the port only where it is not iSCSI's own."""
    if portal.port == ISCSI_PORT:
        return portal.host
    return f"[{portal.host}]:{portal.port}" if ":" in portal.host else f"{portal.host}:{portal.port}"


def read_portal(typed: str) -> Portal | Slip:
    """A guess in the slip is one word: the host as it may have been meant."""
    text = _SCHEME.sub("", straight(typed), count=1).rstrip("/")
    if "*" in text:
        return Slip("host_wildcard", "One target is added at a time: * can't stand in the host.")
    if "," in text:
        return _slip("several_hosts", "One host is given at a time.", text.partition(",")[0])
    if "/" in text:
        return _with_slash(text)
    return _with_port(text, typed)


def _slip(reason: str, sentence: str, guess: str) -> Slip:
    return Slip(reason, sentence, (Word(guess),) if guess else None)


def _with_slash(text: str) -> Slip:
    host, _, rest = text.partition("/")
    if rest.isascii() and rest.isdigit() and len(rest) <= len(str(MAX_PORT)) and int(rest) > _LONGEST_PREFIX:
        return _slip("port_slash", f"A port is written after a colon, not as {quoted('/' + rest)}.", f"{host}:{rest}")
    return _slip("host_path", f"{quoted(text)} is not one host: leave out what follows the slash.", host)


def _with_port(text: str, typed: str) -> Portal | Slip:
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        return _portal(bracketed[1], bracketed[2], typed)
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return _portal(host, port, typed)
    return _portal(text, None, typed)


def _portal(name: str, port: str | None, typed: str) -> Portal | Slip:
    host = canonical_host(name)
    if host is None:
        return Slip("host_unreadable", f"{quoted(typed)} is neither an address nor a host name in ASCII letters.")
    if port is None:
        return Portal(host)
    if not port:
        return _slip("port_missing", f"After the colon in {quoted(typed)} a port is missing.", host)
    number = _port_number(port)
    if number is None:
        return Slip("port_unreadable", f"{quoted(port)} is not a port: it is a number from 1 to {MAX_PORT}.")
    return Portal(host, number)


def _port_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text.lstrip("0")) > len(str(MAX_PORT)):
        return None
    number = int(text.lstrip("0") or "0")
    return number if 1 <= number <= MAX_PORT else None
