"""Whether a code that somebody typed confirms what they do: right, in time, new, and not one of too many guesses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.codes.folder import SecretsFolder
from bot.codes.totp import NoSecret, checked, step_of
from bot.ledger.codes import Guesses
from bot.request.refused import Refused
from bot.settings.sealed import Secret
from bot.settings.sealing import SecretError


@dataclass(frozen=True, slots=True)
class Codes:
    """`folder` is None where the configuration names none: then nobody has codes."""

    folder: SecretsFolder | None
    guesses: Guesses

    def refuse_without(self, person: str, now: float) -> None:
        """Raise Refused where no code of this person would be taken; before they are asked for one.

        Raises LedgerUnavailable.
        """
        self._secret(person)
        self.guesses.refuse_locked(person, now)

    def confirm(self, person: str, typed: Secret, now: float) -> int:
        """Give the time step of the code, which is used up by the commit of what it confirms.

        Raises Refused, where it is a wrong one or a used one, and LedgerUnavailable.
        """
        secret = self._secret(person)
        step = self.guesses.judge(person, now, lambda: step_of(secret, typed, now))
        if step is None:
            raise Refused("code_wrong")
        return step

    def _secret(self, person: str) -> Secret:
        try:
            secret = None if self.folder is None else self.folder.secret_of(person)
            if secret is not None:
                return checked(secret)
        except (SecretError, NoSecret, OSError):
            raise Refused("codes_unreadable") from None
        raise Refused("not_enrolled", person=person)
