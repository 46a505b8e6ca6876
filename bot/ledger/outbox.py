"""What the publisher has to show, in commit order, and what it has shown so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis

from bot.ledger import keys

LEASE_SECONDS = 10
"""A publisher that dies is followed by another after this long."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: something of this kind ("request" or "question") has changed."""

    id: str
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in Slack for a request: the card, and how many lines of its trail were posted to the thread."""

    channel: str = ""
    ts: str = ""
    digest: str = ""
    lines: int = 0


class Outbox:
    """The outbox stream. Raises redis' own errors: the publisher tries again by itself."""

    def __init__(self, redis: Redis, owner: str) -> None:
        self._redis = redis
        self._owner = owner

    def hold_lease(self) -> bool:
        """Take or keep the right to publish; False while another bot has it."""
        if self._redis.set(keys.PUBLISHER_LEASE, self._owner, nx=True, ex=LEASE_SECONDS):
            return True
        with self._redis.pipeline() as pipe:
            pipe.watch(keys.PUBLISHER_LEASE)  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
            holder: Any = pipe.get(keys.PUBLISHER_LEASE)
            if holder is None or holder.decode() != self._owner:
                return False
            pipe.multi()
            pipe.expire(keys.PUBLISHER_LEASE, LEASE_SECONDS)
            pipe.execute()
        return True

    def drop_lease(self) -> None:
        """Let another bot publish at once."""
        holder: Any = self._redis.get(keys.PUBLISHER_LEASE)
        if holder is not None and holder.decode() == self._owner:
            self._redis.delete(keys.PUBLISHER_LEASE)

    def wait(self, after: str, milliseconds: int, limit: int = 200) -> list[Entry]:
        """Give the entries after an id ("0" for all that are there), waiting for the first one."""
        answer: Any = self._redis.xread({keys.OUTBOX: after}, count=limit, block=milliseconds)
        rows = answer[0][1] if answer else []
        return [_entry(entry_id, fields) for entry_id, fields in rows]

    def done(self, *entry_ids: str) -> None:
        """Drop entries that stand in Slack now."""
        if entry_ids:
            self._redis.xdel(keys.OUTBOX, *entry_ids)

    def shown(self, request_id: str) -> Shown:
        """Read what stands in Slack for a request."""
        return _shown(self._redis.hgetall(keys.shown(request_id)))

    def note_shown(self, request_id: str, shown: Shown) -> None:
        """Write down what stands in Slack now."""
        fields: dict[Any, Any] = {
            "channel": shown.channel,
            "ts": shown.ts,
            "digest": shown.digest,
            "lines": shown.lines,
        }
        self._redis.hset(keys.shown(request_id), mapping=fields)


def all_shown(redis: Redis, request_ids: Sequence[str]) -> list[Shown]:
    """Read in one go what stands in Slack for each of these requests; raises redis' own errors."""
    with redis.pipeline(transaction=False) as pipe:
        for request_id in request_ids:
            pipe.hgetall(keys.shown(request_id))
        return [_shown(row) for row in pipe.execute()]


def _shown(row: Any) -> Shown:  # noqa: ANN401 - Redis answers with what it holds
    text = {key.decode(): value.decode() for key, value in row.items()}
    lines = int(text.pop("lines", "0"))
    return Shown(lines=lines, **text)


def _entry(entry_id: bytes, fields: dict[bytes, bytes]) -> Entry:
    return Entry(entry_id.decode(), fields[b"kind"].decode(), fields[b"id"].decode())
