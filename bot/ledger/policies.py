"""The policy in force, as a record of the ledger: bots and workers read only that.

Before one was applied, what the channels of the configuration say stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog
from redis import Redis, WatchError
from redis.exceptions import RedisError

from bot.ledger import chains, codec, keys
from bot.ledger.store import LedgerUnavailable
from bot.policy import ChannelApprovers, Policy, PolicyError, Spent, digest, fallback_policy, parse
from bot.settings import Settings

LOG = structlog.get_logger(__name__)

SPENT_SECONDS: Final = 2 * 86_400
"""A budget is a day's, and days are longest where clocks go back."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Applied:
    """A policy that was put in force: its number (from 1), text and digest, by whom and when (seconds, epoch)."""

    number: int
    text: str
    digest: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class _Noted:
    """As an event's record in the audit, it says by `type` what it holds. The text stands under its digest."""

    type: str
    number: int
    digest: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class InForce:
    """`number` 0: what the configuration says."""

    number: int
    policy: Policy


NOTHING_ALLOWED: Final = Policy(text="", rules=())
"""In force where the record can't be read: no rule matches, so the answer is no."""


def fallback_of(settings: Settings) -> Policy:
    """Give the policy that says what the channels of the configuration say; where there are none, nobody may."""
    if not settings.channels:
        return NOTHING_ALLOWED
    channels = [ChannelApprovers(it.id, it.approvers, it.may_override) for it in settings.channels.values()]
    return fallback_policy(channels, approval_seconds=settings.times.approval.total_seconds())


@dataclass(slots=True)
class Policies:
    """Every method raises LedgerUnavailable when Redis does not answer."""

    redis: Redis
    fallback: Policy
    _read: tuple[bytes, InForce] | None = None
    _kept: set[str] = field(default_factory=set)

    @property
    def remembered(self) -> Policy:
        """Give the policy that was in force when this process looked last. It decides nothing."""
        return self.fallback if self._read is None else self._read[1].policy

    def in_force(self) -> InForce:
        """Give the policy by which everything is decided now."""
        raw: Any = _ask(lambda: self.redis.get(keys.POLICY))
        if raw is None:
            self._keep(self.fallback)
            return InForce(0, self.fallback)
        if self._read is None or self._read[0] != raw:
            self._read = (raw, _read(raw))
        return self._read[1]

    def spent(self, now: float) -> tuple[Spent, ...]:
        """Give what rules have let pass automatically of late."""
        rows: Any = _ask(lambda: self.redis.zrange(keys.SPENT, now - SPENT_SECONDS, "+inf", byscore=True))
        return tuple(codec.decode(row, Spent) for row in rows)

    def applied(self) -> Applied | None:
        """Give the record of the policy in force; None before the first. Raises Unreadable."""
        raw: Any = _ask(lambda: self.redis.get(keys.POLICY))
        return None if raw is None else codec.decode(raw, Applied)

    def history(self) -> list[Applied]:
        """Give every policy that was put in force, the first one first. Raises Unreadable."""
        rows: Any = _ask(lambda: self.redis.lrange(keys.POLICIES, 0, -1))
        return [codec.decode(row, Applied) for row in rows]

    def text_of(self, policy_digest: str) -> str | None:
        """Give the text of a policy that something was decided by."""
        raw: Any = _ask(lambda: self.redis.hget(keys.POLICY_TEXTS, policy_digest))
        return None if raw is None else raw.decode()

    def apply(self, text: str, by: str, now: float) -> Applied:
        """Put a policy in force that was found to be right; the same text once more changes nothing."""
        while True:
            try:
                return _ask(lambda: self._applied(text, by, now))
            except WatchError:
                continue

    def _applied(self, text: str, by: str, now: float) -> Applied:
        with self.redis.pipeline() as pipe:
            pipe.watch(keys.POLICY, keys.POLICIES)  # type: ignore[no-untyped-call]  # redis-py leaves watch untyped
            raw: Any = pipe.get(keys.POLICY)
            before = None if raw is None else codec.decode(raw, Applied)
            if before is not None and before.text == text:
                return before
            count: Any = pipe.llen(keys.POLICIES)
            after, link = Applied(int(count) + 1, text, digest(text), by, now), chains.next_link(pipe)
            pipe.multi()
            pipe.set(keys.POLICY, codec.encode(after))
            pipe.rpush(keys.POLICIES, codec.encode(after))
            pipe.hset(keys.POLICY_TEXTS, after.digest, text)
            noted = _Noted("PolicyApplied", after.number, after.digest, by, now)
            chains.add(pipe, link, noted)
            pipe.execute()
        return after

    def _keep(self, policy: Policy) -> None:
        """Keep the text of what the configuration says, once: a request names it by its digest."""
        if policy.digest not in self._kept:
            _ask(lambda: self.redis.hsetnx(keys.POLICY_TEXTS, policy.digest, policy.text))
            self._kept.add(policy.digest)


def _read(raw: bytes) -> InForce:
    try:
        applied = codec.decode(raw, Applied)
        return InForce(applied.number, parse(applied.text))
    except (codec.Unreadable, PolicyError) as error:
        LOG.error("policy_unreadable", error=type(error).__name__)  # noqa: TRY400 - its text may say more than a log should
        return InForce(0, NOTHING_ALLOWED)


def _ask(call: Callable[[], T]) -> T:
    try:
        return call()
    except WatchError:
        raise
    except RedisError as error:
        raise LedgerUnavailable(type(error).__name__) from error
