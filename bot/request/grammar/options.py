"""The `key=value` part that all verbs share."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.request.grammar.slack_text import straight, unprintable
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import MAX_KEY, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_CLOSE_ENOUGH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Options:
    """What a verb takes: `limits` by key, `aliases` to a key, `free_text`: values that are prose."""

    limits: Mapping[str, int]
    aliases: Mapping[str, str]
    free_text: frozenset[str]

    def key(self, typed: str | None) -> str | None:
        if typed is None:
            return None
        key = self.aliases.get(typed, typed)
        return key if key in self.limits else None

    def near(self, typed: str) -> str | None:
        names = {name: self.key(name) for name in (*self.limits, *self.aliases)}
        found = difflib.get_close_matches(typed[:MAX_KEY], names, n=1, cutoff=_CLOSE_ENOUGH)
        return names[found[0]] if found else None


def swapped(words: tuple[Word, ...], at: int, count: int, *new: Word) -> tuple[Word, ...]:
    return words[:at] + new + words[at + count :]


def values(words: tuple[Word, ...], options: Options) -> dict[str, str]:
    """Give the values by key, once nothing is wrong with them."""
    return {key: word.value.strip() for word in words if (key := options.key(word.key))}


def option_slip(words: tuple[Word, ...], options: Options) -> Slip | None:
    """Find the first thing that is wrong with options and flags; bare words are the verb's."""
    seen: set[str] = set()
    for at, word in enumerate(words):
        slip = _word_slip(words, at, options)
        key = options.key(word.key)
        if slip is None and key in seen:
            slip = Slip("option_twice", f"{key}= is given twice.")
        if slip is not None:
            return slip
        seen |= {key} if key else set()
    return None


def _word_slip(words: tuple[Word, ...], at: int, options: Options) -> Slip | None:
    word = words[at]
    if any(map(unprintable, word.value)):
        clean = "".join(c for c in word.value if not unprintable(c))
        sentence = f"{word.key or 'A word'} holds a character that can't be seen."
        return Slip("control_character", sentence, swapped(words, at, 1, replace(word, value=clean)))
    if word.is_flag:
        return _flag_slip(words, at, options)
    return _value_slip(words, at, options) if word.key else None


def _flag_slip(words: tuple[Word, ...], at: int, options: Options) -> Slip:
    flag = words[at].value
    name, equals, value = straight(flag).lstrip("-").partition("=")
    sentence = f"{quoted(flag)} is a flag: options are written as key=value."
    key = options.key(name.lower()) or options.near(name.lower())
    following = words[at + 1] if at + 1 < len(words) else None
    if key and equals:
        return Slip("flag", sentence, swapped(words, at, 1, Word(value, key, quoted=True)))
    if key and following and following.key is None:
        return Slip("flag", sentence, swapped(words, at, 2, replace(following, key=key)))
    return Slip("flag", sentence)


def _value_slip(words: tuple[Word, ...], at: int, options: Options) -> Slip | None:
    word = words[at]
    key = options.key(word.key)
    if key is None:
        return _unknown_key(words, at, options)
    if not word.value.strip():
        return Slip("value_missing", f"{key}= has no value.", swapped(words, at, 1))
    limit, length = options.limits[key], len(word.value.strip())
    if length > limit:
        return Slip("value_too_long", f"{key} has {length} characters; it may have {limit}.")
    return None


def _unknown_key(words: tuple[Word, ...], at: int, options: Options) -> Slip:
    word = words[at]
    near = options.near(word.key or "")
    known = ", ".join(f"{key}=" for key in options.limits)
    sentence = f"There is no option {quoted(f'{word.key}=')} here; there are {known}."
    return Slip("option_unknown", sentence, swapped(words, at, 1, replace(word, key=near)) if near else None)


def in_prose(words: tuple[Word, ...], options: Options) -> frozenset[int]:
    """Tell which bare words follow a value of prose that has no quotes, with nothing but bare words between."""
    found: set[int] = set()
    prose = False
    for at, word in enumerate(words):
        if word.key is not None:
            prose = not word.quoted and options.key(word.key) in options.free_text
        elif prose:
            found.add(at)
    return frozenset(found)


def quotes_missing(words: tuple[Word, ...], at: int, host_at: int | None = None) -> Slip:
    """Take the bare words from here on into the value before them."""
    end = at
    while end < len(words) and words[end].key is None and end != host_at:
        end += 1
    option = words[at - 1]
    value = " ".join([option.value, *(word.value for word in words[at:end])])
    guess = swapped(words, at - 1, end - at + 1, replace(option, value=value, quoted=True))
    return Slip("quotes_missing", f"A value with blanks needs quotes: {option.key}={quoted(value)}.", guess)


def equals_missing(words: tuple[Word, ...], at: int, keys: frozenset[str]) -> Slip | None:
    """Find `pool xenct` where `pool=xenct` was meant."""
    if at + 1 >= len(words) or words[at].quoted or words[at + 1].key is not None:
        return None
    name = words[at].value.lower()
    if name not in keys:
        return None
    guess = swapped(words, at, 2, replace(words[at + 1], key=name))
    return Slip("equals_missing", f"Between {name} and its value stands an equals sign.", guess)


def misplaced(words: tuple[Word, ...], bare: list[int], options: Options) -> Slip | None:
    """Find the first bare word, of those at these places, that was meant to be an option's or a part of its value."""
    prose = in_prose(words, options)
    for at in bare:
        if at in prose:
            return quotes_missing(words, at)
        slip = equals_missing(words, at, frozenset({*options.limits, *options.aliases}))
        if slip is not None:
            return slip
    return None


def named_in_vain(words: tuple[Word, ...], keys: Collection[str], what: str) -> Slip | None:
    """Find a path or share that was given a name, where it stands by itself."""
    for at, word in enumerate(words):
        if word.key in keys:
            bare = (Word(word.value),) if word.value else ()
            sentence = f"The {what} stands by itself, without {quoted(f'{word.key}=')}."
            return Slip(f"{what}_as_option", sentence, bare + swapped(words, at, 1))
    return None
