"""`/sr freeze xenct the array is moved`, `/sr thaw xenct`: the one switch that stops what has not started."""

from __future__ import annotations

from typing import Final

from bot.request.grammar.commands import MAX_POOL, MAX_REASON, Freeze, Thaw
from bot.request.grammar.options import Options, option_slip, values
from bot.request.grammar.slip import Slip
from bot.request.grammar.words import Word

_FREEZING: Final = Options(limits={"pool": MAX_POOL, "reason": MAX_REASON}, aliases={}, free_text=frozenset({"reason"}))
_THAWING: Final = Options(limits={"pool": MAX_POOL}, aliases={}, free_text=frozenset())


def read_freeze(words: tuple[Word, ...]) -> Freeze | Slip:
    """Read what stands behind `freeze`: the reason needs no quotes, all words that are no option belong to it."""
    slip = option_slip(words, _FREEZING)
    if slip is not None:
        return slip
    given = values(words, _FREEZING)
    said = " ".join([*(word.value for word in words if word.key is None), *filter(None, [given.get("reason")])]).strip()
    if not said:
        return Slip("reason_missing", "Say why, for all who wait meanwhile: /sr freeze the array is being moved.")
    if len(said) > MAX_REASON:
        return Slip("value_too_long", f"The reason has {len(said)} characters; it may have {MAX_REASON}.")
    return Freeze(said, given.get("pool"))


def read_thaw(words: tuple[Word, ...]) -> Thaw | Slip:
    """Read what stands behind `thaw`."""
    slip = option_slip(words, _THAWING)
    if slip is not None:
        return slip
    named = [word.value for word in words if word.key is None]
    if len(named) + len(values(words, _THAWING)) > 1:
        return Slip("several_pools", "One pool is thawed at a time.", words[:1])
    return Thaw(values(words, _THAWING).get("pool") or next(iter(named), None))
