"""The policy in force, with the members of the groups that it names: what every decision of the bot goes by."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.deciding import Standing
from bot.ledger.freezes import Freezes
from bot.ledger.policies import Policies
from bot.policy import Members, slack_groups
from bot.slack.directory import LOOKUP_SECONDS
from bot.slack.groups import UNREAD, Groups

READ_SECONDS: Final = 0.4
"""What a reading gets at least, however long other look-ups took: with the commit it stays within Slack's 3 s."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`clock` gives seconds since the epoch."""

    policies: Policies
    freezes: Freezes
    groups: Groups
    clock: Callable[[], float]

    def begin(self) -> None:
        """Have the groups read meanwhile, where the policy names some."""
        if self._names_groups():
            self.groups.begin()

    def members(self, received: float = 0.0) -> Members:
        """Read the members of the groups that the policy names. `received`: when the click came, time.monotonic()."""
        if not self._names_groups():
            return UNREAD
        return self.groups.begin()(max(received + LOOKUP_SECONDS, time.monotonic() + READ_SECONDS))

    def standing(self, members: Members = UNREAD) -> Standing:
        """Give what is decided by now; in a commit this is what it is guarded by. Raises LedgerUnavailable."""
        in_force = self.policies.in_force()
        spent, frozen = self.policies.spent(self.clock()), self.freezes.all()
        return Standing(in_force.policy, in_force.number, members, spent, frozen)

    def _names_groups(self) -> bool:
        """As far as this bot remembers, which looks for itself all the time: whoever waits has no time for that."""
        return bool(slack_groups(self.policies.remembered))
