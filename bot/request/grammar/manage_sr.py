"""`/sr detach "iSCSI virtual disk storage"`: what is done to an SR that a pool knows, named by its UUID or its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, Chore, ManageSr
from bot.request.grammar.options import Options, misplaced, option_slip, values
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word

MAX_SR: Final = MAX_NAME
OPTIONS: Final = Options(limits={"pool": MAX_POOL, "reason": MAX_REASON}, aliases={}, free_text=frozenset({"reason"}))
RENAMING: Final = Options(
    limits={**OPTIONS.limits, "name": MAX_NAME},
    aliases={"name-label": "name", "name_label": "name"},
    free_text=frozenset({"reason", "name"}),
)
_SR_KEYS: Final = frozenset({"uuid", "sr", "sr-uuid", "sr_uuid"})
SR_TO_FILL_IN: Final = "<uuid or name>"


def reader(chore: Chore) -> Callable[[tuple[Word, ...]], ManageSr | Slip]:
    """Give what reads the words behind a verb."""
    options = RENAMING if chore is Chore.RENAME else OPTIONS

    def read(words: tuple[Word, ...]) -> ManageSr | Slip:
        slip = _named_sr(words) or option_slip(words, options) or _bare_slip(words, options)
        if slip is not None:
            return slip
        given = values(words, options)
        if chore is Chore.RENAME and "name" not in given:
            return Slip("name_missing", 'The new name is missing: name="…".')
        sr = next(word.value.strip() for word in words if word.key is None)
        return ManageSr(chore, sr, given.get("pool"), given.get("name"), given.get("reason"))

    return read


def _named_sr(words: tuple[Word, ...]) -> Slip | None:
    for at, word in enumerate(words):
        if word.key in _SR_KEYS:
            bare = (Word(word.value, quoted=True),) if word.value else ()
            sentence = f"The SR stands by itself, without {quoted(f'{word.key}=')}."
            return Slip("sr_as_option", sentence, bare + words[:at] + words[at + 1 :])
    return None


def _bare_slip(words: tuple[Word, ...], options: Options) -> Slip | None:
    bare = [at for at, word in enumerate(words) if word.key is None]
    return misplaced(words, bare, options) or _sr_slip(words, bare)


def _sr_slip(words: tuple[Word, ...], bare: list[int]) -> Slip | None:
    if not bare or not words[bare[0]].value.strip():
        return Slip("sr_missing", "The UUID or the name of the SR is missing.")
    if len(bare) > 1:
        name = " ".join(words[at].value for at in bare)
        others = tuple(word for word in words if word.key is not None)
        guess = (Word(name, quoted=True), *others)
        return Slip("quotes_missing", f"A name with blanks needs quotes: {quoted(name)}.", guess)
    length = len(words[bare[0]].value.strip())
    if length > MAX_SR:
        return Slip("value_too_long", f"The SR's name has {length} characters; it may have {MAX_SR}.")
    return None
