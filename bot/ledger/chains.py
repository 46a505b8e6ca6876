"""Records that are about no request: each process has a chain of its own for them, so that none waits for another."""

from __future__ import annotations

import os
import socket
from typing import Any, Final

from redis.client import Pipeline

from bot.audit import FIRST, Link, digest_of
from bot.ledger import codec, keys
from bot.ledger.store import new_id

_STARTED: Final = new_id()


def of_process() -> str:
    """Name the chain of this process; a child that was forked has its own."""
    return f"{socket.gethostname()}.{os.getpid()}-{_STARTED}"


def next_link(pipe: Pipeline) -> Link:
    """Give the place of this process's next record, watched: to be called before the pipe's MULTI."""
    chain = of_process()
    pipe.watch(keys.chain(chain))  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
    row: Any = pipe.hmget(keys.chain(chain), "number", "head")
    return Link(chain, int(row[0] or 0) + 1, (row[1] or FIRST.encode()).decode())


def add(pipe: Pipeline, link: Link, noted: object) -> None:
    """Write a record at its place, in the transaction that has begun."""
    record = codec.encode(noted, link)
    pipe.xadd(keys.AUDIT, {"record": record})
    pipe.hset(keys.chain(link.chain), mapping={"number": link.number, "head": digest_of(record)})
