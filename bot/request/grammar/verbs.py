"""The table of everything that can be typed: a new verb is a new row, and appears in the help by itself."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.request.grammar import add_iscsi, list_srs
from bot.request.grammar.commands import COMMAND, Command, Explain, Help
from bot.request.grammar.rendering import render_words
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import MAX_KEY, Word

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOSE_ENOUGH: Final = 0.7


@dataclass(frozen=True, slots=True)
class Verb:
    """`words` are typed first, `syntax` and `does` are the help's two columns, `read` reads the rest."""

    words: tuple[str, ...]
    syntax: str
    does: str
    read: Callable[[tuple[Word, ...]], Command | Slip]


def _help(_: tuple[Word, ...]) -> Help:
    return Help()


def _explain(words: tuple[Word, ...]) -> Explain:
    return Explain(render_words(words))


VERBS: Final = (
    Verb(
        words=("add", "iscsi"),
        syntax='add iscsi <host>[:port] [pool=…] [name="…"] [reason="…"] [chap=<credential name>]',
        does="Looks for iSCSI targets on the host, lets you pick a LUN, and adds it as an SR once approved.",
        read=add_iscsi.read,
    ),
    Verb(
        words=("attach", "iscsi"),
        syntax='attach iscsi <host>[:port] [pool=…] [name="…"] [reason="…"] [chap=<credential name>]',
        does="Does the same for a LUN that holds an SR already, which is attached as it is once approved.",
        read=add_iscsi.read_attach,
    ),
    Verb(
        words=("list",),
        syntax='list [pool=…] [name-label="…"]',
        does="Shows the SRs of a pool, to you only.",
        read=list_srs.read,
    ),
    Verb(
        words=("explain",),
        syntax="explain <pasted text>",
        does="Says what an output, a log line or an error of XenServer means, to you only.",
        read=_explain,
    ),
    Verb(words=("help",), syntax="help", does="Shows what there is.", read=_help),
)
_HELP_SIGNS: Final = frozenset({"?", "-h", "--help", "-?"})


def usage() -> tuple[tuple[str, str], ...]:
    """Rows of the help: what to type behind the command, what it does."""
    return tuple((f"{COMMAND} {verb.syntax}", verb.does) for verb in VERBS)


def read_verb(words: tuple[Word, ...]) -> Command | Slip:
    if not words or words[0].value in _HELP_SIGNS:
        return Help()
    for verb in VERBS:
        if _first(words, len(verb.words)) == verb.words:
            return _read(verb, words)
    return _misspelt(words)


def _read(verb: Verb, words: tuple[Word, ...]) -> Command | Slip:
    outcome = verb.read(words[len(verb.words) :])
    if isinstance(outcome, Slip) and outcome.guess is not None:
        return Slip(outcome.reason, outcome.sentence, _bare(verb.words) + outcome.guess)
    return outcome


def _first(words: tuple[Word, ...], count: int) -> tuple[str, ...]:
    return tuple(word.value.lower() for word in words[:count] if word.key is None)


def _bare(texts: tuple[str, ...]) -> tuple[Word, ...]:
    return tuple(map(Word, texts))


def _misspelt(words: tuple[Word, ...]) -> Slip:
    for count in (2, 1):
        verb = _near(_first(words, count))
        if verb is not None:
            return _unknown(words[:count], _bare(verb.words) + words[count:])
    begun = [verb for verb in VERBS if verb.words[:1] == _first(words, 1)]
    if len(begun) == 1 and _host_follows(words):
        return _unknown(words[:1], _bare(begun[0].words) + words[1:])
    return _unknown(words[: 2 if begun else 1], None)


def _unknown(typed: tuple[Word, ...], guess: tuple[Word, ...] | None) -> Slip:
    known = ", ".join(" ".join(verb.words) for verb in VERBS)
    shown = " ".join(f"{word.key}={word.value}" if word.key else word.value for word in typed)
    return Slip("verb_unknown", f"There is no {quoted(shown)}; there are {known}.", guess)


def _near(typed: tuple[str, ...]) -> Verb | None:
    """Find the verb that is spelt nearly so, or whose words were swapped."""
    phrases = {" ".join(verb.words): verb for verb in VERBS}
    for order in (typed, typed[::-1]):
        found = difflib.get_close_matches(" ".join(order)[:MAX_KEY], phrases, n=1, cutoff=_CLOSE_ENOUGH)
        if found:
            return phrases[found[0]]
    return None


def _host_follows(words: tuple[Word, ...]) -> bool:
    """Tell `add 10.0.0.5`, where the kind is missing, from `add nfs`, which is another kind."""
    return len(words) == 1 or words[1].key is not None or any(sign in words[1].value for sign in ".:")
