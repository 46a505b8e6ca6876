"""Real servers for tests: each test that wants one gets an empty database of a Valkey of its own process."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

from redis import Redis

from deploy.embedded import Server, start

DATABASES = itertools.cycle(range(16))


@cache
def shared_server() -> Server:
    """One Valkey for all tests of this process; it ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="srbot-valkey-"))
    server = start(folder)

    def end() -> None:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return server


def empty_url() -> str:
    """Give the URL of a database that nobody uses, emptied."""
    url = shared_server().url.replace("db=0", f"db={next(DATABASES)}")
    with Redis.from_url(url) as redis:
        redis.flushdb()
    return url
