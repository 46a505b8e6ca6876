from __future__ import annotations

from dataclasses import dataclass, field


class SettingsError(Exception):
    """Everything that is wrong with the settings, each with its place; no value that could be secret."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class Mistakes:
    """Collects what is wrong while the rest is still read."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        self.found.append(f"{place}: {sentence}")
