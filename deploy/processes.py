"""The bot and the workers as processes: how each is started, and what its environment may hold.

The bot gets no XenServer password and a worker no Slack token: each environment is built from a list of what
that process needs, never inherited.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bot.settings import Settings
from bot.settings.model import PasswordEnv
from deploy.embedded import REDIS_URL
from deploy.supervision import Child

CONFIG: Final = "SRBOT_CONFIG"
SLACK_VARIABLES: Final = (
    "SRBOT_SLACK_BOT_TOKEN",
    "SRBOT_SLACK_APP_TOKEN",
    "SRBOT_SLACK_BOT_TOKEN_FILE",
    "SRBOT_SLACK_APP_TOKEN_FILE",
)
PLAIN_VARIABLES: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "SRBOT_LOG_LEVEL",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)
PROXY_VARIABLES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""For the bot: slack_sdk goes through them. A worker talks to its pools directly."""

BOT_READY_WITHIN: Final = 60.0
WORKER_READY_WITHIN: Final = 60.0
WORKER_STOPS_WITHIN: Final = 30.0


def command(*arguments: str) -> tuple[str, ...]:
    """Give the command line for one of srbot's own processes; the folder it is started in does not matter."""
    return (sys.executable, "-P", "-m", "deploy.cli", *arguments)


def bot_process(config: Path, redis_url: str, environ: Mapping[str, str]) -> Child:
    """The bot, with the Slack tokens of this environment."""
    env = _environment(config, redis_url, environ, (*SLACK_VARIABLES, *PROXY_VARIABLES))
    return Child("bot", command("bot", "--config", str(config)), env, ready_within=BOT_READY_WITHIN)


def worker_process(pool: str, settings: Settings, config: Path, redis_url: str, environ: Mapping[str, str]) -> Child:
    """The worker of one pool, with the password variables that the settings name."""
    env = _environment(config, redis_url, environ, _password_variables(settings))
    return Child(
        f"worker-{pool}",
        command("worker", pool, "--config", str(config)),
        env,
        ready_within=WORKER_READY_WITHIN,
        stop_within=WORKER_STOPS_WITHIN,
    )


def _password_variables(settings: Settings) -> list[str]:
    sources = [pool.password for pool in settings.pools.values()]
    sources += [password for credential in settings.credentials.values() for password in credential.passwords]
    named = [source.name for source in sources if isinstance(source, PasswordEnv)]
    return [*named, "CREDENTIALS_DIRECTORY"]


def _environment(config: Path, redis_url: str, environ: Mapping[str, str], more: Iterable[str]) -> dict[str, str]:
    wanted = {*PLAIN_VARIABLES, *more}
    kept = {name: value for name, value in environ.items() if name in wanted}
    return kept | {CONFIG: str(config), REDIS_URL: redis_url}
