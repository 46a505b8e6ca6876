"""`/sr add cephfs server=10.0.0.5 serverpath=/srs options=…`: the device_config of a type that has no command."""

from __future__ import annotations

import re
from typing import Final

from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddOther
from bot.request.grammar.options import Options, in_prose, option_slip, quotes_missing, values
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word
from bot.request.sr_types import COMMANDS, EXTRA

MAX_GIVEN: Final = 6
"""No driver documents more keys for what it needs, and a card shows each of them."""

MAX_VALUE: Final = 200
OPTIONS: Final = Options(
    limits={"pool": MAX_POOL, "host": MAX_NAME, "name": MAX_NAME, "reason": MAX_REASON},
    aliases={"name-label": "name", "name_label": "name"},
    free_text=frozenset({"name", "reason"}),
)
_TYPE: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def is_meant(words: tuple[Word, ...]) -> bool:
    """Tell a type with its keys from another verb that was misspelt; `words` stand behind `add`."""
    if not words or words[0].key is not None:
        return False
    name = words[0].value.lower()
    keys = [word for word in words[1:] if word.key is not None and OPTIONS.key(word.key) is None]
    known = name in EXTRA or name in COMMANDS
    return known or (bool(_TYPE.fullmatch(name)) and bool(keys) and all(word.key for word in words[1:]))


def read(words: tuple[Word, ...]) -> AddOther | Slip:
    """Read what stands behind `add`: the type and its keys."""
    name = words[0].value.lower() if words and words[0].key is None else ""
    if name in COMMANDS:
        return Slip("type_has_command", f"SRs of the type {name} are added with /sr {COMMANDS[name]}.")
    if not _TYPE.fullmatch(name):
        return Slip("type_missing", f"The type of the SR is missing, as in add {EXTRA[0]} key=value.")
    return _keys_slip(words[1:]) or _command(name, words[1:])


def _command(name: str, words: tuple[Word, ...]) -> AddOther | Slip:
    ours = tuple(word for word in words if OPTIONS.key(word.key) is not None)
    slip = option_slip(ours, OPTIONS)
    if slip is not None:
        return Slip(slip.reason, slip.sentence)
    options = values(ours, OPTIONS)
    given = tuple((word.key or "", word.value.strip()) for word in words if word not in ours)
    return AddOther(
        name, given, options.get("host", ""), options.get("pool"), options.get("name"), options.get("reason")
    )


def _keys_slip(words: tuple[Word, ...]) -> Slip | None:
    prose = in_prose(words, OPTIONS)
    bare = [at for at, word in enumerate(words) if word.key is None]
    if bare and bare[0] in prose:
        unquoted = quotes_missing(words, bare[0])
        return Slip(unquoted.reason, unquoted.sentence)
    if bare:
        return Slip("word_unexpected", f"{quoted(words[bare[0]].value)} belongs to nothing: write key=value.")
    typed = [word for word in words if OPTIONS.key(word.key) is None]
    if not typed:
        return Slip("keys_missing", "What the SR is on is missing: the keys of its device_config, as key=value.")
    if len(typed) > MAX_GIVEN:
        return Slip("too_many_keys", f"There are {len(typed)} keys; there may be {MAX_GIVEN}.")
    return next((slip for word in typed if (slip := _value_slip(word, typed))), None)


def _value_slip(word: Word, typed: list[Word]) -> Slip | None:
    value = word.value.strip()
    slip = option_slip((Word(word.value, "reason"),), OPTIONS) if value else None
    if slip is not None and slip.reason == "control_character":
        return Slip(slip.reason, f"{word.key} holds a character that can't be seen.")
    if not value:
        return Slip("value_missing", f"{word.key}= has no value.")
    if len(value) > MAX_VALUE:
        return Slip("value_too_long", f"{word.key} has {len(value)} characters; it may have {MAX_VALUE}.")
    if sum(other.key == word.key for other in typed) > 1:
        return Slip("option_twice", f"{word.key}= is given twice.")
    return None
