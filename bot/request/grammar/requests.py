"""`/sr requests waiting`, `/sr request abc234xyz`, `/sr cancel abc234xyz`: what is looked at and ended by name."""

from __future__ import annotations

import difflib
import re
from typing import Final

from bot.request.grammar.commands import CancelRequest, ListRequests, ShowRequest, Whose, Why
from bot.request.grammar.options import Options, option_slip, swapped
from bot.request.grammar.slack_text import straight
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import MAX_KEY, Word

_NO_OPTIONS: Final = Options(limits={}, aliases={}, free_text=frozenset())
_ID_KEYS: Final = frozenset({"id", "request", "request-id", "request_id"})
# The ledger gives ids of this shape.
_ID: Final = re.compile(r"[a-z0-9]{9}")
# As an id is copied from a card or a sentence.
_AROUND_AN_ID: Final = "`'\"#.,:<>"
_CLOSE_ENOUGH: Final = 0.6


def read_listing(words: tuple[Word, ...]) -> ListRequests | Slip:
    """Read what stands behind `requests`: nothing means one's own."""
    slip = _option_slip(words)
    if slip is not None:
        return slip
    if not words:
        return ListRequests()
    if len(words) > 1:
        return Slip("several_lists", "One list is shown at a time.", words[:1])
    whose = _whose(words[0])
    return _no_such_list(words[0]) if whose is None else ListRequests(whose)


def read_one(words: tuple[Word, ...]) -> ShowRequest | ListRequests | Slip:
    """Read what stands behind `request`; `request mine` can only mean the list."""
    whose = _whose(words[0]) if len(words) == 1 else None
    if whose is not None:
        return ListRequests(whose)
    name = _name(words)
    return name if isinstance(name, Slip) else ShowRequest(name)


def read_cancel(words: tuple[Word, ...]) -> CancelRequest | Slip:
    """Read what stands behind `cancel`."""
    name = _name(words)
    return name if isinstance(name, Slip) else CancelRequest(name)


def read_why(words: tuple[Word, ...]) -> Why | Slip:
    """Read what stands behind `why`."""
    name = _name(words)
    return name if isinstance(name, Slip) else Why(name)


def _whose(word: Word) -> Whose | None:
    text = straight(word.value).lower()
    return Whose(text) if word.key is None and text in set(Whose) else None


def _no_such_list(word: Word) -> Slip:
    near = difflib.get_close_matches(straight(word.value).lower()[:MAX_KEY], list(Whose), n=1, cutoff=_CLOSE_ENOUGH)
    known = ", ".join(Whose)
    sentence = f"There is no list {quoted(word.value)}; there are {known}. One request is shown by /sr request <id>."
    return Slip("list_unknown", sentence, (Word(near[0]),) if near else None)


def _name(words: tuple[Word, ...]) -> str | Slip:
    """Read the id of one request."""
    slip = _named_id(words) or _option_slip(words)
    if slip is not None:
        return slip
    named = words[1:] if len(words) > 1 and straight(words[0].value).lower() == "request" else words
    if not named:
        return Slip("id_missing", "The id of the request is missing; /sr requests lists yours with their ids.")
    if len(named) > 1:
        return Slip("several_requests", "One request is named at a time.", named[:1])
    text = straight(named[0].value).strip(_AROUND_AN_ID).lower()
    if not _ID.fullmatch(text):
        sentence = f"{quoted(named[0].value)} is not the id of a request: its card shows it at the foot."
        return Slip("id_unreadable", sentence)
    return text


def _named_id(words: tuple[Word, ...]) -> Slip | None:
    for at, word in enumerate(words):
        if word.key in _ID_KEYS:
            bare = (Word(word.value),) if word.value else ()
            sentence = f"The id stands by itself, without {quoted(f'{word.key}=')}."
            return Slip("id_as_option", sentence, swapped(words, at, 1, *bare))
    return None


def _option_slip(words: tuple[Word, ...]) -> Slip | None:
    """Find an option or flag: none of these commands takes any."""
    for at, word in enumerate(words):
        if word.key is not None:
            return Slip(
                "option_unknown", f"There are no options here: leave out {quoted(f'{word.key}=')}.", _less(words, at)
            )
        if word.is_flag:
            name = Word(straight(word.value).lstrip("-"))
            guess = swapped(words, at, 1, name) if _whose(name) else _less(words, at)
            return Slip("flag", f"{quoted(word.value)} is a flag: there are none here.", guess)
    return option_slip(words, _NO_OPTIONS)


def _less(words: tuple[Word, ...], at: int) -> tuple[Word, ...]:
    return swapped(words, at, 1)
