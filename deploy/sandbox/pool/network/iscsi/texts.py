"""The key=value pairs of login and text PDUs, each ended by a zero byte. Source: RFC 7143, 6.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.troubles import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST_KEY = 63
_MOST_PAIRS = 4096


def packed(pairs: Mapping[str, str]) -> bytes:
    return b"".join(f"{key}={value}".encode() + b"\0" for key, value in pairs.items())


def unpacked(data: bytes) -> list[tuple[str, str]]:
    """The pairs in their order, repeated keys too; ProtocolError for what is none."""
    try:
        lines = [line for line in data.decode("utf-8").split("\0") if line]
    except UnicodeDecodeError as error:
        message = "the target's text is not UTF-8"
        raise ProtocolError(message) from error
    if len(lines) > _MOST_PAIRS:
        message = f"the target's text has more than {_MOST_PAIRS} keys"
        raise ProtocolError(message)
    return [_pair(line) for line in lines]


def by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs of a negotiation, in which no key may come twice."""
    found: dict[str, str] = {}
    for key, value in pairs:
        if key in found:
            message = "the target negotiated a key twice"
            raise ProtocolError(message)
        found[key] = value
    return found


def _pair(line: str) -> tuple[str, str]:
    key, equals, value = line.partition("=")
    if not equals or not 0 < len(key) <= _LONGEST_KEY or not key.isprintable() or " " in key:
        message = "the target's text has something that is no key=value"
        raise ProtocolError(message)
    return key, value
