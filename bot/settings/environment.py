"""What comes by the environment: Slack's tokens for the bot, and where Redis is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.settings.mistakes import SettingsError
from bot.settings.sealed import Secret
from bot.settings.sealing import SecretError, read_secret_file, sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

BOT_TOKEN: Final = "SRBOT_SLACK_BOT_TOKEN"  # noqa: S105 - the variable's name
APP_TOKEN: Final = "SRBOT_SLACK_APP_TOKEN"  # noqa: S105 - the variable's name
REDIS_URL: Final = "SRBOT_REDIS_URL"
FILE_SUFFIX: Final = "_FILE"

# docs.slack.dev: "Tokens".
_KINDS: Final = {BOT_TOKEN: "xoxb-", APP_TOKEN: "xapp-"}
_REDIS_SCHEMES: Final = frozenset({"redis", "rediss", "unix"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """`bot` calls the Web API, `app` opens Socket Mode."""

    bot: Secret
    app: Secret


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """`shown` is the URL without user and password, for people and logs."""

    url: Secret
    shown: str


def slack_tokens(environ: Mapping[str, str]) -> Tokens:
    """Take both tokens from their variables, or from the files that `…_FILE` names.

    Raises SettingsError with all mistakes at once.
    """
    found: dict[str, Secret] = {}
    mistakes: list[str] = []
    for name, prefix in _KINDS.items():
        try:
            found[name] = _token(environ, name, prefix)
        except SecretError as error:
            mistakes.append(f"{name}: {error}")
    if mistakes:
        raise SettingsError(tuple(mistakes))
    return Tokens(bot=found[BOT_TOKEN], app=found[APP_TOKEN])


def _token(environ: Mapping[str, str], name: str, prefix: str) -> Secret:
    file = name + FILE_SUFFIX
    if (name in environ) == (file in environ):
        message = f"set either {name} or {file}"
        raise SecretError(message)
    token = sealed(environ[name], "it") if name in environ else read_secret_file(Path(environ[file]))
    if not token.reveal().startswith(prefix):
        message = f"the token must start with {prefix}"
        raise SecretError(message)
    return token


def redis_url(environ: Mapping[str, str]) -> RedisUrl | None:
    """Take SRBOT_REDIS_URL, None if it is not set. Raises SettingsError."""
    value = environ.get(REDIS_URL)
    if not value:
        return None
    shown = _without_login(value)
    if shown is None:
        raise SettingsError((f"{REDIS_URL}: it must be a redis://, rediss:// or unix:// URL",))
    return RedisUrl(Secret(value), shown)


def _without_login(value: str) -> str | None:
    """None for what is no such URL; urlsplit's own error would repeat the value."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme not in _REDIS_SCHEMES or not (parts.netloc or parts.path):
        return None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
