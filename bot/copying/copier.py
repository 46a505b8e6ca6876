"""Follows the audit stream and writes its second copy, from where it ended."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Final

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.copying.folder import CopyFolder
from bot.ledger.auditing import following

LOG = structlog.get_logger(__name__)

WAIT_MILLISECONDS: Final = 500
"""How long an answer of Redis is waited for where nothing is recorded: then it is looked whether to stop."""

PAUSE_SECONDS: Final = 1.0
"""Before another try, where the folder or Redis failed."""


@dataclass(slots=True)
class Copier:
    """Each bot has a folder of its own, and writes all of the trail into it."""

    redis: Redis
    folder: CopyFolder
    _last: str | None = None

    def run(self, stop: Event) -> None:
        """Copy until told to stop. Whatever fails is tried again: the trail waits in Redis meanwhile."""
        while not stop.is_set():
            try:
                with self.folder.held() as held:
                    if held:
                        self._follow(stop)
                    else:
                        LOG.warning("copy_folder_taken", folder=str(self.folder.path))
            except (OSError, RedisError) as error:
                LOG.error("copy_not_written", error=type(error).__name__)  # noqa: TRY400 - its text may say more than a log should
                self._last = None
            stop.wait(PAUSE_SECONDS)

    def turn(self) -> int:
        """Copy what was recorded since; gives how much. Raises OSError, RedisError."""
        if self._last is None:
            self._last = self.folder.last()
        found = following(self.redis, self._last, WAIT_MILLISECONDS)
        if found:
            self.folder.add(found)
            self._last = found[-1].id
        return len(found)

    def _follow(self, stop: Event) -> None:
        while not stop.is_set():
            self.turn()
