"""The policy of an installation that has none: what its channels say about approvers, written as one."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.policy.language.document import parse
from bot.policy.language.values import LONGEST
from bot.policy.model import Policy


@dataclass(frozen=True, slots=True)
class ChannelApprovers:
    """Who decides in a channel, and which of them may override: Slack ids."""

    channel: str
    approvers: frozenset[str]
    may_override: frozenset[str] = frozenset()


def fallback_policy(channels: Iterable[ChannelApprovers], needed: int = 1, approval_seconds: float = 86400.0) -> Policy:
    """Give the policy that says what the channels say."""
    return _parsed(fallback_text(channels, needed, approval_seconds))


_parsed = functools.lru_cache(maxsize=16)(parse)
"""A worker reads its settings for each job, and they seldom change."""


def fallback_text(channels: Iterable[ChannelApprovers], needed: int = 1, approval_seconds: float = 86400.0) -> str:
    """Write that policy down: the text that operators can go on from. The same values always give the same text."""
    waits = math.ceil(min(approval_seconds, LONGEST))
    sections = [
        line for channel in sorted(channels, key=lambda it: it.channel) for line in _channel(channel, needed, waits)
    ]
    return "\n".join(["# What the channels of the configuration say, as a policy.", *sections, ""])


def _channel(channel: ChannelApprovers, needed: int, waits: int) -> Iterator[str]:
    yield from _group(f"approvers-{channel.channel}", channel.approvers)
    yield from _rule("approvers", channel.channel, f'channels = ["{channel.channel}"]', needed, waits)
    overriders = channel.may_override & channel.approvers
    if overriders:
        yield from _group(f"overriders-{channel.channel}", overriders)
        overriding = f'channels = ["{channel.channel}"], dangers = ["overrides"]'
        yield from _rule("overriders", channel.channel, overriding, 1, waits)


def _group(name: str, people: AbstractSet[str]) -> Iterator[str]:
    listed = ", ".join(f'"{person}"' for person in sorted(people))
    yield from ("", f"[groups.{name}]", f"people = [{listed}]")


def _rule(group: str, channel: str, when: str, needed: int, waits: int) -> Iterator[str]:
    yield from ("", f"[rules.{group}-{channel}]", f"when = {{ {when} }}", f'decide = ["{needed} of {group}-{channel}"]')
    yield from (f'approval_waits = "{waits} s"', f'runs_within = "{waits} s"')
