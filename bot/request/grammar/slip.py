from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.request.grammar.words import Word

# A word is named in a sentence, not printed at length.
MAX_QUOTED: Final = 60


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that is wrong with a line, and the words that may have been meant."""

    reason: str
    sentence: str
    guess: tuple[Word, ...] | None = None


def quoted(text: str) -> str:
    """Name a word in a sentence; long ones are cut."""
    return f'"{text}"' if len(text) <= MAX_QUOTED else f'"{text[: MAX_QUOTED - 1]}…"'
