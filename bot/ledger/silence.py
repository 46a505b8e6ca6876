"""How long something has been so, measured by Redis: a single look proves little, and none does after an outage."""

from __future__ import annotations

from typing import Any, Final

from redis import Redis

LOOKS: Final = 3
"""Heartbeats that a first look counts, as a rule: what happens again later starts anew."""


def has_just_come_back(redis: Redis, heartbeat: float) -> bool:
    """After an outage everybody looks silent, until they could report again. `heartbeat` in seconds."""
    info: Any = redis.info("server")
    return float(info["uptime_in_seconds"]) < 2 * heartbeat


def lasts(redis: Redis, key: str, heartbeat: float, counts: float | None = None) -> bool:
    """Say whether it was so at a look a heartbeat ago already; `key` notes the first look, which `counts` so long."""
    whole = milliseconds(LOOKS * heartbeat if counts is None else counts)
    if redis.set(key, "1", nx=True, px=whole):
        return False
    left: Any = redis.pttl(key)
    return whole - int(left) > milliseconds(heartbeat)


def milliseconds(seconds: float) -> int:
    return max(int(seconds * 1000), 1)
