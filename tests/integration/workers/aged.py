"""A Redis or Valkey that says of itself that it runs for as long as a test wants."""

from __future__ import annotations

from typing import Any

from redis import Redis


class Aged(Redis):
    """A server that runs for as long as the test says."""

    uptime = 1000

    def info(self, section: str | None = None, *args: str, **kwargs: Any) -> Any:  # noqa: ANN401 - the signature of redis-py
        return {**super().info(section, *args, **kwargs), "uptime_in_seconds": self.uptime}
