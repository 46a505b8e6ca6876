"""What the listeners work with: put together once, in `app`, and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.ledger.findings import Findings
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger
from bot.request.policy import Policy
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.voice import Voice


@dataclass(frozen=True, slots=True)
class Context:
    """`clock` gives seconds since the epoch."""

    settings: Settings
    ledger: Ledger
    findings: Findings
    questions: Questions
    directory: Directory
    voice: Voice
    clock: Callable[[], float]


def policy_of(settings: Settings, channel: str) -> Policy:
    """Give the policy of a channel; one that isn't set up has no approvers."""
    listed = settings.channels.get(channel)
    return Policy(frozenset()) if listed is None else Policy(listed.approvers, overriders=listed.may_override)
