"""Connections to Redis or Valkey: a short patience for what people wait for, a long one for workers."""

from __future__ import annotations

from typing import Final

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.retry import Retry

SHORT_TIMEOUT: Final = 0.25
"""Seconds for one answer: with one repetition a commit stays within its second."""

LONG_TIMEOUT: Final = 30.0
LONG_RETRIES: Final = 200
"""With pauses of a second at most: a worker outlives an outage of minutes and its job is not run twice."""


def for_people(url: str) -> Redis:
    """Connect for listeners: whoever waits is told soon that it did not work."""
    return Redis.from_url(
        url,
        socket_timeout=SHORT_TIMEOUT,
        socket_connect_timeout=SHORT_TIMEOUT,
        retry=Retry(NoBackoff(), 1),
        client_name="srbot-bot",
    )


def for_work(url: str, name: str = "srbot-worker") -> Redis:
    """Connect for workers and for the publisher's waiting: patient, through a restart of the server."""
    return Redis.from_url(
        url,
        socket_timeout=LONG_TIMEOUT,
        socket_connect_timeout=LONG_TIMEOUT,
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), LONG_RETRIES),
        client_name=name,
    )
