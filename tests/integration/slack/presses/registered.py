"""What the bot listens for, as its listeners say it to Bolt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.slack.listeners.catching import EVERYTHING
from tests.integration.slack.presses.surface import Kind

Listener = TypeVar("Listener", bound=Callable[..., object])


class Registered:
    """Stands in for Bolt's app. Another way to listen than these has no rows: it is no attribute here."""

    def __init__(self) -> None:
        self.pressed: set[tuple[Kind, str]] = set()
        self.typed: set[str] = set()
        self.events: set[str] = set()
        self.count = 0

    def action(self, constraint: str | re.Pattern[str]) -> Callable[[Listener], Listener]:
        return self._listening(Kind.BUTTON, constraint)

    def view(self, constraint: str | re.Pattern[str]) -> Callable[[Listener], Listener]:
        return self._listening(Kind.FORM, constraint)

    def options(self, constraint: str | re.Pattern[str]) -> Callable[[Listener], Listener]:
        return self._listening(Kind.LOAD, constraint)

    def shortcut(self, constraint: str | re.Pattern[str]) -> Callable[[Listener], Listener]:
        return self._listening(Kind.SHORTCUT, constraint)

    def command(self, command: str | re.Pattern[str], matchers: object = None) -> Callable[[Listener], Listener]:
        del matchers
        if isinstance(command, str):
            self.typed.add(command)
        return self._counted()

    def event(self, event: str) -> Callable[[Listener], Listener]:
        """Nobody is answered there, and nothing is decided."""
        self.events.add(event)
        return self._counted()

    def error(self, listener: Listener) -> Listener:
        return listener

    def _listening(self, kind: Kind, constraint: str | re.Pattern[str]) -> Callable[[Listener], Listener]:
        if constraint != EVERYTHING:
            assert isinstance(constraint, str), "a row has one id"
            self.pressed.add((kind, constraint))
        return self._counted()

    def _counted(self) -> Callable[[Listener], Listener]:
        self.count += 1
        return lambda listener: listener
