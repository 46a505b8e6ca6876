"""A text as it was pasted, brought back to what XenServer wrote: mail, logs and languages add their own notation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.storage.documents.scanning import unescaped
from bot.storage.explaining.envelopes import opened
from bot.storage.explaining.mentions import notation

if TYPE_CHECKING:
    from collections.abc import Iterator

# A text that was escaped more often than this was made to be so.
_MOST_LEVELS: Final = 3
_INVISIBLE: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_MAIL_MARK: Final = re.compile(r"^[ \t]{0,8}(?:>[ \t]?){1,32}", re.MULTILINE)
_MAIL_LINE: Final = re.compile(r"^[ \t]{0,8}>[ \t>]*+[^\s>]", re.MULTILINE)
_FEWEST_MAIL_LINES: Final = 2
# What syslog and xapi put before each line of a text: the time, the host, the program; the level, the thread, the task.
_LOG_MARK: Final = re.compile(
    r"""
    ^(?:[A-Z][a-z]{2}\ [ \d]\d\ \d\d:\d\d:\d\d\ [\w.-]{1,255}\ [\w./-]{1,64}(?:\[\d{1,8}\])?:\ ?
        (?:\[(?:[\dTZ:.-]{1,32}\|)?\ {0,4}(?:debug|info|warn|error)\|[^\]\n]{0,512}\]\ ?)?
      | \[(?:[\dTZ:.-]{1,32}\|)?\ {0,4}(?:debug|info|warn|error)\|[^\]\n]{0,512}\]\ ?
    )
    """,
    re.MULTILINE | re.VERBOSE,
)
# A line break or a tab in a layout, as JSON, Python, OCaml (\010), Astring (\x0A) and rsyslog (#012) write it.
_ESCAPED_LAYOUT: Final = re.compile(r"(?:>|&gt;)(?:\\{1,8}(?:[nrt]|x0[9AaDd]|0(?:09|1[0235]))|#01[125])")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(0(?:09|1[0-5]))|(.))|#(01[125])", re.DOTALL)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t"}
# OCaml counts in tens, rsyslog in eights; what the other one would mean by the number is in no layout.
_NUMBERS: Final = {"009": "\t", "010": "\n", "011": "\t", "012": "\n", "013": "\r", "015": "\r", "014": "\f"}


def clean(text: str) -> str:
    """The text without marks of mail and logs, envelopes, invisible characters, Windows line ends, and escapes."""
    plain = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    for undo in (_without_mail_marks, _without_log_marks, opened, _without_double_escapes, _without_notation):
        plain = undo(plain)
    return plain


def _without_mail_marks(text: str) -> str:
    enough = sum(1 for _ in _first(_MAIL_LINE.finditer(text), _FEWEST_MAIL_LINES)) == _FEWEST_MAIL_LINES
    return _MAIL_MARK.sub("", text) if enough else text


def _without_log_marks(text: str) -> str:
    return _LOG_MARK.sub("", text)


def _first(matches: Iterator[re.Match[str]], count: int) -> Iterator[re.Match[str]]:
    for _, match in zip(range(count), matches, strict=False):
        yield match


def _without_double_escapes(text: str) -> str:
    """XML in XML in XML, as a task's result stands in an answer of XML-RPC; one level less is what others read."""
    return unescaped(text) if "&amp;lt;" in text else text


def _without_notation(text: str) -> str:
    levels = notation(text)
    if levels:
        for _ in range(levels):
            text = _decoded(text)
        return text
    for _ in range(_MOST_LEVELS):
        if not _ESCAPED_LAYOUT.search(text):
            break
        text = _decoded(text)
    return text


def _decoded(text: str) -> str:
    decoded = _ESCAPE.sub(_character, text)
    # JSON writes what is outside of the first plane as two halves.
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    code, byte, number, letter, syslog = match.groups()
    if code or byte:
        return chr(int(code or byte, 16))
    return _LETTERS.get(letter, letter) if letter else _NUMBERS[number or syslog]
