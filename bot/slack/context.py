"""What the listeners work with: put together once, in `app`, and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.codes import Codes
from bot.ledger.findings import Findings
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.links import Links
from bot.slack.rules import Rules
from bot.slack.voice import Voice


@dataclass(frozen=True, slots=True)
class Context:
    """`clock` gives seconds since the epoch."""

    settings: Settings
    ledger: Ledger
    findings: Findings
    questions: Questions
    directory: Directory
    links: Links
    voice: Voice
    rules: Rules
    clock: Callable[[], float]
    codes: Codes
