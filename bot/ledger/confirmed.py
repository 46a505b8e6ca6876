"""A one-time code counts once: it is used up in the commit of what it confirms, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.client import Pipeline

from bot.ledger import keys
from bot.request.events import Event
from bot.request.refused import Refused


def refuse_used(pipe: Pipeline, events: Sequence[Event]) -> None:
    """Let no code confirm anything a second time: raises Refused. Looks before the transaction begins."""
    for person, step in _confirmed(events):
        pipe.watch(keys.used_code(person))  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
        last: Any = pipe.get(keys.used_code(person))
        if last is not None and step <= int(last):
            raise Refused("code_used")


def write_used(pipe: Pipeline, events: Sequence[Event]) -> None:
    """Use the codes up, as part of a transaction that has begun."""
    for person, step in _confirmed(events):
        pipe.set(keys.used_code(person), step)


def _confirmed(events: Sequence[Event]) -> set[tuple[str, int]]:
    return {(event.actor, event.code_step) for event in events if event.actor and event.code_step is not None}
