"""From what Slack sends to what the person typed, and characters to what they were meant as."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# The forms of docs.slack.dev: "Formatting message text" and "Slash commands" (should_escape). One pass, so
# that a typed "&lt;@U1&gt;" stays text.
_FORM: Final = re.compile(
    r"<(?P<sign>[@#!])(?P<id>[^<>|]*)(?:\|(?P<name>[^<>]*))?>"
    r"|<(?P<url>[A-Za-z][A-Za-z0-9+.-]{0,15}:[^<>|]+)(?:\|(?P<label>[^<>]*))?>"
    r"|&(?P<entity>amp|lt|gt);"
)
_ENTITY: Final = {"amp": "&", "lt": "<", "gt": ">"}

_DOUBLE: Final = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
_SINGLE: Final = "\u2018\u2019\u201a\u201b\u2032\uff07"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_SMART_QUOTES: Final = dict.fromkeys(map(ord, _DOUBLE), '"') | dict.fromkeys(map(ord, _SINGLE), "'")
_SMART_DASHES: Final = dict.fromkeys(map(ord, _DASHES), "-")
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED: Final = _FULL_WIDTH | _SMART_QUOTES | _SMART_DASHES | _INVISIBLE

# Marks that turn the direction of text: what is read would not be what is done.
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Not characters in XML, which carries every name to XenServer (XML 1.0, section 2.2).
_NONCHARACTERS: Final = frozenset("\ufffe\uffff")


def plain(text: str) -> str:
    """Undo Slack's escapes: links, mentions and the three entities become what was typed."""
    return _FORM.sub(_typed, text)


def _typed(form: re.Match[str]) -> str:
    if form["entity"]:
        return _ENTITY[form["entity"]]
    if form["url"]:
        return _link(form["url"], form["label"])
    return _mention(form["sign"], form["id"], form["name"])


def _link(url: str, label: str | None) -> str:
    """Take the label only where it is the address itself: any other one could say something else."""
    bare = url.partition(":")[2].removeprefix("//").rstrip("/")
    return label if label and label.rstrip("/") == bare else url


def _mention(sign: str, subject: str, name: str | None) -> str:
    shown = (name or subject.rpartition("^")[2]).lstrip("@#")
    return ("#" if sign == "#" else "@") + shown


def normalised(text: str) -> str:
    """Make every quote a straight one and every white space a blank."""
    return "".join(" " if character.isspace() else character for character in text.translate(_SMART_QUOTES))


def straight(text: str) -> str:
    """For hosts, keys and flags: straight dashes and nothing invisible. Values keep theirs."""
    return text.translate(_SMART_DASHES | _INVISIBLE)


def folded(text: str) -> str:
    """For looking only: whatever can look like ASCII is ASCII, in small letters."""
    return text.translate(_FOLDED).lower()


def unprintable(character: str) -> bool:
    """Whether it is a control, half a pair, a direction mark or no character at all."""
    if character in _BIDI or character in _NONCHARACTERS:
        return True
    return unicodedata.category(character) in {"Cc", "Cs"}


def printable(text: str) -> str:
    """Show each unprintable character as U+FFFD; line breaks and tabs stay."""
    return "".join("\ufffd" if c not in "\n\t" and unprintable(c) else c for c in text)
