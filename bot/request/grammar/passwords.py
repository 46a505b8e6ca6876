"""Whether somebody typed a password. Refusing too much costs a second try; too little shows it to a channel."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from bot.request.grammar.slack_text import folded, straight

if TYPE_CHECKING:
    from bot.request.grammar.words import Word

CREDENTIAL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_NAMES: Final = ("password", "passwd", "passphrase", "secret", "pwd", "pass", "pw")
_LONG_NAMES: Final = _NAMES[:4]
_ANY: Final = "|".join(_NAMES)
_SIGNS: Final = re.compile(
    rf"(?:{_ANY})\d{{0,3}}[\"']?\s*="
    rf"|(?:password|passwd|passphrase|(?<![a-z])(?:secret|pwd|pass|pw))\d{{0,3}}[\"']?\s*:"
    rf"|(?<!\S)-{{1,2}}(?:{_ANY})"
    r"|(?<!\S)-p(?:\s|=|\Z)"
    r"|(?<![a-z])(?:password|passwd|passphrase|secret|pwd)\s+(?:is|was|will be)\s+\S"
    r"|://[^\s/@:]*:[^\s/@]*@"
    r"|(?<![a-z-])key[\"']?\s*=\s*[\"']?[\w+/-]{16}"
)
_NEAR: Final = (*_NAMES, "chappassword", "cifspassword", "chapsecret")
_CLOSE_ENOUGH: Final = 0.75
_LONGEST_KEY: Final = 40
# Keys that belong to grammars of srbot: never taken for a misspelt password.
_PLAIN_KEYS: Final = ("pool", "port", "portal", "name", "name-label", "reason", "host", "server", "address")
_LOGIN_KEY: Final = re.compile(r"(?:[\w-]*chap|cred|auth|log-?in)[\w-]*|[\w-]*user(?:-?name)?")
_KEY: Final = r"(?:[\w-]*[_-])?(?:auth|api|access|secret|private|ceph)?(?:key|token)"
"""What clusters call the secret of a client (ceph: mount.ceph(8)); nothing that srbot asks for ends so."""
_IS_KEY: Final = re.compile(_KEY)
_HOLDS_KEY: Final = re.compile(rf"(?:\A|[,;\s\"']){_KEY}[\"']?\s*[=:]\s*\S")
_EXAMPLE: Final = re.compile(r"value(?:…|\.\.\.)?")
"""What stands behind `key=` in srbot's own words."""
_PAIR: Final = re.compile(r"[:/%,\s\\]")
# `add iscsi`: as many words stand before the host.
_VERB_WORDS: Final = 2


def holds_password(text: str, words: tuple[Word, ...]) -> bool:
    """`text` is the whole line without Slack's escapes, `words` the same line cut up."""
    if _SIGNS.search(folded(text)):
        return True
    return any(_suspicious(word) for word in words) or _bare(words) or _after_login(words)


def _suspicious(word: Word) -> bool:
    if word.is_flag:
        return _flag(straight(word.value))
    if word.key is None:
        return not word.quoted and _pair_at_host(word.value)
    if word.key in _PLAIN_KEYS:
        return False
    if _HOLDS_KEY.search(folded(word.value)) or (_IS_KEY.fullmatch(word.key) and not _EXAMPLE.fullmatch(word.value)):
        return True
    if _is_login(word.key) and (_PAIR.search(word.value) or not _is_name(word)):
        return True
    return _near_password(word.key)


def _is_login(key: str) -> bool:
    near = key not in _PLAIN_KEYS and difflib.get_close_matches(key, ("chap",), cutoff=_CLOSE_ENOUGH)
    return bool(near or _LOGIN_KEY.fullmatch(key))


def _is_name(word: Word) -> bool:
    """An empty value is another mistake; with `chap=` anything but a name could be a password."""
    return word.key != "chap" or not word.value or bool(CREDENTIAL_NAME.fullmatch(word.value))


def _flag(flag: str) -> bool:
    name = flag.lstrip("-").partition("=")[0].lower()
    if name in _PLAIN_KEYS:
        return False
    return _near_password(name) or (not flag.startswith("--") and name.startswith("p"))


def _pair_at_host(value: str) -> bool:
    """Find `user:password@host` and `user/password@host`."""
    before, at, _ = value.rpartition("@")
    return bool(at and _PAIR.search(before))


def _near_password(key: str) -> bool:
    if len(key) > _LONGEST_KEY:
        return False
    return bool(difflib.get_close_matches(folded(key), _NEAR, n=1, cutoff=_CLOSE_ENOUGH))


def _bare(words: tuple[Word, ...]) -> bool:
    """Find `password hunter2`, and `chap tecmint hunter2`."""
    return any(_says(words, at) for at in range(len(words) - 1))


def _says(words: tuple[Word, ...], at: int) -> bool:
    word, following = words[at], words[at + 1]
    if word.key is not None or word.quoted or following.key is not None:
        return False
    name = folded(word.value).rstrip(":")
    if name in _NAMES or (len(name) <= _LONGEST_KEY and name.endswith(_LONG_NAMES)):
        return True
    third = words[at + 2 : at + 3]
    return name in {"chap", "user", "username"} and (bool(_PAIR.search(following.value)) or _loose(third))


def _loose(words: tuple[Word, ...]) -> bool:
    return any(word.key is None for word in words)


def _after_login(words: tuple[Word, ...]) -> bool:
    """A bare word right after `chap=…` is a password, unless it is the one word that can be the host."""
    bare = [at for at, word in enumerate(words) if word.key is None]
    for count, at in enumerate(bare):
        before = words[at - 1].key if at else None
        if before and _is_login(before) and not (at == bare[-1] and count == _VERB_WORDS):
            return True
    return False
