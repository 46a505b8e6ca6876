"""An authenticator app, as people have it."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp

from bot.settings.sealed import Secret


@dataclass(frozen=True)
class App:
    """It has taken a secret over."""

    secret: Secret

    def shows(self, now: float) -> str:
        return pyotp.TOTP(self.secret.reveal()).at(int(now))

    def does_not_show(self, now: float) -> str:
        """Give six digits that are no code of these minutes."""
        near = {self.shows(now + 30 * step) for step in range(-2, 3)}
        return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in near)
