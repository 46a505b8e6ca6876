"""A first look at the ledger's server, before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bot.ledger.store import LedgerUnavailable
from bot.settings import RedisUrl, SettingsError, redis_url
from deploy.embedded import REDIS_URL, ledger_warnings

ANSWERS_WITHIN: Final = 5.0
NOT_SET: Final = f"{REDIS_URL} is not set. Set it to your Redis or Valkey server, or use `srbot run`, which brings one."


class NoAnswerError(Exception):
    """The ledger's server can't be used."""


def looked_at(url: RedisUrl) -> list[str]:
    """Give a sentence for each setting of the server that can lose acknowledged work. Raises NoAnswerError."""
    with opened(url) as redis:
        redis.ping()
        return ledger_warnings(redis)


@contextmanager
def opened(url: RedisUrl) -> Iterator[Redis]:
    """Connect for a short look or a single change; raises NoAnswerError where the server does not answer meanwhile."""
    options = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
    try:
        with Redis.from_url(url.url.reveal(), retry=Retry(NoBackoff(), 0), **options) as redis:
            yield redis
    except (RedisError, LedgerUnavailable) as error:
        message = f"{url.shown} does not answer ({type(error).__name__})"
        raise NoAnswerError(message) from None


def required(environ: Mapping[str, str]) -> RedisUrl:
    """Give the server that the environment names; raises SettingsError without one."""
    url = redis_url(environ)
    if url is None:
        raise SettingsError((NOT_SET,))
    return url
