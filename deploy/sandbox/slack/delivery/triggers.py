from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import ApiError
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.workspace.model import TEAM

# docs.slack.dev: modals; a trigger_id opens one view within three seconds.
TRIGGER_SECONDS = 3.0
# Old triggers are remembered so that a late one is told apart from an invented one.
KEPT = 2000


@dataclass(slots=True)
class Trigger:
    user: str
    born: float
    in_view: str | None
    spent: bool = False


@dataclass(slots=True)
class Triggers:
    clock: Clock
    issued: dict[str, Trigger] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def issue(self, user: str, in_view: str | None = None) -> str:
        trigger_id = f"{next(self._numbers)}.{TEAM[1:]}.{secrets.token_hex(16)}"
        self.issued[trigger_id] = Trigger(user, self.clock.now(), in_view)
        if len(self.issued) > KEPT:
            del self.issued[next(iter(self.issued))]
        return trigger_id

    def spend(self, trigger_id: str) -> Trigger:
        trigger = self.issued.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.spent:
            raise ApiError("exchanged_trigger_id")
        if self.clock.now() - trigger.born > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        trigger.spent = True
        return trigger
