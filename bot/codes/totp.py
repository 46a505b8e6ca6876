"""Codes that change with time (RFC 6238): SHA-1, six digits, steps of 30 s, as every authenticator app has them."""

from __future__ import annotations

import re
from typing import Final

import pyotp

from bot.settings.sealed import Secret

ISSUER: Final = "srbot"
STEP_SECONDS: Final = 30
DRIFT: Final = 1
"""How many steps a clock may be ahead or behind (RFC 6238, 5.2 recommends one)."""

_CODE: Final = re.compile(r"[0-9]{6}")
_GAPS: Final = re.compile(r"[\s-]+")


class NoSecret(Exception):  # noqa: N818 - it names what it is
    """A text is no secret that codes can be made from; the message doesn't hold it."""


def new_secret() -> Secret:
    """Make a secret of 160 bits, as RFC 4226 recommends."""
    return Secret(pyotp.random_base32())


def checked(secret: Secret) -> Secret:
    """Give the secret back where codes can be made from it; raises NoSecret."""
    _of(secret)
    return secret


def uri(secret: Secret, person: str) -> str:
    """Give the otpauth:// address by which an authenticator app takes the secret over: it holds the secret."""
    return _of(secret).provisioning_uri(name=person, issuer_name=ISSUER)


def step_of(secret: Secret, typed: Secret, now: float) -> int | None:
    """Give the time step whose code was typed, if it is one of now; `now` is seconds since the epoch.

    Raises NoSecret.
    """
    totp, code = _of(secret), _GAPS.sub("", typed.reveal())
    if not _CODE.fullmatch(code):
        return None
    try:
        return totp.verify_and_get_timecode(code, for_time=now, valid_window=DRIFT)
    except pyotp.exceptions.OTPVerificationError:
        return None


def _of(secret: Secret) -> pyotp.TOTP:
    try:
        return pyotp.TOTP(secret.reveal(), interval=STEP_SECONDS)
    except ValueError:
        message = "holds no secret for one-time codes"
    raise NoSecret(message)
