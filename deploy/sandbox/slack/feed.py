from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import Json

Queue = asyncio.Queue[Json | None]


@dataclass(slots=True)
class Feed:
    """Live updates for the pages that are open, by the person who looks; None in a queue ends it."""

    queues: defaultdict[str, set[Queue]] = field(default_factory=lambda: defaultdict(set))

    def subscribe(self, user: str) -> Queue:
        queue = Queue()
        self.queues[user].add(queue)
        return queue

    def unsubscribe(self, user: str, queue: Queue) -> None:
        self.queues[user].discard(queue)

    def tell(self, users: Iterable[str], event: Json) -> None:
        for user in users:
            for queue in self.queues.get(user, ()):
                queue.put_nowait(event)

    def tell_all(self, event: Json) -> None:
        self.tell(tuple(self.queues), event)

    def end(self) -> None:
        for queues in self.queues.values():
            for queue in queues:
                queue.put_nowait(None)
