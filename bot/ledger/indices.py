"""Which requests there are of a person and in a channel: written with each step, so that a list loads only its page."""

from __future__ import annotations

from typing import Final

from redis.client import Pipeline

from bot.ledger import keys
from bot.request.model import Request, State

ENDED_KEPT: Final = 30 * 86_400
"""Seconds: how long a person's list names what has ended."""


def write(pipe: Pipeline, after: Request) -> None:
    """Put a request where it belongs now. Said anew with each step, it also takes in requests of older versions."""
    awaiting = after.state is State.AWAITING_APPROVAL
    _write_open(pipe, keys.open_of(after.requester), after, belongs=not after.ended)
    _write_open(pipe, keys.open_in(after.channel), after, belongs=not after.ended)
    _write_open(pipe, keys.awaiting_in(after.channel), after, belongs=awaiting)
    _write_ended(pipe, keys.ended_of(after.requester), after)


def _write_open(pipe: Pipeline, key: str, after: Request, *, belongs: bool) -> None:
    if belongs:
        pipe.zadd(key, {after.id: after.asked_at})
    else:
        pipe.zrem(key, after.id)


def _write_ended(pipe: Pipeline, key: str, after: Request) -> None:
    """A repair opens again what had ended. Each end drops the older ones, and the last one the whole set in time."""
    if not after.ended:
        pipe.zrem(key, after.id)
        return
    pipe.zadd(key, {after.id: after.changed_at})
    pipe.zremrangebyscore(key, "-inf", after.changed_at - ENDED_KEPT)
    pipe.expire(key, ENDED_KEPT)
