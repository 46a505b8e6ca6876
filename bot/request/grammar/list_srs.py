from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.request.grammar.commands import MAX_NAME, MAX_POOL, ListSrs
from bot.request.grammar.options import (
    Options,
    equals_missing,
    in_prose,
    option_slip,
    quotes_missing,
    swapped,
    values,
)
from bot.request.grammar.slip import Slip, quoted

if TYPE_CHECKING:
    from bot.request.grammar.words import Word

OPTIONS: Final = Options(
    limits={"pool": MAX_POOL, "name-label": MAX_NAME},
    aliases={"name": "name-label", "name_label": "name-label"},
    free_text=frozenset({"name-label"}),
)
_KEYS: Final = frozenset({*OPTIONS.limits, *OPTIONS.aliases})


def read(words: tuple[Word, ...]) -> ListSrs | Slip:
    """Read what stands behind `list`."""
    slip = option_slip(words, OPTIONS) or _bare_slip(words)
    if slip is not None:
        return slip
    given = values(words, OPTIONS)
    return ListSrs(pool=given.get("pool"), name_label=given.get("name-label"))


def _bare_slip(words: tuple[Word, ...]) -> Slip | None:
    at = next((at for at, word in enumerate(words) if word.key is None), None)
    if at is None:
        return None
    if at in in_prose(words, OPTIONS):
        return quotes_missing(words, at)
    return equals_missing(words, at, _KEYS) or _stray(words, at)


def _stray(words: tuple[Word, ...], at: int) -> Slip:
    word = words[at]
    pool_given = any(other.key == "pool" for other in words)
    guess = None if pool_given else swapped(words, at, 1, replace(word, key="pool"))
    return Slip("word_unexpected", f"{quoted(word.value)} belongs to nothing: a pool is given as pool=….", guess)
