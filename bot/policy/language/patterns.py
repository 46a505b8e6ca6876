"""What a ticket looks like: a regular expression that can't take long, whatever it is matched with.

It is matched with single words of limited length. Of what makes a matcher try again there is little: no repeated
groups, no references back, and few choices.
"""

from __future__ import annotations

import re
import warnings
from typing import Final

SHAPE: Final = (
    "a regular expression of at most 100 characters for one word, without repeated groups, (?…) or \\1, "
    "with at most 3 of * + ? {n,m} and 6 of these and | together"
)
_LONGEST: Final = 100
_MOST_REPEATS: Final = 3
_MOST_CHOICES: Final = 6

_PIECE: Final = re.compile(
    r"(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<back>\\[1-9])|\\.|(?P<odd>\(\?)|(?P<repeated>\)[*+?{])"
    r"|(?P<exact>\{\d+\})|(?P<repeat>[*+?{])|(?P<choice>\|)|.",
    re.DOTALL,
)


def pattern(value: object) -> str | None:
    """Give the pattern if it is one, and harmless."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
        return None
    kinds = [found.lastgroup for found in _PIECE.finditer(value)]
    repeats, choices = kinds.count("repeat"), kinds.count("choice")
    few = repeats <= _MOST_REPEATS and repeats + choices <= _MOST_CHOICES
    return value if few and not {"back", "odd", "repeated"} & set(kinds) and _compiles(value) else None


def _compiles(value: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what will mean something else one day is refused now
            re.compile(value)
    except (re.error, OverflowError, Warning):
        return False
    return True
