"""Whether a rule is about a subject, and what keeps it from being so."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bot.policy.decision import Differs
from bot.policy.model import When
from bot.policy.subject import Subject


def differences(when: When, subject: Subject, *, denying: bool = False) -> tuple[Differs, ...]:
    """Give all in which the subject is not what a rule is about; nothing where the rule matches.

    A size that is not known is above every bound; to a denial it is within any, so that it can't slip through.
    """
    return tuple(_differences(when, subject, denying=denying))


def _differences(when: When, subject: Subject, *, denying: bool) -> Iterator[Differs]:
    if _lacks(when.pools, subject.pool):
        yield Differs.POOL
    if _lacks(when.channels, subject.channel):
        yield Differs.CHANNEL
    if _lacks(when.actions, subject.action):
        yield Differs.ACTION
    if (when.dangers and not when.dangers & subject.dangers) or (when.harmless and subject.dangers):
        yield Differs.DANGER
    if not _within(when, subject.size, denying=denying):
        yield Differs.SIZE


def _lacks(wanted: AbstractSet[str], value: str) -> bool:
    return bool(wanted) and value not in wanted


def _within(when: When, size: int | None, *, denying: bool) -> bool:
    if size is None:
        return denying or when.up_to is None
    return (when.over is None or size > when.over) and (when.up_to is None or size <= when.up_to)
