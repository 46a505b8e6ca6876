"""What the operator sets: one TOML file, and the environment for tokens. Passwords are in `secrets`."""

from __future__ import annotations

from bot.settings.channels import pool_for
from bot.settings.environment import RedisUrl, Tokens, redis_url, slack_tokens
from bot.settings.hosts import allowed, credential_for
from bot.settings.local import path_allowed
from bot.settings.mistakes import SettingsError
from bot.settings.model import Credential, Pool, Refusal, Settings
from bot.settings.reading import load

__all__ = [
    "Credential",
    "Pool",
    "RedisUrl",
    "Refusal",
    "Settings",
    "SettingsError",
    "Tokens",
    "allowed",
    "credential_for",
    "load",
    "path_allowed",
    "pool_for",
    "redis_url",
    "slack_tokens",
]
