"""Slack's rate limits and the bot's pacing by a faster clock: both hold as ever, and a test waits less for its turn."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.slack.app import Bot
from bot.slack.publishing.pacing import Pacing
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.serving import Running

TIMES = 10.0


class FastPacing(Pacing):
    """Reckons by a faster clock; what it is told and what it says are seconds of the wall clock."""

    def wait(self, method: str, channel: str, card: str = "", spare: int = 0) -> float:
        return super().wait(method, channel, card, spare) / TIMES

    def hold(self, method: str, seconds: float) -> None:
        super().hold(method, seconds * TIMES)


def hurry_bot(bot: Bot) -> None:
    shower = bot.publisher.shower
    shower.poster = replace(shower.poster, pacing=FastPacing(lambda: time.monotonic() * TIMES))


def hurry_limits(slack: Running) -> None:
    """Only the limits: triggers, acks and retries go by the clock that they went by."""
    clock = slack.slack.clock
    slack.slack.limits.clock = Clock(wall=lambda: clock.now() * TIMES)
