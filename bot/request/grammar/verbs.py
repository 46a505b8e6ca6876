"""The table of everything that can be typed: a new verb is a new row, and appears in the help by itself."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.request.devices import BY_ID
from bot.request.grammar import freezing, list_srs, manage_sr, requests
from bot.request.grammar.adding import hba, iscsi, iso, local, nfs, other, smb
from bot.request.grammar.commands import COMMAND, Chore, Command, Explain, Help
from bot.request.grammar.rendering import render_words
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import MAX_KEY, Word
from bot.request.sr_types import EXTRA, ON_DEVICES

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
        syntax=f"add iscsi <host>[:port] {_OPTIONAL} [chap=<credential name>] [multihomed=yes|no] [target=*]",
        does="Looks for iSCSI targets on the host, lets you pick a LUN, and adds it as an SR once approved.",
        read=iscsi.read,
    ),
    Verb(
        words=("add", "hba"),
        syntax=f"add hba {_OPTIONAL}",
        does="Lets you pick a LUN that the pool's Fibre Channel or SAS adapters show, and adds it once approved.",
        read=hba.read,
    ),
    Verb(
        words=("add", "nfs"),
        syntax=f"add nfs <server>[:/<path>] [version=3|4|4.1] {_OPTIONAL}",
        does="Lets you pick an export of the server, and makes an SR on it once approved, or attaches one found there.",
        read=nfs.read,
    ),
    Verb(
        words=("add", "smb"),
        syntax=rf"add smb //<server>/<share> [cred=<credential name>] {_OPTIONAL}",
        does="Makes an SR on the SMB share once approved, or attaches one that is found there.",
        read=smb.read,
    ),
    Verb(
        words=("add", "iso", "local"),
        syntax=f"add iso local /<path> [host=…] {_OPTIONAL}",
        does="Adds a folder of one host as an ISO library of that host once approved.",
        read=local.read_iso,
    ),
    Verb(
        words=("add", "iso"),
        syntax=f"add iso <server>:/<path> or //<server>/<share> [cred=<credential name>] [version=…] {_OPTIONAL}",
        does="Adds an NFS export or an SMB share as an ISO library once approved, and lists the ISOs on it.",
        read=iso.read,
    ),
    Verb(
        words=("add", "local"),
        syntax=f"add local [<host>] [{BY_ID}…] [type=ext|lvm] {_OPTIONAL}",
        does="Lets you pick a host and a device of it, and makes an SR on that once approved. It erases the device.",
        read=local.read,
    ),
    Verb(
        words=("add", "|".join(EXTRA)),
        syntax=f"add {'|'.join(EXTRA)} key=value… [host=…] {_OPTIONAL}",
        does="Makes an SR of one of these types, or of any other that the pool has a driver for, once approved.",
        read=lambda _: other.read(()),
    ),
    Verb(
        words=("attach", "iscsi"),
        syntax=f"attach iscsi <host>[:port] {_OPTIONAL} [chap=<credential name>] [multihomed=yes|no] [target=*]",
        does="Does the same for a LUN that holds an SR already, which is attached as it is once approved.",
        read=iscsi.read_attach,
    ),
    Verb(
        words=("attach", "hba"),
        syntax=f"attach hba {_OPTIONAL}",
        does="Attaches the SR that such a LUN holds already, as it is, once approved.",
        read=hba.read_attach,
    ),
    Verb(
        words=("attach", "nfs"),
        syntax=f"attach nfs <server>[:/<path>] [<uuid>] [version=3|4|4.1] {_OPTIONAL}",
        does="Attaches an SR that is on the export already, as it is, once approved.",
        read=nfs.read_attach,
    ),
    Verb(
        words=("attach", "smb"),
        syntax=f"attach smb //<server>/<share> [<uuid>] [cred=<credential name>] {_OPTIONAL}",
        does="Attaches an SR that is on the share already, as it is, once approved.",
        read=smb.read_attach,
    ),
    Verb(
        words=("attach", "local"),
        syntax=f"attach local [<host>] [{BY_ID}…] [type={'|'.join(ON_DEVICES)}] {_OPTIONAL}",
        does="Attaches the SR that is on a device of one host already, as it is, once approved.",
        read=local.read_attach,
    ),
    Verb(
        words=("attach", "iso", "local"),
        syntax=f"attach iso local /<path> <uuid> [host=…] {_OPTIONAL}",
        does="Attaches the ISO library of this UUID that is a folder of one host, once approved.",
        read=local.read_attach_iso,
    ),
    Verb(
        words=("attach", "iso"),
        syntax=f"attach iso <server>:/<path> or //<server>/<share> <uuid> [cred=<credential name>] {_OPTIONAL}",
        does="Attaches the ISO library of this UUID, once approved: nothing on the share tells it.",
        read=iso.read_attach,
    ),
    Verb(
        words=("list",),
        syntax='list [pool=…] [name-label="…"]',
        does="Shows the SRs of a pool, to you only.",
        read=list_srs.read,
    ),
    *map(_of_sr, CHORES),
    Verb(
        words=("requests",),
        syntax="requests [mine|waiting|all]",
        does="Lists your requests, those here that wait for you to decide, or all open ones here, to you only.",
        read=requests.read_listing,
    ),
    Verb(
        words=("request",),
        syntax="request <id>",
        does="Shows where a request stands and its plan, to you only.",
        read=requests.read_one,
    ),
    Verb(
        words=("why",),
        syntax="why <id>",
        does="Says rule by rule what a request still needs and from whom, to you only.",
        read=requests.read_why,
    ),
    Verb(
        words=("cancel",),
        syntax="cancel <id>",
        does="Ends a request of yours, as long as nothing was changed for it.",
        read=requests.read_cancel,
    ),
    Verb(
        words=("freeze",),
        syntax="freeze [<pool>] <reason>",
        does="Stops everything on the pool, or on all, that has not started; for those whom the policy names.",
        read=freezing.read_freeze,
    ),
    Verb(
        words=("thaw",),
        syntax="thaw [<pool>]",
        does="Lets what is held by that go on.",
        read=freezing.read_thaw,
    ),
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


def verbs() -> tuple[tuple[str, ...], ...]:
    """The words that begin each row of the help."""
    return tuple(verb.words for verb in VERBS)


def read_verb(words: tuple[Word, ...]) -> Command | Slip:
    if not words or words[0].value in _HELP_SIGNS:
        return Help()
    for verb in VERBS:
        if _first(words, len(verb.words)) == verb.words:
            return _read(verb, words)
    if _first(words, 1) == ("add",) and other.is_meant(words[1:]):
        return other.read(words[1:])
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
    named = _first(words, 2)[1:]
    of_kind = [verb for verb in VERBS if named and verb.words[1:] == named]
    known = any(verb.words[:1] == _first(words, 1) for verb in VERBS)
    counts = (2,) if known else (2, 1)
    for count in counts if of_kind or named not in _OTHER_KINDS else ():
        of_length = [verb for verb in VERBS if count == 1 or len(verb.words) == count]
        verb = _near(_first(words, count), of_kind or of_length)
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
    return share is (verb.words[1:] == (("iso",) if verb.words[0] == "add" else ("nfs",)))


def _host_follows(words: tuple[Word, ...]) -> bool:
    """Tell `add 10.0.0.5`, where the kind is missing, from `add nfs`, which is another kind."""
    return len(words) == 1 or words[1].key is not None or any(sign in words[1].value for sign in ".:")
