from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Clock:
    """The time that rules go by: the wall clock plus an offset that tests turn.

    Trigger ids, response_urls, rate limits, acks and retries follow `now`; a message's ts follows `wall`.
    """

    wall: Callable[[], float] = time.time
    offset: float = 0.0
    _turned: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return self.wall() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds
        self._turned.set()
        self._turned = asyncio.Event()

    async def within(self, seconds: float, done: asyncio.Future[Any]) -> bool:
        """Wait for `done`; tell whether it came before `seconds` had passed on this clock."""
        deadline = self.now() + seconds
        while not done.done():
            left = deadline - self.now()
            if left <= 0:
                return False
            await self._next_change(left, done)
        return True

    async def sleep(self, seconds: float) -> None:
        await self.within(seconds, asyncio.get_running_loop().create_future())

    async def _next_change(self, seconds: float, done: asyncio.Future[Any]) -> None:
        turned = asyncio.ensure_future(self._turned.wait())
        try:
            await asyncio.wait({done, turned}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turned.cancel()
