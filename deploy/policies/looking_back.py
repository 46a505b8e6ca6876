"""What was asked before, as a policy sees it: read from the trails of the requests in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from redis import Redis

from bot.deciding.standing import counting, subject
from bot.ledger import codec, keys
from bot.ledger.store import Ledger
from bot.policy import Outcome, Past
from bot.request import events as e
from bot.request.lifecycle import apply, begin
from bot.request.model import Request

_PAGE: Final = 500

_DECIDED: Final = {e.Queued: Outcome.PERMIT, e.Rejected: Outcome.DENY, e.Expired: Outcome.PENDING}


def pasts(redis: Redis, count: int) -> list[Past]:
    """Give the last requests whose approval was asked for, each as it stood when that was decided."""
    ledger, found = Ledger(redis), []
    for request_id in _latest(redis):
        past = past_of(ledger.trail(request_id))
        if past is not None:
            found.append(past)
        if len(found) == count:
            break
    return found


def past_of(trail: list[e.Event]) -> Past | None:
    """Give how a request stood when it was decided for the first time, or how it stands; None before it was asked."""
    request: Request | None = None
    for event in trail:
        before, request = request, begin(event) if request is None else apply(request, event)
        outcome = _DECIDED.get(type(event))
        if before is not None and before.approval_asked_at is not None and outcome is not None:
            return Past(subject(before), counting(before), event.at, outcome)
    if request is None or request.approval_asked_at is None:
        return None
    return Past(subject(request), counting(request), request.changed_at, Outcome.PENDING)


def _latest(redis: Redis) -> Iterator[str]:
    """Give the ids of requests, those asked last first."""
    last, seen = "+", set[str]()
    while True:
        rows: Any = redis.xrevrange(keys.AUDIT, max=last, count=_PAGE)
        for _, fields in rows:
            request_id = codec.request_of(fields[b"record"])
            if request_id and request_id not in seen:
                seen.add(request_id)
                yield request_id
        if len(rows) < _PAGE:
            return
        last = f"({rows[-1][0].decode()}"
