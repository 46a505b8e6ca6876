"""What is kept of a decision about a plan: who said yes, who is awaited, and by which policy it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Approval:
    """One person said yes to one plan. `typed` is what they typed to show that they mean it.

    `stepped_up`: they confirmed it by a one-time code.
    """

    actor: str
    at: float
    plan_digest: str
    typed: str = ""
    stepped_up: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """So many people are missing for a part of a rule; `people` could give it, `more` of them are not listed.

    `part` is as the policy says it, empty where the configuration does. `overriding`: they answer for what could not be
    checked. `unreadable`: some of its groups could not be read.
    """

    rule: str
    part: str
    count: int
    people: tuple[str, ...] = ()
    more: int = 0
    overriding: bool = False
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """Who is called to decide: people, and Slack user groups whose members could not be read, by their ids."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.groups)


NOBODY: Final = Call()


@dataclass(frozen=True, slots=True)
class Ruled:
    """By which policy it was decided: its number in the ledger (0: what the configuration says), digest and rules."""

    number: int
    digest: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who was in a Slack user group when it was decided."""

    group: str
    people: tuple[str, ...]
