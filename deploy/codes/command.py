"""`srbot code enrol` and `revoke`: an operator gives somebody one-time codes, and takes them away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import click

from bot.settings import Settings, SettingsError
from deploy.console import config_option, say

NO_FOLDER = "codes.folder: is missing; name the folder where the secrets of one-time codes are kept"


@click.group()
def code() -> None:
    """One-time codes: who has them."""


@code.command()
@click.argument("person")
@click.option("--again", is_flag=True, help="Replace the secret that this person has: their app's codes end with it.")
@config_option
def enrol(person: str, config: Path, *, again: bool) -> None:
    """Make a secret for PERSON, a Slack user id U…, and print it once, for an authenticator app."""
    say(lambda settings: enrolled(settings, person, again=again), config)


@code.command()
@click.argument("person")
@config_option
def revoke(person: str, config: Path) -> None:
    """Forget the secret of PERSON, a Slack user id U…: no code of theirs is taken any more."""
    say(lambda settings: revoked(settings, person), config)


def enrolled(settings: Settings, person: str, *, again: bool) -> Iterator[str]:
    """Give what to show the person, who is told to keep it to themselves. Raises SettingsError."""
    from bot.codes import AlreadyEnrolled, SecretsFolder  # noqa: PLC0415 - no worker may load it
    from bot.codes.totp import uri  # noqa: PLC0415 - the same

    folder = _folder(settings)
    try:
        secret = SecretsFolder(folder).enrol(person, again=again)
    except AlreadyEnrolled:
        raise SettingsError((f"{person}: has codes already; --again replaces them",)) from None
    except ValueError:
        raise SettingsError((f"{person}: is no Slack user id, U…",)) from None
    except OSError as error:
        raise SettingsError((f"{folder}: can't be written: {error.strerror}",)) from None
    address = uri(secret, person)
    yield f"{person} scans this with an authenticator app, or types the address below into it."
    yield "Whoever sees it has the codes: it is shown only now."
    yield _picture(address)
    yield address


def revoked(settings: Settings, person: str) -> Iterator[str]:
    """Say that somebody has no codes any more. Raises SettingsError."""
    from bot.codes import SecretsFolder  # noqa: PLC0415 - no worker may load it

    folder = _folder(settings)
    try:
        had = SecretsFolder(folder).revoke(person)
    except OSError as error:
        raise SettingsError((f"{folder}: can't be written: {error.strerror}",)) from None
    yield f"{person} has no codes any more." if had else f"{person} had no codes."


def _folder(settings: Settings) -> Path:
    if settings.codes_folder is None:
        raise SettingsError((NO_FOLDER,))
    return settings.codes_folder


def _picture(address: str) -> str:
    """Draw the address for a dark terminal, two rows of squares to a line."""
    import segno  # noqa: PLC0415 - a running bot or worker has no use for it

    out = io.StringIO()
    segno.make_qr(address).terminal(out, compact=True)
    return out.getvalue()
