"""Who works at the command line: an account of this machine, and the Slack user that the configuration says it is."""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import Settings, SettingsError

_ROOT = 0


@dataclass(frozen=True, slots=True)
class Worker:
    """`person` is a Slack user id."""

    person: str
    account: str
    host: str

    @property
    def via(self) -> str:
        """Say where they act, for the record."""
        return f"command line, {self.account}@{self.host}"


def who_works(settings: Settings, environ: Mapping[str, str]) -> Worker:
    """Say who it is. Raises SettingsError for an account that is nobody's."""
    account = _account(settings, environ)
    person = settings.accounts.get(account)
    if person is None:
        raise SettingsError((f"accounts.{account}: is missing; name the Slack user whose account this is",))
    return Worker(person, account, socket.gethostname())


def _account(settings: Settings, environ: Mapping[str, str]) -> str:
    """Give the name of the account, of which $USER and $LOGNAME may say anything.

    Who works by sudo as the account that owns the secrets is whom sudo names: that account could read them anyway.
    """
    own, behind = os.getuid(), environ.get("SUDO_UID", "")
    number = int(behind) if _owns_secrets(own, settings) and behind.isascii() and behind.isdigit() else own
    try:
        return pwd.getpwuid(number).pw_name
    except (KeyError, OverflowError):
        return str(number)


def _owns_secrets(own: int, settings: Settings) -> bool:
    try:
        return own == _ROOT or (settings.codes_folder is not None and settings.codes_folder.stat().st_uid == own)
    except OSError:
        return False
