"""CHAP with MD5, one way or both. Source: RFC 7143, 12.1.3, and RFC 1994."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from deploy.sandbox.pool.network.troubles import DeniedError, ProtocolError

MD5 = "5"
_CHALLENGE_LENGTH = 16
_LONGEST_CHALLENGE = 1024
_HIGHEST_IDENTIFIER = 255


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password that a target asks for, and those that it has to give itself."""

    outgoing: tuple[str, str] | None = field(default=None, repr=False)
    incoming: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    identifier: int
    value: bytes


def challenge_in(keys: dict[str, str]) -> Challenge:
    """What a target asks; ProtocolError for another digest than MD5 and for what can't be read."""
    if keys.get("CHAP_A") != MD5:
        message = "the target wants another digest than MD5 for CHAP"
        raise ProtocolError(message)
    return Challenge(_identifier(keys.get("CHAP_I", "")), _binary(keys.get("CHAP_C", "")))


def own_challenge() -> Challenge:
    return Challenge(secrets.randbelow(_HIGHEST_IDENTIFIER + 1), secrets.token_bytes(_CHALLENGE_LENGTH))


def answer(challenge: Challenge, password: str) -> bytes:
    """The digest of identifier, password and challenge."""
    whole = bytes((challenge.identifier,)) + password.encode() + challenge.value
    return hashlib.md5(whole, usedforsecurity=False).digest()


def reply(user: str, response: bytes) -> dict[str, str]:
    return {"CHAP_N": user, "CHAP_R": f"0x{response.hex()}"}


def asking(challenge: Challenge) -> dict[str, str]:
    return {"CHAP_I": str(challenge.identifier), "CHAP_C": f"0x{challenge.value.hex()}"}


def check_target(keys: dict[str, str], asked: Challenge, expected: tuple[str, str]) -> None:
    """DeniedError unless the target knows the password by which it has to prove itself."""
    user, password = expected
    given = _binary(keys.get("CHAP_R", ""))
    if keys.get("CHAP_N") != user or not hmac.compare_digest(given, answer(asked, password)):
        message = "the target could not prove that it knows the incoming CHAP password"
        raise DeniedError(message)


def _identifier(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len("255") or int(text) > _HIGHEST_IDENTIFIER:
        message = "the target's CHAP identifier is no byte"
        raise ProtocolError(message)
    return int(text)


def _binary(text: str) -> bytes:
    """A binary value, hexadecimal or in base 64. Source: RFC 7143, 6.1."""
    kind, body = text[:2].lower(), text[2:]
    try:
        value = {"0x": _from_hex, "0b": _from_base64}[kind](body)
    except (KeyError, ValueError, binascii.Error) as error:
        message = "the target's CHAP value can't be read"
        raise ProtocolError(message) from error
    if not 0 < len(value) <= _LONGEST_CHALLENGE:
        message = "the target's CHAP value is too short or too long"
        raise ProtocolError(message)
    return value


def _from_hex(body: str) -> bytes:
    """A digit may be lacking in front."""
    return bytes.fromhex("0" * (len(body) % 2) + body)


def _from_base64(body: str) -> bytes:
    return base64.b64decode(body, validate=True)
