from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.request.grammar.adding.iscsi import HOST_TO_FILL_IN
from bot.request.grammar.adding.shares import to_fill_in
from bot.request.grammar.commands import COMMAND, Command, Explain, Mistake
from bot.request.grammar.passwords import holds_password
from bot.request.grammar.rendering import full_line, render, render_words
from bot.request.grammar.slack_text import normalised, plain, printable
from bot.request.grammar.slip import Slip
from bot.request.grammar.verbs import read_verb
from bot.request.grammar.words import Line, Word, cut

# A line with more mistakes than this is better written anew.
MAX_FIXES: Final = 8
PASSWORD_TYPED: Final = Mistake(
    reason="password_typed",
    sentence=(
        "That line seems to hold a password. It was not kept here, but Slack has seen it: change it if it is one. "
        "Passwords are never typed; chap=<credential name> names one that the operator has configured."
    ),
    corrected=None,
    typed="",
)
_EXPLAIN: Final = re.compile(rf"\s*+(?:{COMMAND}\s++)?explain(?:\s++(.*))?", re.DOTALL | re.IGNORECASE)
_QUOTE_OPEN: Final = "A quote was opened and not closed."


def parse(text: str) -> Command | Mistake:
    """Read what stands behind the command, as Slack sends it (escaped or not). Never raises."""
    typed = plain(text)
    pasted = _EXPLAIN.fullmatch(typed)
    if pasted:
        # What administrators have in hand may hold passwords: it is read as it stands, and shown only masked.
        return Explain((pasted[1] or "").rstrip())
    line = cut(normalised(typed))
    words = _without_command(line.words)
    if holds_password(typed, words):
        return PASSWORD_TYPED
    outcome = _read(replace(line, words=words))
    if not isinstance(outcome, Slip):
        return outcome
    guesses = _guesses(outcome)
    if any(holds_password(render_words(guess), guess) for guess in guesses):
        return PASSWORD_TYPED
    corrected = _corrected(guesses)
    return Mistake(
        reason=outcome.reason,
        sentence=printable(outcome.sentence),
        corrected=printable(corrected) if corrected else None,
        typed=printable(typed),
    )


def _without_command(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Allow a whole line to be pasted: the command stands in it twice then."""
    if words and words[0] == Word(COMMAND):
        return words[1:]
    return words


def _read(line: Line) -> Command | Slip:
    return Slip("quote_open", _QUOTE_OPEN, line.words) if line.open_quote else read_verb(line.words)


def _guesses(slip: Slip) -> tuple[tuple[Word, ...], ...]:
    """Follow the guesses until a line reads well. Any of them can show a password that the typed line hid."""
    guesses: list[tuple[Word, ...]] = []
    outcome: Command | Slip = slip
    while isinstance(outcome, Slip) and outcome.guess is not None and len(guesses) < MAX_FIXES:
        guesses.append(outcome.guess)
        outcome = read_verb(outcome.guess)
    return tuple(guesses)


def _corrected(guesses: tuple[tuple[Word, ...], ...]) -> str | None:
    """Write the last guess, if it reads well; one that lacks only its host is shown with a gap."""
    if not guesses:
        return None
    outcome = read_verb(guesses[-1])
    if not isinstance(outcome, Slip):
        return full_line(render(outcome))
    if outcome.reason == "share_missing":
        return full_line(render_words((*guesses[-1][:2], Word(to_fill_in(guesses[-1])), *guesses[-1][2:])))
    if outcome.reason == "host_missing":
        return full_line(render_words((*guesses[-1][:2], Word(HOST_TO_FILL_IN), *guesses[-1][2:])))
    return None
