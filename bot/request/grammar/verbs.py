"""The table of everything that can be typed: a new verb is a new row, and appears in the help by itself."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.request.grammar import add_iscsi, add_iso, list_srs, manage_sr
from bot.request.grammar.commands import COMMAND, Chore, Command, Explain, Help
from bot.request.grammar.rendering import render_words
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import MAX_KEY, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


CHORES: Final = (
    (Chore.SHOW, "Shows an SR, its PBDs and who asked for it, to you only."),
    (Chore.SCAN, "Has the pool look again at what is on the SR, once approved."),
    (Chore.REPAIR, "Makes the PBDs that are missing and plugs those that are not, once approved."),
    (Chore.RENAME, "Gives the SR another name, once approved."),
    (Chore.DEFAULT, "Makes the SR the one where the pool puts new disks, once approved."),
    (Chore.DETACH, "Unplugs the SR from every host, once approved. Nothing on it is lost."),
    (Chore.FORGET, "Detaches the SR and removes the pool's records of it, once approved. What is on it stays."),
    (Chore.DESTROY, "Erases the SR with all its disks, once approved by somebody who types its name."),
)


def _of_sr(row: tuple[Chore, str]) -> Verb:
    chore, does = row
    new = ' name="…"' if chore is Chore.RENAME else ""
    reason = "" if chore is Chore.SHOW else ' [reason="…"]'
    syntax = f'{chore} <uuid or "name">{new} [pool=…]{reason}'
    return Verb((chore.value,), syntax, does, manage_sr.reader(chore))


_OPTIONAL: Final = '[pool=…] [name="…"] [reason="…"]'

VERBS: Final = (
    Verb(
        words=("add", "iscsi"),
        syntax='add iscsi <host>[:port] [pool=…] [name="…"] [reason="…"] [chap=<credential name>]',
        does="Looks for iSCSI targets on the host, lets you pick a LUN, and adds it as an SR once approved.",
        read=add_iscsi.read,
    ),
    Verb(
        words=("add", "iso"),
        syntax=f"add iso <server>:/<path> or //<server>/<share> [cred=<credential name>] [version=…] {_OPTIONAL}",
        does="Adds an NFS export or an SMB share as an ISO library once approved, and lists the ISOs on it.",
        read=add_iso.read,
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
    *map(_of_sr, CHORES),
    Verb(
        words=("explain",),
        syntax="explain <pasted text>",
        does="Says what an output, a log line or an error of XenServer means, to you only.",
        read=_explain,
    ),
    Verb(words=("help",), syntax="help", does="Shows what there is.", read=_help),
)
_OTHER_KINDS: Final = frozenset({("nfs",), ("smb",), ("hba",), ("local",)})
"""Kinds of storage that nobody means by another one's name."""

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
    for count in () if _first(words, 2)[1:] in _OTHER_KINDS else (2, 1):
        verb = _near(_first(words, count), [verb for verb in VERBS if count == 1 or len(verb.words) == count])
        if verb is not None:
            return _unknown(words[:count], _bare(verb.words) + words[count:])
    begun = [verb for verb in VERBS if verb.words[:1] == _first(words, 1) and _fits(verb, words)]
    if begun and _host_follows(words):
        return _unknown(words[:1], _bare(begun[0].words) + words[1:])
    return _unknown(words[: 2 if begun else 1], None)


def _unknown(typed: tuple[Word, ...], guess: tuple[Word, ...] | None) -> Slip:
    known = ", ".join(" ".join(verb.words) for verb in VERBS)
    shown = " ".join(f"{word.key}={word.value}" if word.key else word.value for word in typed)
    return Slip("verb_unknown", f"There is no {quoted(shown)}; there are {known}.", guess)


def _near(typed: tuple[str, ...], verbs: Iterable[Verb]) -> Verb | None:
    """Find the verb that is spelt nearly so, or whose words were swapped."""
    phrases = {" ".join(verb.words): verb for verb in verbs}
    for order in (typed, typed[::-1]):
        found = difflib.get_close_matches(" ".join(order)[:MAX_KEY], phrases, n=1, cutoff=_CLOSE_ENOUGH)
        if found:
            return phrases[found[0]]
    return None


def _fits(verb: Verb, words: tuple[Word, ...]) -> bool:
    """Tell `add nas:/iso` from `add 10.0.0.5`, where the kind is missing in both."""
    share = any("/" in word.value or "\\" in word.value for word in words[1:2])
    return share is (verb.words[1:] == ("iso",))


def _host_follows(words: tuple[Word, ...]) -> bool:
    """Tell `add 10.0.0.5`, where the kind is missing, from `add nfs`, which is another kind."""
    return len(words) == 1 or words[1].key is not None or any(sign in words[1].value for sign in ".:")
